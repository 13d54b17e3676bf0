package npy

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
)

// Write writes a as np.save does, byte for byte: format version 1.0, C order,
// little-endian.
func Write(w io.Writer, a *Array) error {
	if err := a.check(); err != nil {
		return fmt.Errorf("npy: %w", err)
	}
	row, _ := a.DType.row()
	if _, err := w.Write(formatHeader(row, a.Shape)); err != nil {
		return fmt.Errorf("npy: %w", err)
	}
	if _, err := w.Write(a.Data); err != nil {
		return fmt.Errorf("npy: %w", err)
	}
	return nil
}

// WriteFile writes a .npy file so that path holds, at any moment and after any
// crash or full disk, either what it held before or all of a: a temporary file
// in the same folder is synced and renamed. A path that exists and is no regular
// file (a pipe, /dev/stdout) is written to directly.
func WriteFile(path string, a *Array) error {
	if err := a.check(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return fmt.Errorf("npy: %w", err)
		}
		return finish(f, path, a, false)
	} else if err == nil {
		if path, err = filepath.EvalSymlinks(path); err != nil {
			return fmt.Errorf("npy: %w", err)
		}
	}
	return replace(path, a)
}

func replace(path string, a *Array) error {
	dir, base := filepath.Split(path)
	temp := filepath.Join(dir, "."+base+"."+strconv.FormatUint(rand.Uint64(), 36)+".tmp")
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return fmt.Errorf("npy: %w", err)
	}
	if err := finish(f, path, a, true); err != nil {
		os.Remove(temp)
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		os.Remove(temp)
		return fmt.Errorf("npy: %w", err)
	}
	syncFolder(filepath.Dir(path))
	return nil
}

// finish writes a to f and closes it; path is for errors.
func finish(f *os.File, path string, a *Array, sync bool) error {
	w := bufio.NewWriterSize(f, 1<<16)
	err := Write(w, a)
	if err == nil {
		err = w.Flush()
	}
	if err == nil && sync {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// syncFolder makes a rename last through a loss of power. Not every file system
// can; the file is whole in any case, so errors are ignored.
func syncFolder(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		d.Close()
	}
}
