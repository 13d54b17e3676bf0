package data

import (
	"archive/zip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/edgeinfer/edgeinfer/formats/npy"
)

// arrays opens an array of the set by its name; nil if there is none.
type arrays struct {
	path string
	open func(name string) (*npy.Stream, error)
	has  func(name string) bool
}

// openNPZ reads arrays x and y, and x_test and y_test if they are there.
func openNPZ(path string, o *Options) (train, test Set, err error) {
	z, err := npy.OpenNPZ(path, o.memory())
	if errors.Is(err, zip.ErrFormat) {
		return nil, nil, fmt.Errorf("%w: truncated? get the file again", err) // it names the path
	} else if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, cause(err))
	}
	defer z.Close()
	names := z.Names()
	a := &arrays{path: path, open: z.Open, has: func(n string) bool { return slices.Contains(names, n) }}
	return a.sets(o)
}

// openNPY reads a pair of files: x.npy or NAME_x.npy with y in place of x, and
// x_test, y_test beside them if they are there.
func openNPY(path string, o *Options) (train, test Set, err error) {
	dir, base := filepath.Split(path)
	stem := strings.TrimSuffix(base, filepath.Ext(base))
	prefix, ok := strings.CutSuffix(stem, "x")
	if o.Samples != "" || o.Label != "" {
		prefix, ok = strings.CutSuffix(stem, orDefault(o.Samples, "x"))
	}
	if !ok {
		return nil, nil, fmt.Errorf("%s: samples without targets: call the file …x.npy, with targets in …y.npy beside it", path)
	}
	file := func(name string) string { return filepath.Join(dir, prefix+name+".npy") }
	a := &arrays{path: path,
		open: func(name string) (*npy.Stream, error) { return npy.OpenFile(file(name)) },
		has: func(name string) bool {
			_, err := os.Stat(file(name))
			return err == nil
		}}
	return a.sets(o)
}

func orDefault(s, d string) string {
	if s == "" {
		return d
	}
	return s
}

func (a *arrays) sets(o *Options) (train, test Set, err error) {
	xName, yName := orDefault(o.Samples, "x"), orDefault(o.Label, "y")
	whole, err := a.set(xName, yName, o)
	if err != nil {
		return nil, nil, err
	}
	if o.Group != "" {
		if err := a.group(whole, o.Group); err != nil {
			return nil, nil, err
		}
	}
	switch {
	case o.Split != "":
		return a.split(whole, o.Split)
	case a.has(xName+"_test") && a.has(yName+"_test"):
		t, err := a.set(xName+"_test", yName+"_test", o)
		if err == nil {
			err = agree(whole, t)
		}
		return whole, t, err
	}
	if part := o.held(0); part > 0 {
		train, test = Split(whole, part, 0)
		return train, test, nil
	}
	return whole, nil, nil
}

// agree checks a test part against the part to train on, whose classes it has.
func agree(train, test *table) error {
	if len(test.classes) > len(train.classes) {
		return fmt.Errorf("%s: class %q occurs in the test part only: number both parts alike", test.file, test.classes[len(test.classes)-1])
	}
	test.classes = train.classes
	if err := sameForm(train, test); err != nil {
		return fmt.Errorf("%s: parts to train on and to test on have %w", test.file, err)
	}
	return nil
}

// set reads samples and targets.
func (a *arrays) set(xName, yName string, o *Options) (*table, error) {
	x, shape, err := a.column(xName, o, o.Scale)
	if err != nil {
		return nil, err
	}
	y, target, err := a.column(yName, o, 1)
	if err != nil {
		return nil, err
	}
	t, err := newTable(a.path, x, y, shape, target)
	if err != nil {
		return nil, err
	}
	if integer(y.dtype) && !o.Regression {
		err = t.nameClasses(o.Classes)
	}
	return t, err
}

// column reads one array; its first dimension counts rows.
func (a *arrays) column(name string, o *Options, scale float32) (*column, []int, error) {
	s, err := a.open(name)
	if errors.Is(err, zip.ErrFormat) {
		return nil, nil, fmt.Errorf("%w: damaged? get the file again", err)
	} else if err != nil && !a.has(name) {
		return nil, nil, fmt.Errorf("%w: name it with Samples or Label", cause(err))
	} else if err != nil {
		return nil, nil, cause(err)
	}
	defer s.Close()
	place := fmt.Sprintf("%s: array %q", a.path, name)
	if err := errors.Join(numeric(s.DType), rowsOf(s.Shape)); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", place, err)
	}
	bytes, err := a.store(s, o.memory())
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", place, err)
	}
	if scale == 0 {
		scale = 1
		if s.DType == npy.Uint8 {
			scale = 255
		}
	}
	return newColumn(place, s.DType, s.Shape[0], count(s.Shape[1:]), bytes, s.BigEndian, scale), s.Shape[1:], nil
}

func rowsOf(shape []int) error {
	if len(shape) == 0 {
		return errors.New("is a scalar: give one row for each sample")
	}
	return checkShape(shape[1:])
}

// store takes an array's elements into memory, leaves them where they are, or
// unpacks them into a temporary file.
func (a *arrays) store(s *npy.Stream, memory int64) (store, error) {
	if s.Fortran && len(s.Shape) > 1 && count(s.Shape[1:]) > 1 {
		return store{}, errors.New("elements are in Fortran order: write the array with np.ascontiguousarray")
	}
	if s.Offset >= 0 && s.Size > memory {
		f, err := os.Open(s.Path)
		if err != nil {
			return store{}, cause(err)
		}
		return store{file: f, offset: s.Offset, size: s.Size}, nil
	}
	return readStore(s, s.Size, memory)
}

// split divides a table by an array of flags.
func (a *arrays) split(t *table, name string) (train, test Set, err error) {
	flags, err := a.values(t, name)
	if err != nil {
		return nil, nil, err
	}
	var parts [2][]int
	for i, v := range flags {
		k := 0
		if v != 0 {
			k = 1
		}
		parts[k] = append(parts[k], i)
	}
	return Subset(t, parts[0]), Subset(t, parts[1]), nil
}

// group reads whom samples were taken from.
func (a *arrays) group(t *table, name string) error {
	values, err := a.values(t, name)
	if err != nil {
		return err
	}
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = fmt.Sprintf("%g", v)
	}
	t.setGroups(names)
	return nil
}

// values reads an array of one number for each sample.
func (a *arrays) values(t *table, name string) ([]float32, error) {
	c, _, err := a.column(name, &Options{}, 1)
	if err != nil {
		return nil, err
	}
	if c.rows != t.Len() || c.width != 1 {
		return nil, fmt.Errorf("%s: %d rows of %d numbers for %d samples: give one number for each", c.name, c.rows, c.width, t.Len())
	}
	out := make([]float32, c.rows)
	for i := range out {
		if err := c.read(i, out[i:i+1]); err != nil {
			return nil, err
		}
	}
	return out, nil
}
