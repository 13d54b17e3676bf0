package main

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/edgeinfer/edgeinfer/tasks"
	"github.com/edgeinfer/edgeinfer/tasks/overlay"
)

func drawnBoxes(img *image.NRGBA, boxes []tasks.Box, name func(int) string) image.Image {
	return overlay.Boxes(img, boxes, name)
}

func drawnMask(img *image.NRGBA, m *tasks.Mask, s *tasks.Spec) image.Image {
	return overlay.Mask(img, m, background(m, s), s.Label)
}

func maskClasses(m *tasks.Mask, s *tasks.Spec) image.Image {
	return overlay.Classes(m, background(m, s))
}

// background returns the class that is not coloured: what is declared, or the
// first of two.
func background(m *tasks.Mask, s *tasks.Spec) int {
	if s.Background < 0 && m.Classes == 2 {
		return 0
	}
	return s.Background
}

// writePNG writes a picture to the place that a flag names: a file, or a file
// in a folder that is called as the input is. It returns the file's name.
func (t *taskRun) writePNG(flag, to, input string, img image.Image) (string, error) {
	path := to
	if isFolder(to) {
		if err := os.MkdirAll(to, 0o777); err != nil {
			return "", fmt.Errorf("--%s: %s: %w: give a folder that can be made", flag, to, cause(err))
		}
		path = t.free(to, input, ".png")
	} else if t.isInput(to) {
		return "", usagef("--%s %s: is an input: give another file", flag, to)
	} else if t.drawn[to] {
		return "", usagef("--%s %s: %s is a further picture: give a folder, such as results/", flag, to, input)
	}
	t.drawn[path] = true
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return "", fmt.Errorf("--%s: %s: %w", flag, path, err)
	}
	if err := writeFile(path, b.Bytes()); err != nil {
		return "", fmt.Errorf("--%s: %w: make room, or give another place", flag, err)
	}
	return path, nil
}

// isInput reports whether a path is one of the files that are read, which must
// not be overwritten.
func (t *taskRun) isInput(path string) bool {
	there, err := os.Stat(path)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(t.inputs, func(name string) bool {
		info, err := os.Stat(name)
		return err == nil && os.SameFile(there, info)
	})
}

// free returns a name in a folder for what comes of an input: one that this call
// has not written yet, and no input's.
func (t *taskRun) free(dir, input, ext string) string {
	if input == "-" {
		input = "stdin"
	}
	base := fileName(strings.ReplaceAll(filepath.Base(input), "#", "_"))
	base = strings.TrimSuffix(base, filepath.Ext(base))
	path := filepath.Join(dir, base+ext)
	for i := 2; t.drawn[path] || t.isInput(path); i++ {
		path = filepath.Join(dir, fmt.Sprintf("%s-%d%s", base, i, ext))
	}
	return path
}
