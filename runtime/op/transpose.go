package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Transpose makes dimension Perm[i] of its input dimension i of its output. If
// Perm is nil, input 1 holds the permutation.
type Transpose struct{ Perm []int }

// Infer permutes the dimensions, and the one that scales run along.
func (o *Transpose) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 2); err != nil {
		return nil, err
	}
	t := in[0].Type
	if perChannel := t.Quant; perChannel.PerChannel() {
		plain := slices.Clone(in)
		plain[0].Quant = nil
		in = plain
	}
	if err := wantMovable(in, 0); err != nil {
		return nil, err
	}
	perm, known, err := o.perm(in)
	if err != nil {
		return nil, err
	}
	if !known {
		if t.Quant.PerChannel() {
			return nil, Unsupported("a computed permutation of %d scales", len(t.Quant.Scale))
		}
		return []tensor.Type{t.WithShape(dynamicShape(t.Rank())...)}, nil
	}
	if len(perm) != t.Rank() {
		return nil, errorf("permutation %v does not fit shape %v", perm, t.Shape)
	}
	shape, seen := make([]int, len(perm)), 0
	for i, p := range perm {
		if p < 0 || p >= len(perm) || seen>>p&1 != 0 {
			return nil, errorf("%v is not a permutation", perm)
		}
		seen |= 1 << p
		shape[i] = t.Shape[p]
	}
	if q := t.Quant; q.PerChannel() {
		t.Quant = &quant.Params{Scale: q.Scale, Zero: q.Zero, Axis: slices.Index(perm, q.Axis)}
	}
	return []tensor.Type{t.WithShape(shape...)}, nil
}

func (o *Transpose) perm(in []tensor.View) (perm []int, known bool, err error) {
	if o.Perm != nil {
		return o.Perm, true, nil
	}
	if input(in, 1).Type.DType == tensor.None {
		return nil, false, errorf("no permutation: it is neither an input nor an attribute")
	}
	perm, known, err = ints(in[1])
	if err != nil {
		err = errorf("input 1: %w", err)
	} else if in[1].Static() && in[1].Len() != in[0].Rank() {
		err = errorf("input 1 has shape %v, want an axis for each dimension of %v", in[1].Shape, in[0].Shape)
	}
	return perm, known, err
}

// Ref moves the elements in the order of the output.
func (o *Transpose) Ref(in, out []tensor.View) error {
	perm := o.Perm
	var read [maxRank]int
	if perm == nil {
		perm = read[:in[0].Rank()]
		for i := range perm {
			perm[i], _ = intAt(&in[1], i)
		}
	}
	m := transposed(in[0].Type, out[0].Type, perm)
	m.run(out[0].Data, in[0].Data)
	return nil
}

// transposed returns the move from x to y. It doesn't allocate.
func transposed(x, y tensor.Type, perm []int) move {
	m := move{size: y.DType.Size()}
	from, to := byteStrides(x), byteStrides(y)
	for i, d := range y.Shape {
		m.add(d, from[perm[i]], to[i])
	}
	return m
}

// Prepare uses kernels for elements of 1 and 4 bytes, where the innermost
// dimension becomes another. Computed permutations are left to Ref.
func (o *Transpose) Prepare(p *Prep) (Prepared, error) {
	if o.Perm == nil {
		return byRef(o)
	}
	m := transposed(p.In[0], p.Out[0], o.Perm)
	if !m.simplify() || m.rank < 2 || !m.inner() || m.size != 1 && m.size != 4 {
		return byRef(o)
	}
	k := p.Kernels
	return Prepared{Kernel: k.Name, Bind: func(mem *Mem) (Step, error) {
		x, y := mem.In[0].Data, mem.Out[0].Data
		if m.size == 1 {
			return planes(mem, &m, tensor.Cast[int8](y), tensor.Cast[int8](x), k.TransposeX1), nil
		}
		return planes(mem, &m, tensor.Cast[int32](y), tensor.Cast[int32](x), k.TransposeX4), nil
	}}, nil
}

// planes returns a step that transposes the planes of the last two dimensions
// of m by a kernel, in strips of moveTile lines of y, which workers share.
func planes[T int8 | int32](mem *Mem, m *move, y, x []T, transpose func(y, x []T, rows, cols, ldy, ldx int)) Step {
	last := m.rank - 1
	rows, cols, ldy, ldx := m.dim[last], m.dim[last-1], m.dst[last-1]/m.size, m.src[last]/m.size
	strips, outer := (cols+moveTile-1)/moveTile, 1
	for _, d := range m.dim[:last-1] {
		outer *= d
	}
	return inShares(mem, outer*strips, 1, moveTile*rows, func(lo, hi int) {
		for u := lo; u < hi; u++ {
			at, from, plane := m.at/m.size, m.from/m.size, u/strips
			for i := last - 2; i >= 0; i-- {
				index := plane % m.dim[i]
				at, from, plane = at+index*m.dst[i]/m.size, from+index*m.src[i]/m.size, plane/m.dim[i]
			}
			j := u % strips * moveTile
			transpose(y[at+j*ldy:], x[from+j:], rows, min(moveTile, cols-j), ldy, ldx)
		}
	})
}
