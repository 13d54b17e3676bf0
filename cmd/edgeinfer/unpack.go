package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// unpack reads a set's files out of its pack, and checks them.
func (s *publicSet) unpack(ctx context.Context, path string) (map[string][]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	found := map[string][]byte{}
	take := func(name string, r io.Reader) error { return s.take(found, name, r) }
	if s.pack.module != "" {
		err = readModule(f, s.pack.module+"@"+s.pack.version+"/", take)
	} else {
		err = readDeb(ctx, f, take)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for _, p := range s.files {
		if found[p.name] == nil {
			return nil, fmt.Errorf("%s: no %s in it: this version of the package is another", path, p.path)
		}
	}
	return found, nil
}

// take reads a file if it is one of the set's.
func (s *publicSet) take(found map[string][]byte, name string, r io.Reader) error {
	for _, p := range s.files {
		if p.path != name {
			continue
		}
		b, err := io.ReadAll(io.LimitReader(r, p.size+1<<16)) // packing may lengthen it a little
		if err != nil {
			return err
		}
		if err := p.check(b); err != nil {
			return err
		}
		found[p.name] = b
	}
	return nil
}

// check compares contents with what is pinned.
func (p *publicFile) check(b []byte) error {
	var r io.Reader = bytes.NewReader(b)
	if strings.HasSuffix(p.name, ".gz") {
		var err error
		if r, err = gzip.NewReader(r); err != nil {
			return fmt.Errorf("%s: %w", p.path, err)
		}
	}
	h := sha256.New()
	n, err := io.Copy(h, io.LimitReader(r, p.size+1))
	if err != nil {
		return fmt.Errorf("%s: %w", p.path, err)
	}
	if got := hex.EncodeToString(h.Sum(nil)); n != p.size || got != p.sha256 {
		return fmt.Errorf("%s: %w: SHA-256 %s where %s is known", p.path, errChecksum, got, p.sha256)
	}
	return nil
}

var errChecksum = errors.New("its contents are not the known ones")

// readModule passes on the files of a module's zip, by their names in the module.
func readModule(f *os.File, prefix string, take func(string, io.Reader) error) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	z, err := zip.NewReader(f, info.Size())
	if err != nil {
		return err
	}
	for _, e := range z.File {
		name, ok := strings.CutPrefix(e.Name, prefix)
		if !ok {
			continue
		}
		r, err := e.Open()
		if err != nil {
			return fmt.Errorf("%s: %w", e.Name, err)
		}
		err = take(name, r)
		r.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// unpackers are the programs for a tar in a .deb that Go's library does not unpack.
var unpackers = map[string][]string{".xz": {"xz", "-dc"}, ".zst": {"zstd", "-dc"}}

// readDeb passes on the files of a Debian package: an ar archive that has
// data.tar.xz or the like in it (deb(5)).
func readDeb(ctx context.Context, f *os.File, take func(string, io.Reader) error) error {
	part, ending, err := debData(f)
	if err != nil {
		return err
	}
	switch ending {
	case "":
		return readTar(part, take)
	case ".gz":
		z, err := gzip.NewReader(part)
		if err != nil {
			return err
		}
		return readTar(z, take)
	}
	program, ok := unpackers[ending]
	if !ok {
		return fmt.Errorf("data.tar%s: this compression is not known", ending)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	cmd := exec.CommandContext(ctx, program[0], program[1:]...)
	cmd.Stdin = part
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("%w: install %s, which unpacks data.tar%s", err, program[0], ending)
	}
	err = readTar(out, take)
	if err != nil { // it may wait for somebody to read on
		stop()
		_ = cmd.Wait()
		return err
	}
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("%s: %w", program[0], err)
	}
	return nil
}

// debData finds the member data.tar, and how it is compressed.
func debData(f *os.File) (io.Reader, string, error) {
	const magic, header = "!<arch>\n", 60
	var b [header]byte
	if _, err := f.ReadAt(b[:len(magic)], 0); err != nil || string(b[:len(magic)]) != magic {
		return nil, "", errors.New("not a Debian package")
	}
	for at := int64(len(magic)); ; {
		if _, err := f.ReadAt(b[:], at); err != nil {
			return nil, "", fmt.Errorf("no data.tar in it: %w", err)
		}
		size, err := strconv.ParseInt(strings.TrimSpace(string(b[48:58])), 10, 64)
		if err != nil || size < 0 {
			return nil, "", fmt.Errorf("byte %d: no size of a member", at+48)
		}
		name := strings.TrimRight(strings.TrimSpace(string(b[:16])), "/")
		if ending, ok := strings.CutPrefix(name, "data.tar"); ok {
			return io.NewSectionReader(f, at+header, size), ending, nil
		}
		at += header + size + size&1
	}
}

func readTar(r io.Reader, take func(string, io.Reader) error) error {
	for t := tar.NewReader(r); ; {
		h, err := t.Next()
		if err == io.EOF {
			_, err = io.Copy(io.Discard, r)
			return err
		}
		if err != nil {
			return err
		}
		if h.Typeflag == tar.TypeReg {
			if err := take(strings.TrimPrefix(h.Name, "./"), t); err != nil {
				return err
			}
		}
	}
}
