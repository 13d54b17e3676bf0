package data

import (
	"encoding/binary"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/edgeinfer/edgeinfer/formats/npy"
)

// rows are what a .csv has: samples as float32, one after the other, and the text
// of what isn't part of them.
type rows struct {
	path   string
	n      int
	width  int // numbers of a sample
	first  int // line of row 0, where each row is a line
	x      store
	labels labels
	split  []bool
	groups []string
}

// openCSV reads a table. A file that is called train… has its test part in one
// called test… beside it.
func openCSV(path string, o *Options) (train, test Set, err error) {
	a, err := readTable(path, o)
	if err != nil {
		return nil, nil, err
	}
	dir, base := filepath.Split(path)
	if strings.HasPrefix(base, "train") && o.Split == "" {
		if twin := firstFile(dir, strings.Replace(base, "train", "test", 1)); twin != "" {
			b, err := readTable(twin, o)
			if err != nil {
				return nil, nil, err
			}
			return a.with(b, o)
		}
	}
	targets, classes, err := a.labels.targets(o)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	t := a.table(targets, classes, o)
	parts := a.parts(targets, classes, o)
	if o.Standardise {
		if err := t.standardise(parts[0], o); err != nil {
			return nil, nil, err
		}
	}
	if len(parts[1]) == 0 {
		return t, nil, nil
	}
	return Subset(t, parts[0]), Subset(t, parts[1]), nil
}

// with joins tables that are the two parts of a set.
func (a *rows) with(b *rows, o *Options) (train, test Set, err error) {
	if a.width != b.width {
		return nil, nil, fmt.Errorf("%s: %d columns of numbers where %s has %d", b.path, b.width, a.path, a.width)
	}
	all := a.labels.and(b.labels)
	targets, classes, err := all.targets(o)
	if err != nil {
		return nil, nil, fmt.Errorf("%s, %s: %w", a.path, b.path, err)
	}
	x, y := a.table(targets[:a.n], classes, o), b.table(targets[a.n:], classes, o)
	if o.Standardise {
		if err := x.standardise(upTo(a.n), o); err != nil {
			return nil, nil, err
		}
		y.mean, y.std = x.mean, x.std
	}
	return x, y, nil
}

// table makes the set of all rows.
func (a *rows) table(targets []float32, classes []string, o *Options) *table {
	y := make([]byte, 4*a.n)
	for i, v := range targets {
		binary.LittleEndian.PutUint32(y[4*i:], math.Float32bits(v))
	}
	scale := o.Scale
	if scale == 0 {
		scale = 1
	}
	t := &table{file: a.path, rowWord: "line", first: a.first,
		x:     newColumn(a.path, npy.Float32, a.n, a.width, a.x, false, scale),
		y:     newColumn(a.path, npy.Float32, a.n, 1, inMemory(y), false, 1),
		shape: []int{a.width}, classes: classes}
	if a.groups != nil {
		t.setGroups(a.groups)
	}
	return t
}

// parts returns the rows to train on, and those to test on.
func (a *rows) parts(targets []float32, classes []string, o *Options) (parts [2][]int) {
	if a.split != nil {
		for i, test := range a.split {
			k := 0
			if test {
				k = 1
			}
			parts[k] = append(parts[k], i)
		}
		return parts
	}
	fraction := o.held(0.2)
	if a.groups != nil {
		return lastGroups(a.groups, fraction)
	}
	if classes != nil && slices.IsSorted(targets) {
		return lastOfEach(targets, len(classes), fraction)
	}
	n := a.n - part(a.n, fraction)
	all := upTo(a.n)
	return [2][]int{all[:n], all[n:]}
}

// lastGroups puts the rows of the last groups to occur aside, until a part has
// come together; the first stays.
func lastGroups(groups []string, fraction float64) (parts [2][]int) {
	size, order := map[string]int{}, []string(nil)
	for _, g := range groups {
		if size[g]++; size[g] == 1 {
			order = append(order, g)
		}
	}
	held := map[string]bool{}
	for left := part(len(groups), fraction); left > 0 && len(order) > 1; order = order[:len(order)-1] {
		g := order[len(order)-1]
		held[g] = true
		left -= size[g]
	}
	for i, g := range groups {
		k := 0
		if held[g] {
			k = 1
		}
		parts[k] = append(parts[k], i)
	}
	return parts
}

// lastOfEach puts the last part of each class aside.
func lastOfEach(targets []float32, classes int, fraction float64) (parts [2][]int) {
	left := make([]int, classes) // to train on
	for _, c := range targets {
		left[int(c)]++
	}
	for c, n := range left {
		left[c] = n - part(n, fraction)
	}
	for i, c := range targets {
		k := 1
		if left[int(c)]--; left[int(c)] >= 0 {
			k = 0
		}
		parts[k] = append(parts[k], i)
	}
	return parts
}
