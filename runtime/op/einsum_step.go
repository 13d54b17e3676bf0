package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Ref sums in the order of the labels, the last one fastest.
func (o *Einsum) Ref(in, out []tensor.View) error {
	step, err := o.bind(in, &out[0])
	if err != nil {
		return err
	}
	return step()
}

// Prepare has no kernel: rows of the innermost label are summed.
func (o *Einsum) Prepare(*Prep) (Prepared, error) {
	return Prepared{Kernel: "go", Bind: func(m *Mem) (Step, error) { return o.bind(m.In, &m.Out[0]) }}, nil
}

func (o *Einsum) bind(in []tensor.View, y *tensor.View) (Step, error) {
	types := make([]tensor.Type, len(in))
	for i := range in {
		types[i] = in[i].Type
	}
	e, err := o.plan(types)
	if err != nil {
		return nil, err
	}
	switch y.DType {
	case tensor.F32:
		return einsumStep[float32](e, in, y), nil
	case tensor.F64:
		return einsumStep[float64](e, in, y), nil
	}
	switch y.DType.Bits() { // sums and products of integers have the same bits with a sign and without
	case 8:
		return einsumStep[uint8](e, in, y), nil
	case 16:
		return einsumStep[uint16](e, in, y), nil
	case 32:
		return einsumStep[uint32](e, in, y), nil
	}
	return einsumStep[uint64](e, in, y), nil
}

// einsumLoops is the state of an einsum that runs.
type einsumLoops[T number] struct {
	*einsum
	in    [][]T
	at    []int // of each loop
	place []int // in each input
	last  int   // the innermost loop over a sum, -1 if there is no sum
}

func einsumStep[T number](e *einsum, in []tensor.View, y *tensor.View) Step {
	r := &einsumLoops[T]{einsum: e, at: make([]int, len(e.size)), place: make([]int, len(in)), last: -1}
	for i := range in {
		r.in = append(r.in, tensor.Cast[T](in[i].Data[:in[i].Bytes()]))
	}
	if len(e.size) > e.outs {
		r.last = len(e.size) - 1
	}
	none := slices.Contains(e.size[e.outs:], 0)
	to := tensor.Cast[T](y.Data[:y.Bytes()])
	return func() error {
		if none {
			clear(to)
			return nil
		}
		clear(r.at)
		clear(r.place)
		for i := range to {
			to[i] = r.sum()
			r.advance(0, e.outs)
		}
		return nil
	}
}

// sum returns the sum for one element of the output.
func (r *einsumLoops[T]) sum() T {
	if r.last < 0 {
		return r.row(1)
	}
	s := T(0)
	for more := true; more; more = r.advance(r.outs, r.last) {
		s += r.row(r.size[r.last])
	}
	return s
}

// row sums n products along the innermost loop.
func (r *einsumLoops[T]) row(n int) T {
	s := T(0)
	step := func(i int) int {
		if r.last < 0 {
			return 0
		}
		return r.step[i][r.last]
	}
	if len(r.in) == 2 {
		a, b, i, j, da, db := r.in[0], r.in[1], r.place[0], r.place[1], step(0), step(1)
		for range n {
			s += T(a[i] * b[j])
			i, j = i+da, j+db
		}
		return s
	}
	for k := range n {
		p := T(1)
		for i, x := range r.in {
			p *= x[r.place[i]+k*step(i)]
		}
		s += p
	}
	return s
}

// advance moves loops lo to hi on, and reports whether they have not begun anew.
func (r *einsumLoops[T]) advance(lo, hi int) bool {
	for l := hi - 1; l >= lo; l-- {
		r.at[l]++
		for i := range r.place {
			r.place[i] += r.step[i][l]
		}
		if r.at[l] < r.size[l] {
			return true
		}
		for i := range r.place {
			r.place[i] -= r.step[i][l] * r.size[l]
		}
		r.at[l] = 0
	}
	return false
}
