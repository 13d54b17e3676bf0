package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"unicode"
)

// mirrorEnv names the address of a Debian archive, as sources.list has it.
const mirrorEnv = "EDGEINFER_DEBIAN_MIRROR"

// fetcher gets packs from registries into a folder. The tools that people use
// with these registries do it: they know addresses, proxies and certificates, and
// an HTTP client of our own would be a third of this program.
type fetcher struct {
	ctx      context.Context
	cache    string
	mirror   string    // of Debian; "" leaves it to apt-get
	progress io.Writer // nil for none
}

// fetch returns the path of a pack.
func (f *fetcher) fetch(p *pack) (string, error) {
	path := filepath.Join(f.cache, p.file())
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if err := os.MkdirAll(f.cache, 0o777); err != nil {
		return "", err
	}
	var err error
	if p.module != "" {
		err = f.module(p, path)
	} else {
		err = f.debian(p, path)
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", p, err)
	}
	return path, nil
}

// module gets a Go module by go, or, where that is not installed, by curl from the
// proxy that GOPROXY names.
func (f *fetcher) module(p *pack, path string) error {
	if _, err := exec.LookPath("go"); err == nil {
		return f.byGo(p, path)
	}
	proxy := strings.FieldsFunc(os.Getenv("GOPROXY"), func(r rune) bool { return r == ',' || r == '|' })
	if len(proxy) == 0 || proxy[0] == "direct" || proxy[0] == "off" {
		return errors.New("neither go is installed nor does GOPROXY name a proxy: do one of both")
	}
	return f.download(strings.TrimRight(proxy[0], "/")+"/"+escaped(p.module)+"/@v/"+p.version+".zip", path)
}

// escaped spells a module's path as proxies do, capitals by ! and a small letter.
func escaped(module string) string {
	var b strings.Builder
	for _, r := range module {
		if unicode.IsUpper(r) {
			b.WriteByte('!')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

func (f *fetcher) byGo(p *pack, path string) error {
	cmd := exec.CommandContext(f.ctx, "go", "mod", "download", "-json", p.module+"@"+p.version)
	cmd.Dir = f.cache
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	out, err := runTool(cmd)
	var got struct{ Zip, Error string }
	if json.Unmarshal(out, &got) == nil && got.Error != "" {
		return errors.New(got.Error)
	}
	if err != nil {
		return err
	}
	return copyFile(got.Zip, path)
}

// debian gets a package by apt-get from where the system gets its own, or by curl
// from a mirror.
func (f *fetcher) debian(p *pack, path string) error {
	if f.mirror != "" {
		return f.download(strings.TrimRight(f.mirror, "/")+"/"+p.pool, path)
	}
	if _, err := exec.LookPath("apt-get"); err != nil {
		return fmt.Errorf("apt-get is not installed: give the address of a Debian archive with --mirror or %s", mirrorEnv)
	}
	dir, err := os.MkdirTemp(f.cache, "apt-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	cmd := exec.CommandContext(f.ctx, "apt-get", "-o", "APT::Sandbox::User=", "download", p.deb)
	cmd.Dir = dir
	if _, err := runTool(cmd); err != nil {
		return fmt.Errorf("%w: run apt-get update, or give a Debian archive with --mirror", err)
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.deb"))
	if err != nil || len(found) != 1 {
		return fmt.Errorf("apt-get left %d packages", len(found))
	}
	return os.Rename(found[0], path)
}

// download gets a URL. What came before a break is kept, and gone on from.
func (f *fetcher) download(address, path string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	if u.Scheme == "file" {
		return copyFile(filepath.FromSlash(u.Path), path)
	}
	if u.Scheme != "https" && u.Scheme != "http" {
		return fmt.Errorf("%s: give an address with https://, http:// or file://", u.Redacted())
	}
	part := path + ".part"
	cmd := exec.CommandContext(f.ctx, "curl", "--fail", "--location", "--retry", "2", "--continue-at", "-", "--silent", "--show-error", "--output", part, u.String())
	if f.progress != nil {
		cmd.Args = append(cmd.Args, "--no-silent", "--progress-bar")
		cmd.Stderr = f.progress
	}
	if _, err := runTool(cmd); err != nil {
		return fmt.Errorf("%s: %w: try again, it goes on from there, or remove %s", u.Redacted(), err, part)
	}
	return os.Rename(part, path)
}

// runTool runs a program; its error is what the program said last.
func runTool(cmd *exec.Cmd) ([]byte, error) {
	var out, said bytes.Buffer
	cmd.Stdout = &out
	if cmd.Stderr == nil {
		cmd.Stderr = &said
	}
	err := cmd.Run()
	if errors.Is(err, exec.ErrNotFound) {
		return nil, fmt.Errorf("%s is not installed: install it", cmd.Args[0])
	}
	if err != nil {
		lines := strings.Split(strings.TrimSpace(said.String()), "\n")
		return out.Bytes(), fmt.Errorf("%s: %w: %s", cmd.Args[0], err, lines[len(lines)-1])
	}
	return out.Bytes(), nil
}

// copyFile copies a file so that dst is there whole or not at all.
func copyFile(src, dst string) error {
	b, err := os.ReadFile(src)
	if err != nil {
		return err
	}
	return writeFile(dst, b)
}
