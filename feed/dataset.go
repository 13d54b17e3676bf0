package feed

import (
	"archive/zip"
	"errors"
	"fmt"
	"iter"
	"math"
	"os"
	"path/filepath"
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/npy"
)

// Dataset is samples with their classes.
type Dataset struct {
	Len     int      // samples; where a file can hold several, files
	Classes []string // names by number; nil if there are none
	Top     int      // the greatest class
	// Samples reads the samples one by one.
	Samples iter.Seq2[Sample, error]
}

// Sample is the inputs of one run, and the class that is right for them.
type Sample struct {
	*Set
	Class int
}

// OpenDataset reads a .npz with arrays x (n, then the input's shape) and y (n
// classes), or a folder that has one folder of files for each class. There the
// classes are numbered as in labels, or, if that is nil, sorted by name.
func (r *Reader) OpenDataset(path string, labels []string) (*Dataset, error) {
	if len(r.targets) != 1 {
		return nil, fmt.Errorf("the model has %d inputs: data sets are for models with one", len(r.targets))
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, cause(err))
	}
	if info.IsDir() {
		return r.openFolder(path, labels)
	}
	d, err := r.openArrays(path)
	if errors.Is(err, zip.ErrFormat) {
		return nil, fmt.Errorf("%w: truncated? get the file again", err) // it names the path
	} else if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	d.Classes = labels
	return d, nil
}

func (r *Reader) openArrays(path string) (*Dataset, error) {
	z, err := npy.OpenNPZ(path, r.o.Limit)
	if err != nil {
		return nil, cause(err)
	}
	defer z.Close()
	x, err := z.Read("x")
	if err != nil {
		return nil, err
	}
	y, err := z.Read("y")
	if err != nil {
		return nil, err
	}
	classes, err := integers(y)
	if err != nil {
		return nil, fmt.Errorf("array \"y\": %w", err)
	}
	if len(x.Shape) == 0 || len(classes) != x.Shape[0] || len(classes) == 0 {
		return nil, fmt.Errorf("x has shape %v and y %v: give as many samples as classes, at least one", x.Shape, y.Shape)
	}
	t := &r.targets[0]
	if x.Len()%len(classes) != 0 || x.Len()/len(classes) != t.len() {
		return nil, fmt.Errorf("x has shape %v: %d samples of %s belong there", x.Shape, len(classes), t)
	}
	if err := convertible(x.DType, t); err != nil {
		return nil, fmt.Errorf("array \"x\": %w", err)
	}
	parts := arrayItems(x, t, len(classes))
	samples := func(yield func(Sample, error) bool) {
		for i, c := range classes {
			set := &Set{Name: fmt.Sprintf("%s#%d", path, i), files: []string{fmt.Sprintf("%s: sample %d", path, i)}, items: parts[i : i+1]}
			if !yield(Sample{set, c}, nil) {
				return
			}
		}
	}
	return &Dataset{Len: len(classes), Top: slices.Max(classes), Samples: samples}, nil
}

// integers returns the elements of y, which must be classes: whole numbers
// from 0 on.
func integers(y *npy.Array) ([]int, error) {
	x, err := y.Int64Values()
	if err != nil {
		return nil, err
	}
	out := make([]int, len(x))
	for i, v := range x {
		if v < 0 || v > math.MaxInt16 {
			return nil, fmt.Errorf("element %d is %d: classes are numbers from 0 to %d", i, v, math.MaxInt16)
		}
		out[i] = int(v)
	}
	return out, nil
}

func (r *Reader) openFolder(path string, labels []string) (*Dataset, error) {
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, cause(err))
	}
	type file struct {
		path  string
		class int
	}
	d := &Dataset{Classes: labels}
	var files []file
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		class := slices.Index(d.Classes, e.Name())
		if class < 0 && labels != nil {
			return nil, fmt.Errorf("%s: folder %q is no label: name folders as the labels are", path, e.Name())
		} else if class < 0 { // entries are sorted
			class = len(d.Classes)
			d.Classes = append(d.Classes, e.Name())
		}
		names, err := Expand([]string{filepath.Join(path, e.Name())})
		if err != nil {
			return nil, err
		}
		for _, n := range names {
			files = append(files, file{n, class})
		}
		d.Top = max(d.Top, class)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: no folders in it: make one for each class", path)
	}
	d.Len = len(files)
	d.Samples = func(yield func(Sample, error) bool) {
		for _, f := range files {
			for set, err := range r.Sets([]string{f.path}) {
				if !yield(Sample{set, f.class}, err) || err != nil {
					return
				}
			}
		}
	}
	return d, nil
}
