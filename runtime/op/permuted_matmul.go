package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// PermutedMatMul is a fused BatchMatMul of computed float32 matrices that reads and
// writes heads of attention where they lie, between those of the others: it is
// Transpose(MatMul(Transpose(x, X), Transpose(y, Y)), Z). A permutation is nil if it
// moves nothing.
type PermutedMatMul struct {
	MatMul  BatchMatMul
	X, Y, Z []int
}

// TakePlanes takes over a transpose of input i.
func (o *BatchMatMul) TakePlanes(i int, perm []int, t tensor.Type) graph.Op {
	return (&PermutedMatMul{MatMul: *o}).TakePlanes(i, perm, t)
}

// Fuse takes over a transpose.
func (o *BatchMatMul) Fuse(next graph.Op, out tensor.Type) graph.Op {
	return (&PermutedMatMul{MatMul: *o}).Fuse(next, out)
}

// TakePlanes takes over a transpose of input i.
func (o *PermutedMatMul) TakePlanes(i int, perm []int, t tensor.Type) graph.Op {
	o = new(*o)
	to, adj := &o.X, o.MatMul.AdjX
	if i == 1 {
		to, adj = &o.Y, o.MatMul.AdjY
	}
	if !o.MatMul.Fused || t.DType != tensor.F32 || !t.Static() || len(perm) != t.Rank() || *to != nil {
		return nil
	}
	*to = perm
	if _, _, ok := placed(t.Shape, perm, adj); !ok {
		return nil
	}
	return o
}

// Fuse takes over a transpose of the output.
func (o *PermutedMatMul) Fuse(next graph.Op, out tensor.Type) graph.Op {
	t, ok := next.(*Transpose)
	if !ok || !o.MatMul.Fused || out.DType != tensor.F32 || !out.Static() || len(t.Perm) != out.Rank() || o.Z != nil {
		return nil
	}
	if last := len(t.Perm) - 1; t.Perm[last] != last {
		return nil // rows would not stay together
	}
	o = new(*o)
	o.Z = t.Perm
	return o
}

// placed is about matrices stored with a shape, read through perm, and transposed
// if adj: where they lie, and whether what is stored then is the transpose. ok is
// false if the elements of neither rows nor columns lie side by side.
func placed(shape, perm []int, adj bool) (p places, turned, ok bool) {
	steps := strides(shape)
	if perm != nil {
		steps = pick(steps, perm)
		shape = pick(shape, perm)
	}
	r := len(steps) - 2
	if r < 0 {
		return p, false, false
	}
	p.batch = steps[:r:r]
	for i := range p.batch {
		if shape[i] == 1 {
			p.batch[i] = 0 // broadcast
		}
	}
	switch {
	case steps[r+1] == 1:
		p.row = steps[r]
		return p, adj, true
	case steps[r] == 1:
		p.row = steps[r+1]
		return p, !adj, true
	}
	return p, false, false
}

// strides returns how far the elements of a shape lie apart along each dimension.
func strides(shape []int) []int {
	s, step := make([]int, len(shape)), 1
	for i := len(shape) - 1; i >= 0; i-- {
		s[i] = step
		step *= shape[i]
	}
	return s
}

// pick returns x[at[0]], x[at[1]], …
func pick(x, at []int) []int {
	y := make([]int, len(at))
	for i, j := range at {
		y[i] = x[j]
	}
	return y
}

// permutedShape is the shape of Transpose(x, perm).
func permutedShape(shape, perm []int) []int {
	if perm == nil {
		return shape
	}
	return pick(shape, perm)
}

// straight returns the inputs' types as the product sees them.
func (o *PermutedMatMul) straight(in []tensor.Type) (x, y tensor.Type) {
	return in[0].WithShape(permutedShape(in[0].Shape, o.X)...), in[1].WithShape(permutedShape(in[1].Shape, o.Y)...)
}

// Suits refuses constants: BatchMatMul packs them.
func (*PermutedMatMul) Suits(in []tensor.View) bool {
	return !slices.ContainsFunc(in, func(v tensor.View) bool { return v.Known() })
}

// Infer checks that the shapes agree.
func (o *PermutedMatMul) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32); err != nil {
		return nil, err
	}
	for i, perm := range [][]int{o.X, o.Y} {
		if perm != nil && len(perm) != in[i].Rank() {
			return nil, Unsupported("a permutation of %d dimensions for %v", len(perm), in[i].Shape)
		}
	}
	x, y := o.straight([]tensor.Type{in[0].Type, in[1].Type})
	out, err := o.MatMul.Infer([]tensor.View{{Type: x}, {Type: y}})
	if err != nil {
		return nil, err
	}
	if o.Z != nil && len(o.Z) != out[0].Rank() {
		return nil, Unsupported("a permutation of %d dimensions for %v", len(o.Z), out[0].Shape)
	}
	out[0] = out[0].WithShape(permutedShape(out[0].Shape, o.Z)...)
	return out, nil
}

// Ref transposes, multiplies, and transposes.
func (o *PermutedMatMul) Ref(in, out []tensor.View) error {
	var at [2]tensor.View
	for i, perm := range [][]int{o.X, o.Y} {
		if at[i] = in[i]; perm != nil {
			at[i] = tensor.View{Type: in[i].WithShape(pick(in[i].Shape, perm)...), Data: make([]byte, in[i].Bytes())}
			if err := (&Transpose{Perm: perm}).Ref(in[i:i+1], at[i:i+1]); err != nil {
				return err
			}
		}
	}
	if o.Z == nil {
		return o.MatMul.Ref(at[:], out)
	}
	z := []tensor.View{{Type: out[0].WithShape(pick(out[0].Shape, Inverse(o.Z))...), Data: make([]byte, out[0].Bytes())}}
	if err := o.MatMul.Ref(at[:], z); err != nil {
		return err
	}
	return (&Transpose{Perm: o.Z}).Ref(z, out)
}

// Prepare multiplies the matrices where they lie.
func (o *PermutedMatMul) Prepare(p *Prep) (Prepared, error) {
	x, y := o.straight(p.In)
	m, err := o.MatMul.product(x.Shape, y.Shape)
	if err != nil {
		return Prepared{}, err
	}
	if m.count() == 0 {
		return nothing()
	}
	left, adjX, okX := placed(p.In[0].Shape, o.X, m.adjX)
	right, adjY, okY := placed(p.In[1].Shape, o.Y, m.adjY)
	if !okX || !okY {
		return Prepared{}, Unsupported("matrices %v and %v in the order %v and %v", p.In[0].Shape, p.In[1].Shape, o.X, o.Y)
	}
	m.adjX, m.adjY = adjX, adjY
	rank := len(m.batch)
	left.batch, right.batch = full(left.batch, rank), full(right.batch, rank)
	steps := strides(p.Out[0].Shape)
	if o.Z != nil {
		steps = pick(steps, Inverse(o.Z))
	}
	s := newPlacedMatmul(m, left, right, places{steps[rank], steps[:rank]}, p.Kernels, false, Bounds{})
	return Prepared{Kernel: p.Kernels.Name, PerWorker: s.perWorker() * 4, Bind: func(mem *Mem) (Step, error) {
		return s.step(mem, nil), nil
	}}, nil
}

// full gives strides zeros in front, up to a rank.
func full(steps []int, rank int) []int {
	return append(make([]int, rank-len(steps)), steps...)
}

// MACs is the number of products.
func (o *PermutedMatMul) MACs(in, out []tensor.Type) int64 {
	x, y := o.straight(in)
	z := out[0]
	if o.Z != nil {
		z = z.WithShape(pick(z.Shape, Inverse(o.Z))...)
	}
	return o.MatMul.MACs([]tensor.Type{x, y}, []tensor.Type{z})
}
