package data

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// fileKind is what a file in a folder of samples holds.
type fileKind int

const (
	otherFile fileKind = iota
	pictureFile
	soundFile
)

func fileKindOf(name string) fileKind {
	switch strings.ToLower(path.Ext(name)) {
	case ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp":
		return pictureFile
	case ".wav":
		return soundFile
	}
	return otherFile
}

// listing is the files of samples in a folder or zip, sorted by name.
type listing struct {
	path    string
	zipped  bool
	names   []string // with slashes
	folders []string // those seen, of a folder only
	open    func(name string) (io.ReadCloser, error)
}

// place names a file for people.
func (l *listing) place(name string) string {
	if l.zipped {
		return l.path + ": " + name
	}
	return l.path + "/" + name
}

const maxFiles = 1 << 22

// listFolder walks through a folder. Names that start with a dot are left out.
func listFolder(dir string) (*listing, error) {
	root := os.DirFS(dir)
	l := &listing{path: strings.TrimRight(dir, "/"), open: func(name string) (io.ReadCloser, error) { return root.Open(name) }}
	err := fs.WalkDir(root, ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name != "." && strings.HasPrefix(e.Name(), "."):
			if e.IsDir() {
				return fs.SkipDir
			}
			return nil
		case e.IsDir():
			l.folders = append(l.folders, name)
			return nil
		}
		return l.add(name)
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return l, l.check()
}

// listZip reads a zip's directory. The file stays open as long as the listing is used.
func listZip(file string) (*listing, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, cause(err))
	}
	l, err := listOpenZip(f, file)
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return l, l.check()
}

func listOpenZip(f *os.File, file string) (*listing, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	z, err := zip.NewReader(f, info.Size())
	if err != nil {
		return nil, fmt.Errorf("%w: get the file again", err)
	}
	entries := map[string]*zip.File{}
	l := &listing{path: file, zipped: true, open: func(name string) (io.ReadCloser, error) { return entries[name].Open() }}
	for _, e := range z.File {
		base := path.Base(e.Name)
		if strings.HasSuffix(e.Name, "/") || strings.HasPrefix(base, ".") || strings.HasPrefix(e.Name, "__MACOSX/") {
			continue
		}
		if entries[e.Name] != nil {
			return nil, fmt.Errorf("two files are called %q", e.Name)
		}
		entries[e.Name] = e
		if err := l.add(e.Name); err != nil {
			return nil, err
		}
	}
	slices.Sort(l.names)
	return l, nil
}

func (l *listing) add(name string) error {
	if fileKindOf(name) == otherFile {
		return nil
	}
	if len(l.names) == maxFiles {
		return fmt.Errorf("more than %d files", maxFiles)
	}
	l.names = append(l.names, name)
	return nil
}

func (l *listing) check() error {
	if len(l.names) == 0 {
		return fmt.Errorf("%s: %w: give pictures (.png, .jpg, .gif, .bmp, .webp) or sound (.wav) in a folder for each class", l.path, errNoFiles)
	}
	return nil
}

var errNoFiles = errors.New("no files of samples in it")

// kind returns what all the files are.
func (l *listing) kind() (fileKind, error) {
	k := fileKindOf(l.names[0])
	for _, n := range l.names {
		if fileKindOf(n) != k {
			return 0, fmt.Errorf("%s: %s and %s: give pictures or sound, not both", l.path, l.names[0], n)
		}
	}
	return k, nil
}
