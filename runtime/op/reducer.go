package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// Reducer is implemented by operators that combine elements along axes.
type Reducer interface {
	// Reduces returns what is combined: Axes holds all axes, in order, none
	// negative. ok is false if they are not known.
	Reduces(in []tensor.View) (r Reduce, ok bool)
}

// Reduces reads the axes.
func (o *Reduce) Reduces(in []tensor.View) (r Reduce, ok bool) {
	o = new(*o)
	reduced, known, err := o.axes(in)
	if err != nil || !known {
		return *o, false
	}
	o.Axes = []int{}
	for i, is := range reduced {
		if is {
			o.Axes = append(o.Axes, i)
		}
	}
	return *o, true
}

// Reduces reads the axes.
func (o *Aggregate) Reduces(in []tensor.View) (r Reduce, ok bool) {
	if v := input(in, 1); !v.Absent() && !v.Known() {
		return r, false
	}
	r, in = o.reduce(in)
	return r.Reduces(in)
}
