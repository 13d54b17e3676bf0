package data

import (
	"fmt"
	"strconv"
)

// table is a set of rows: samples in one column, targets in another.
type table struct {
	file    string // for names
	rowWord string // "row" or "sample"
	first   int    // the number of row 0 in names
	x, y    *column
	shape   []int
	target  []int
	classes []string
	recode  map[float32]float32 // from stored classes to numbers; nil if they are the same
	groups  []string            // names; nil for none
	group   []int32             // number of each row's
	mean    []float32           // of each number of a sample, with std; nil if not standardised
	std     []float32
}

func (t *table) Len() int           { return t.x.rows }
func (t *table) Shape() []int       { return t.shape }
func (t *table) Classes() []string  { return t.classes }
func (t *table) TargetShape() []int { return t.target }

func (t *table) Name(i int) string {
	return t.file + ": " + t.rowWord + " " + strconv.Itoa(i+t.first)
}

func (t *table) Group(i int) string {
	if t.groups == nil {
		return ""
	}
	return t.groups[t.group[i]]
}

// Standardisation returns the mean and standard deviation that were taken out of
// each number of a sample; nil if the numbers are as stored.
func (t *table) Standardisation() (mean, std []float32) { return t.mean, t.std }

func (t *table) Read(i int, x, y []float32) error {
	if err := checkRead(t, i, x, y); err != nil {
		return err
	}
	if err := t.x.read(i, x); err != nil {
		return err
	}
	for k, m := range t.mean {
		x[k] = (x[k] - m) / t.std[k]
	}
	return t.readTarget(i, y)
}

func (t *table) readTarget(i int, y []float32) error {
	if err := t.y.read(i, y); err != nil {
		return err
	}
	if t.recode != nil {
		for k, v := range y {
			y[k] = t.recode[v]
		}
	}
	return nil
}

const (
	// maxClasses bounds the classes of single targets.
	maxClasses = 1 << 15
	// maxSymbol bounds the classes in sequences: float32 is exact up to it.
	maxSymbol = 1 << 24
)

// highest checks that all targets are classes, −1 or more, and returns the highest.
func (t *table) highest() (int, error) {
	limit := maxClasses
	if t.target != nil {
		limit = maxSymbol
	}
	top := -1
	y := make([]float32, t.y.width)
	for i := range t.y.rows {
		if err := t.y.read(i, y); err != nil {
			return 0, err
		}
		for _, v := range y {
			if v < -1 || v >= float32(limit) {
				return 0, fmt.Errorf("%s: class %.0f is not within 0 to %d (or −1 to ignore it): number classes from 0, or say that targets are numbers", t.Name(i), v, limit-1)
			}
			top = max(top, int(v))
		}
	}
	return top, nil
}

// nameClasses checks targets and sets classes: names, or numbers as text. Where
// nobody has named the classes, all below the highest must occur.
func (t *table) nameClasses(names []string) error {
	top, err := t.highest()
	if err != nil || t.target != nil {
		return err
	}
	if names != nil {
		if top >= len(names) {
			return fmt.Errorf("%s: class %d where %d classes are named, from 0: give all names", t.file, top, len(names))
		}
		t.classes = names
		return nil
	}
	if top < 0 {
		return fmt.Errorf("%s: no sample has a class", t.file)
	}
	t.classes = numbered(top + 1)
	return nil
}

// numbered returns the names of n classes that have none: their numbers.
func numbered(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = strconv.Itoa(i)
	}
	return names
}

// checkOccupied says which class has no samples.
func checkOccupied(s Set) error {
	seen := make([]bool, len(s.Classes()))
	y := make([]float32, count(s.TargetShape()))
	for i := range s.Len() {
		if err := readTarget(s, i, nil, y); err != nil {
			return err
		}
		if c := int(y[0]); c >= 0 {
			seen[c] = true
		}
	}
	for c, ok := range seen {
		if !ok {
			return fmt.Errorf("class %d (%q) of %d has no sample to train on: number classes without gaps, or name them all in Options.Classes", c, s.Classes()[c], len(seen))
		}
	}
	return nil
}

// setGroups notes each row's group.
func (t *table) setGroups(names []string) {
	number := map[string]int32{}
	t.group = make([]int32, len(names))
	for i, n := range names {
		k, ok := number[n]
		if !ok {
			k = int32(len(t.groups))
			number[n] = k
			t.groups = append(t.groups, n)
		}
		t.group[i] = k
	}
}
