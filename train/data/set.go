package data

import (
	"fmt"
	"slices"
)

// Set is a labelled set of samples. Samples are kept in the type that they are
// stored in, or read from disk when asked for; Read turns them into float32.
type Set interface {
	// Len returns the number of samples.
	Len() int
	// Shape is that of one sample, such as [28 28 1].
	Shape() []int
	// Classes names the classes; nil if targets are numbers or sequences.
	Classes() []string
	// TargetShape is that of one target: nil for one class or number, [t] for a
	// sequence of t.
	TargetShape() []int
	// Read fills x (product of Shape) and y (product of TargetShape, at least 1)
	// with sample i. Classes are whole numbers; −1 is to be ignored. Several
	// goroutines may call it. For sets in memory it allocates nothing. An error
	// names the sample: its file, its row.
	Read(i int, x, y []float32) error
	// Name is sample i's in reports: a file's name, or a row.
	Name(i int) string
}

// Grouped is a Set whose samples come from groups, such as persons. The group ""
// stands for none.
type Grouped interface {
	Set
	Group(i int) string
}

// GroupOf returns the group of sample i, "" if the set has none.
func GroupOf(s Set, i int) string {
	if g, ok := s.(Grouped); ok {
		return g.Group(i)
	}
	return ""
}

// targeted is a Set that can read a target without its sample.
type targeted interface {
	readTarget(i int, y []float32) error
}

// readTarget reads the target of sample i; x is room for a sample where the set
// cannot do without.
func readTarget(s Set, i int, x, y []float32) error {
	if t, ok := s.(targeted); ok {
		return t.readTarget(i, y)
	}
	return s.Read(i, x, y)
}

// count multiplies a shape out. Shapes have been checked against bytes that are
// there, or by checkShape.
func count(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// maxSample bounds the numbers of one sample.
const maxSample = 1 << 28

// checkShape refuses a sample's shape that has no numbers, or absurdly many.
func checkShape(shape []int) error {
	n := 1
	for _, d := range shape {
		if d < 1 {
			return fmt.Errorf("samples of shape %v have no elements", shape)
		}
		if n > maxSample/d {
			return fmt.Errorf("samples of shape %v have more than %d elements", shape, maxSample)
		}
		n *= d
	}
	return nil
}

// checkRead checks the arguments of Read.
func checkRead(s Set, i int, x, y []float32) error {
	if i < 0 || i >= s.Len() {
		return fmt.Errorf("sample %d is not within the set's %d", i, s.Len())
	}
	if len(x) != count(s.Shape()) || len(y) != count(s.TargetShape()) {
		return fmt.Errorf("%s: room for %d and %d numbers where the sample has shape %v, the target %v", s.Name(i), len(x), len(y), s.Shape(), s.TargetShape())
	}
	return nil
}

// sameForm says whether sets can be parts of one.
func sameForm(a, b Set) error {
	switch {
	case !slices.Equal(a.Shape(), b.Shape()):
		return fmt.Errorf("samples of shape %v and %v", a.Shape(), b.Shape())
	case !slices.Equal(a.TargetShape(), b.TargetShape()):
		return fmt.Errorf("targets of shape %v and %v", a.TargetShape(), b.TargetShape())
	case !slices.Equal(a.Classes(), b.Classes()):
		return fmt.Errorf("classes %s and %s", listed(a.Classes()), listed(b.Classes()))
	}
	return nil
}

// listed shortens a list of names for an error.
func listed(names []string) string {
	const most = 8
	if len(names) > most {
		return fmt.Sprintf("%q and %d more", names[:most], len(names)-most)
	}
	return fmt.Sprintf("%q", names)
}
