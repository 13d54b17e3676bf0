package main

import (
	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/feed"
)

// classNames returns what the elements of output 0 are called: by the file at path,
// or by the model, if its names are as many as the output's last dimension; nil if
// nobody says. Of a model of sequences they are its symbols.
func classNames(m *edgeinfer.Model, s *edgeinfer.Session, path string) ([]string, error) {
	names, err := feed.Labels(m, 0, path)
	if err != nil || path != "" || s.Outputs() == 0 {
		return names, err
	}
	if names == nil {
		if names, err = feed.Symbols(m); err != nil {
			return nil, err
		}
		for i := range names {
			names[i] = visible(names[i])
		}
	} else if m.Format() == edgeinfer.FormatTFLite { // its metadata name the output
		return names, nil
	}
	out := s.Output(0)
	if n := len(names); n != lastDim(out) && !(n == 2 && out.Len() == 1) {
		return nil, nil // they are a detector's
	}
	return names, nil
}

func lastDim(t *edgeinfer.Tensor) int {
	shape := t.Shape()
	if len(shape) == 0 {
		return 1
	}
	return shape[len(shape)-1]
}

// scoresOf returns the score of each class: of one probability those of both
// classes, of a sequence of rows those of the last one.
func scoresOf(t *edgeinfer.Tensor, names []string) []number {
	x := numbers(t)
	switch n := len(names); {
	case n == 2 && len(x) == 1 && x[0] >= 0 && x[0] <= 1:
		return []number{1 - x[0], x[0]}
	case n > 1 && len(x) > n && lastDim(t) == n && t.Shape()[0] == 1:
		return x[len(x)-n:]
	}
	return x
}
