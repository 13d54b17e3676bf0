package data

import "fmt"

// reshaped is a set whose samples have another shape with as many numbers.
type reshaped struct {
	Set
	shape []int
}

// Reshape gives samples another shape with as many numbers; one dimension may be −1.
func Reshape(s Set, shape ...int) (Set, error) {
	full, err := fill(count(s.Shape()), shape)
	if err == nil {
		err = checkShape(full)
	}
	if err != nil {
		return nil, fmt.Errorf("samples of shape %v: %w", s.Shape(), err)
	}
	return &reshaped{s, full}, nil
}

func (r *reshaped) Shape() []int { return r.shape }

func (r *reshaped) Group(i int) string { return GroupOf(r.Set, i) }

func (r *reshaped) readTarget(i int, y []float32) error {
	return readTarget(r.Set, i, nil, y)
}

func reshape(train, test Set, shape []int) (Set, Set, error) {
	a, err := Reshape(train, shape...)
	if err != nil || test == nil {
		return a, nil, err
	}
	b, err := Reshape(test, shape...)
	return a, b, err
}
