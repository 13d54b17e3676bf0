package feed

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"os"

	"github.com/edgeinfer/edgeinfer/formats/media"
	"github.com/edgeinfer/edgeinfer/formats/npy"
)

// content is an argument that was read: a whole group, or parts for whichever
// input they are meant for.
type content struct {
	whole   [][]item
	parts   func(t *target) ([]item, error)
	picture *image.NRGBA // nil for other kinds
}

// cause returns the part of a file error that doesn't repeat the path.
func cause(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: check the path", fs.ErrNotExist)
	}
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

// open reads an argument. A .npz may be a whole set only if it is the first of
// its group.
func (r *Reader) open(arg string, first bool) (*content, error) {
	in, name := r.o.Stdin, "standard input"
	if arg != "-" {
		f, err := os.Open(arg)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", arg, cause(err))
		}
		defer f.Close()
		in, name = f, arg
		if info, err := f.Stat(); err == nil && info.IsDir() {
			return nil, fmt.Errorf("%s: is a directory: give a file, or --batch to run all files in it", arg)
		}
	}
	b := bufio.NewReaderSize(in, 1<<16)
	start, err := b.Peek(16)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("%s: %w", name, cause(err))
	}
	if len(start) == 0 {
		return nil, fmt.Errorf("%s: the file is empty: give an input's data", name)
	}
	c, err := r.read(name, b, start, first)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return c, nil
}

func (r *Reader) read(name string, b *bufio.Reader, start []byte, first bool) (*content, error) {
	kind := r.o.Kind
	if kind == Auto {
		kind = kindOf(name, start)
	}
	switch kind {
	case NPY:
		a, err := npy.Read(b, r.o.Limit)
		if err != nil {
			return nil, err
		}
		return &content{parts: func(t *target) ([]item, error) { return arrayParts(a, t) }}, nil
	case NPZ:
		return r.npz(b, first)
	case Image:
		img, err := media.DecodeImage(b, r.o.limits())
		if err != nil {
			return nil, err
		}
		return &content{parts: func(t *target) ([]item, error) { return r.o.picture(img, t) }, picture: img}, nil
	case WAV:
		a, err := media.ReadWAV(b, r.o.limits())
		if err != nil {
			return nil, err
		}
		return &content{parts: func(t *target) ([]item, error) { return r.o.soundParts(a, t) }}, nil
	case CSV:
		table, err := media.ReadCSV(b, r.o.limits())
		if err != nil {
			return nil, err
		}
		return &content{parts: func(t *target) ([]item, error) { return tableParts(table, t, &r.o) }}, nil
	}
	data, err := media.ReadRaw(b, r.o.limits())
	if err != nil {
		return nil, err
	}
	return &content{parts: func(t *target) ([]item, error) { return rawParts(data, t) }}, nil
}

// npz reads the arrays of a .npz: a whole set where there is one for each of
// several inputs, otherwise parts of the one input.
func (r *Reader) npz(b io.Reader, first bool) (*content, error) {
	data, err := media.ReadRaw(b, r.o.limits())
	if err != nil {
		return nil, err
	}
	z, err := npy.ReadNPZ(bytes.NewReader(data), int64(len(data)), "npz", r.o.Limit)
	if err != nil {
		return nil, err
	}
	names := z.Names()
	if len(names) == 0 {
		return nil, errors.New("no arrays in this .npz: write it with np.savez")
	}
	arrays := map[string]*npy.Array{}
	for _, n := range names {
		if arrays[n], err = z.Read(n); err != nil {
			return nil, err
		}
	}
	if first && len(r.targets) > 1 {
		if whole, err := r.whole(names, arrays); whole != nil || err != nil {
			return &content{whole: whole}, err
		}
	}
	return &content{parts: func(t *target) ([]item, error) {
		if a := arrays[t.name]; a != nil {
			return arrayParts(a, t)
		}
		var parts []item
		for _, n := range names {
			p, err := arrayParts(arrays[n], t)
			if err != nil {
				return nil, fmt.Errorf("array %q: %w", n, err)
			}
			parts = append(parts, p...)
		}
		return parts, nil
	}}, nil
}

// whole matches arrays with inputs, by name or in order; nil if neither fits.
func (r *Reader) whole(names []string, arrays map[string]*npy.Array) ([][]item, error) {
	if len(names) < len(r.targets) {
		return nil, nil
	}
	byName := true
	for _, t := range r.targets {
		byName = byName && arrays[t.name] != nil
	}
	if !byName && len(names) != len(r.targets) {
		return nil, fmt.Errorf("%d arrays for %d inputs, and their names are not the inputs': name them as inspect does", len(names), len(r.targets))
	}
	var whole [][]item
	for i := range r.targets {
		name := names[i]
		if byName {
			name = r.targets[i].name
		}
		parts, err := arrayParts(arrays[name], &r.targets[i])
		if err != nil {
			return nil, fmt.Errorf("array %q: input %d %q: %w", name, i, r.targets[i].name, err)
		}
		if whole = append(whole, parts); len(parts) != len(whole[0]) {
			return nil, fmt.Errorf("array %q holds %d sets, the first %d: cut them to one length", name, len(parts), len(whole[0]))
		}
	}
	return whole, nil
}
