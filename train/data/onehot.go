package data

import "slices"

// oneHot is a set of classes whose targets were rows of zeros with a single one.
type oneHot struct {
	Set
	classes []string // numbers as text
}

// SparseClasses returns a set whose targets are the numbers of classes, where those
// of s are one-hot: rows of zeros with a single one, at the class's place. A set with
// other targets is returned as it is.
func SparseClasses(s Set) (Set, error) {
	shape := s.TargetShape()
	if s.Classes() != nil || len(shape) != 1 || shape[0] < 2 || Symbols(s) != nil {
		return s, nil
	}
	x, y := make([]float32, count(s.Shape())), make([]float32, shape[0])
	for i := range s.Len() {
		if err := readTarget(s, i, x, y); err != nil {
			return nil, err
		}
		if !isOneHot(y) {
			return s, nil
		}
	}
	return &oneHot{s, numbered(shape[0])}, nil
}

func isOneHot(y []float32) bool {
	ones := 0
	for _, v := range y {
		if v != 0 && v != 1 {
			return false
		}
		ones += int(v)
	}
	return ones == 1
}

func (o *oneHot) Classes() []string  { return o.classes }
func (o *oneHot) TargetShape() []int { return nil }

func (o *oneHot) Read(i int, x, y []float32) error {
	row := make([]float32, len(o.classes))
	err := o.Set.Read(i, x, row)
	y[0] = float32(slices.Index(row, 1))
	return err
}
