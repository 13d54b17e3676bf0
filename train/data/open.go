package data

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Options say how files become a set. The zero value is a good choice.
type Options struct {
	// Label names the column of a table that holds the targets, or numbers it: 1
	// is the first, −1 the last, which is also what "" means. In a .npz it names
	// the array of targets; "" means "y".
	Label string
	// Samples names the array of samples in a .npz; "" means "x".
	Samples string
	// Split names the column or array whose rows other than 0 are the test part,
	// Group the one that says whom or what a sample was taken from.
	Split, Group string
	// Regression says that targets are numbers though they are whole.
	Regression bool
	// Classes names the classes, by number; where the data name them, in the order
	// that they shall have.
	Classes []string
	// Test is the part of the samples to hold out where the data have no test part.
	// 0 means a fifth of tables and folders, a tenth of text and nothing of others;
	// less than 0 means nothing.
	Test float64
	// Scale divides all numbers. 0 means 255 for uint8 (pictures become 0 to 1), 1
	// for other types and tables.
	Scale float32
	// Standardise brings each number of a table's samples to mean 0 and standard
	// deviation 1 over the training part.
	Standardise bool
	// Shape is that of one sample, where the data have another with as many numbers.
	Shape []int
	// Picture, Sound, Text and Pattern are for files of these kinds.
	Picture PictureOptions
	Sound   SoundOptions
	Text    TextOptions
	// Pattern gives the class, and perhaps split and group, of files in a folder or
	// zip: a regular expression for the path in it, with groups named class, split
	// and group, such as `(?P<class>\d)_(?P<group>\w+)_(?P<split>\d+)\.wav`. A split
	// of "test", or what SplitTest matches, is the test part.
	Pattern string
	// SplitTest is a regular expression for the whole of what Pattern calls split;
	// "" means `test.*|val.*`.
	SplitTest string
	// Memory bounds what one array, or the samples of one folder, may take in memory;
	// larger ones stay on disk. 0 means 512 MiB.
	Memory int64

	// What As takes from another set: how columns are standardised, and the rate of
	// sound where Sound leaves it open.
	mean, std []float32
	rate      int
}

func (o *Options) memory() int64 {
	const byDefault = 512 << 20
	if o.Memory <= 0 {
		return byDefault
	}
	return o.Memory
}

// held returns the part to hold out.
func (o *Options) held(byDefault float64) float64 {
	switch {
	case o.Test < 0:
		return 0
	case o.Test == 0:
		return byDefault
	}
	return min(o.Test, 1)
}

// Open reads a data set: a file or folder as the package comment lists them. The
// test part is nil if the data have none and Options hold none out. Tables without
// one keep their last rows for it (of rows that are sorted by class, the last of
// each class), text its end, folders some files of each class.
func Open(path string, o Options) (train, test Set, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, cause(err))
	}
	open := openFile
	if info.IsDir() {
		open = openFolder
	}
	train, test, err = open(path, &o)
	if err == nil && train.Len() == 0 {
		err = fmt.Errorf("%s: no samples to train on", path)
	}
	if err == nil && o.Shape != nil {
		train, test, err = reshape(train, test, o.Shape)
	}
	if err == nil && train.Classes() != nil && o.Classes == nil {
		if err = checkOccupied(train); err != nil {
			err = fmt.Errorf("%s: %w", path, err)
		}
	}
	if err != nil {
		return nil, nil, err
	}
	return train, test, nil
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

// kind is a kind of file: how it starts, or else how its name ends.
type kind struct {
	start string
	ends  []string
	open  func(path string, o *Options) (train, test Set, err error)
}

// kinds are looked through in order. The names are without .gz.
var kinds = []kind{
	{"\x93NUMPY", []string{".npy"}, openNPY},
	{"", []string{".npz"}, openNPZ},
	{"", []string{".csv", ".tsv"}, openCSV},
	{"", []string{"-ubyte", ".idx"}, openIDX},
	{"", []string{".txt"}, openText},
	{"PK", []string{".zip"}, openZip},
}

func openFile(path string, o *Options) (train, test Set, err error) {
	start, err := beginning(path)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, cause(err))
	}
	if len(start) == 0 {
		return nil, nil, fmt.Errorf("%s: the file is empty: get it again", path)
	}
	lower := strings.TrimSuffix(strings.ToLower(path), ".gz")
	for _, k := range kinds {
		ends := slices.ContainsFunc(k.ends, func(e string) bool { return strings.HasSuffix(lower, e) })
		if ends || k.start != "" && bytes.HasPrefix(start, []byte(k.start)) {
			return k.open(path, o)
		}
	}
	return nil, nil, fmt.Errorf("%s: not a file of a known kind: give .npz, .npy, .csv, an IDX file (…-ubyte), .zip or .txt, or a folder", path)
}

func beginning(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	start := make([]byte, 16)
	n, err := io.ReadFull(f, start)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = nil
	}
	return start[:n], err
}

// openFolder looks for files that make a set together, or for one that does alone.
func openFolder(path string, o *Options) (train, test Set, err error) {
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, cause(err))
	}
	var files []string
	for _, e := range entries {
		if !e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			files = append(files, e.Name())
		}
	}
	if o.Classes == nil {
		if o.Classes, err = classFile(path, files); err != nil {
			return nil, nil, err
		}
	}
	if images := idxImages(files); images != "" {
		return openIDX(filepath.Join(path, images), o)
	}
	for _, end := range []string{".npz", ".csv", ".csv.gz"} {
		if t := partFile(files, end); t != "" {
			return kindOpen(end)(filepath.Join(path, t), o)
		}
	}
	l, err := listFolder(path)
	if errors.Is(err, errNoFiles) {
		return nil, nil, fmt.Errorf("%s: neither folders of pictures or sound, nor MNIST's four files, nor one .npz or .csv file: name the file", path)
	}
	if err != nil {
		return nil, nil, err
	}
	return openListing(l, o)
}

func openZip(path string, o *Options) (train, test Set, err error) {
	l, err := listZip(path)
	if err != nil {
		return nil, nil, err
	}
	return openListing(l, o)
}

func kindOpen(end string) func(string, *Options) (Set, Set, error) {
	for _, k := range kinds {
		if slices.Contains(k.ends, strings.TrimSuffix(end, ".gz")) {
			return k.open
		}
	}
	panic("BUG: data: no kind for " + end)
}

// partFile returns the one file with that end, or of two, the one whose name starts
// with train where the other's starts with test.
func partFile(files []string, end string) string {
	var found []string
	for _, f := range files {
		if strings.HasSuffix(strings.ToLower(f), end) {
			found = append(found, f)
		}
	}
	switch {
	case len(found) == 1:
		return found[0]
	case len(found) == 2 && strings.HasPrefix(strings.ToLower(found[0]), "test") && strings.HasPrefix(strings.ToLower(found[1]), "train"):
		return found[1]
	}
	return ""
}

// classFile reads labels.txt or classes.txt, a name on each line.
func classFile(path string, files []string) ([]string, error) {
	for _, name := range []string{"labels.txt", "classes.txt"} {
		if !slices.Contains(files, name) {
			continue
		}
		b, err := readLimited(filepath.Join(path, name), 1<<20)
		if err != nil {
			return nil, err
		}
		var out []string
		for line := range strings.Lines(string(b)) {
			if line = strings.TrimSpace(line); line != "" {
				out = append(out, line)
			}
		}
		return out, nil
	}
	return nil, nil
}

// readLimited reads a file of at most limit bytes.
func readLimited(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, cause(err))
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(b)) > limit {
		err = fmt.Errorf("larger than %d bytes", limit)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, cause(err))
	}
	return b, nil
}
