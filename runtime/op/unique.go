package op

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Unique returns the different elements of its input or, unless Flat, the
// different slices along Axis: in the order in which they first come or, if
// Sorted, ascending, slices by their first elements that differ. Numbers that
// aren't are all the same, and the greatest.
//
// Further outputs, of int64, say where each one comes first, which one each of
// the input is, and how often each one comes.
type Unique struct {
	Axis         int
	Flat, Sorted bool
}

// Infer counts the elements, if they are known.
func (o *Unique) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantMovable(in, 0); err != nil {
		return nil, err
	}
	shape, axis, total := []int{tensor.Dynamic}, 0, tensor.Dynamic
	if o.Flat {
		if in[0].Static() {
			total = in[0].Len()
		}
	} else {
		var err error
		if axis, err = axisOf(o.Axis, in[0].Rank()); err != nil {
			return nil, err
		}
		shape = slices.Clone(in[0].Shape)
		total = shape[axis]
	}
	n := tensor.Dynamic
	if in[0].Known() || in[0].Static() && in[0].Len() == 0 {
		groups, _ := o.groups(&in[0])
		n = len(groups)
	}
	shape[axis] = n
	list := tensor.Of(tensor.I64, n)
	return []tensor.Type{in[0].WithShape(shape...), list, tensor.Of(tensor.I64, total), list}, nil
}

// uniqueGroup is a set of equal slices, by the first of them.
type uniqueGroup struct{ first, count int }

// groups returns the sets in the order of the output, and the number of the
// set of each slice.
func (o *Unique) groups(v *tensor.View) (groups []uniqueGroup, of []int) {
	m, n := o.gather(v)
	lines := make([]byte, len(v.Data))
	m.run(lines, v.Data)
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	compare := lineOrder(v.DType, lines, len(lines)/max(n, 1))
	slices.SortStableFunc(order, compare)
	of = make([]int, n)
	for i, line := range order {
		if i == 0 || compare(order[i-1], line) != 0 {
			groups = append(groups, uniqueGroup{first: line})
		}
		groups[len(groups)-1].count++
		of[line] = len(groups) - 1
	}
	if !o.Sorted {
		o.unsort(groups, of)
	}
	return groups, of
}

// unsort puts the sets in the order in which they first come.
func (*Unique) unsort(groups []uniqueGroup, of []int) {
	number := make([]int, len(groups)) // of the sets as they were
	first := make([]uniqueGroup, 0, len(groups))
	for line, k := range of {
		if groups[k].first == line {
			number[k] = len(first)
			first = append(first, groups[k])
		}
	}
	copy(groups, first)
	for line, k := range of {
		of[line] = number[k]
	}
}

// gather returns the move that makes a contiguous line of each slice, and how
// many there are.
func (o *Unique) gather(v *tensor.View) (m move, n int) {
	m = move{size: v.DType.Size()}
	if o.Flat {
		n = v.Len()
		m.add(n, m.size, m.size)
		return m, n
	}
	axis, _ := axisOf(o.Axis, v.Rank())
	n = v.Shape[axis]
	outer, inner := product(v.Shape[:axis]), product(v.Shape[axis+1:])*m.size
	m.add(n, inner, outer*inner)
	m.add(outer, n*inner, inner)
	m.add(inner/m.size, m.size, m.size)
	return m, n
}

// Ref writes the sets. Unlike others it allocates: its output's size depends on
// data, so that it never runs but after an Infer that allocates too.
func (o *Unique) Ref(in, out []tensor.View) error {
	groups, of := o.groups(&in[0])
	for i, g := range groups {
		out[1].I64()[i], out[3].I64()[i] = int64(g.first), int64(g.count)
	}
	for i, k := range of {
		out[2].I64()[i] = int64(k)
	}
	if len(out[0].Data) == 0 {
		return nil
	}
	outer, inner := 1, in[0].DType.Size()
	if !o.Flat {
		axis, _ := axisOf(o.Axis, in[0].Rank())
		outer, inner = product(in[0].Shape[:axis]), inner*product(in[0].Shape[axis+1:])
	}
	for k := range outer {
		for i, g := range groups {
			at := (k*len(of) + g.first) * inner
			copy(out[0].Data[(k*len(groups)+i)*inner:][:inner], in[0].Data[at:at+inner])
		}
	}
	return nil
}

// lineOrder returns the comparison of the lines of n bytes that data consists of.
func lineOrder(d tensor.DType, data []byte, n int) func(i, j int) int {
	switch d {
	case tensor.F32:
		return numberOrder(tensor.Cast[float32](data), n/4, nanLast)
	case tensor.F64:
		return numberOrder(tensor.Cast[float64](data), n/8, nanLast)
	case tensor.F16:
		return numberOrder(tensor.Cast[uint16](data), n/2, func(a, b uint16) int { return nanLast(quant.Float16(a), quant.Float16(b)) })
	case tensor.I8:
		return numberOrder(tensor.Cast[int8](data), n, cmp.Compare)
	case tensor.I16:
		return numberOrder(tensor.Cast[int16](data), n/2, cmp.Compare)
	case tensor.U16:
		return numberOrder(tensor.Cast[uint16](data), n/2, cmp.Compare)
	case tensor.I32:
		return numberOrder(tensor.Cast[int32](data), n/4, cmp.Compare)
	case tensor.U32:
		return numberOrder(tensor.Cast[uint32](data), n/4, cmp.Compare)
	case tensor.I64:
		return numberOrder(tensor.Cast[int64](data), n/8, cmp.Compare)
	case tensor.U64:
		return numberOrder(tensor.Cast[uint64](data), n/8, cmp.Compare)
	}
	return func(i, j int) int { return bytes.Compare(data[i*n:(i+1)*n], data[j*n:(j+1)*n]) }
}

func numberOrder[T any](xs []T, n int, compare func(a, b T) int) func(i, j int) int {
	return func(i, j int) int { return slices.CompareFunc(xs[i*n:(i+1)*n], xs[j*n:(j+1)*n], compare) }
}

// nanLast compares numbers, of which those that aren't are the greatest.
func nanLast[T float32 | float64](a, b T) int {
	switch {
	case a != a && b != b:
		return 0
	case a != a:
		return 1
	case b != b:
		return -1
	}
	return cmp.Compare(a, b)
}
