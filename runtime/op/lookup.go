package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Lookup gives each byte of its input, int8 or uint8, the byte in its place in
// Table: any function of numbers that 8-bit integers stand for. From is the
// input's type and DType the output's, either int8 or uint8.
type Lookup struct {
	Table       *[256]byte
	From, DType tensor.DType
}

// Infer returns the input's shape.
func (o *Lookup) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	for _, d := range []tensor.DType{o.From, o.DType} {
		if o.Table == nil || d != tensor.I8 && d != tensor.U8 {
			return nil, errorf("a table of type %s, want int8 or uint8", d)
		}
	}
	if err := wantType(in, 0, o.From); err != nil {
		return nil, err
	}
	return []tensor.Type{tensor.Of(o.DType, in[0].Shape...)}, nil
}

// Ref looks each element up.
func (o *Lookup) Ref(in, out []tensor.View) error {
	(*byteTable)(o.Table).lookup(out[0].Data, in[0].Data)
	return nil
}

// Prepare shares long inputs among threads.
func (o *Lookup) Prepare(p *Prep) (Prepared, error) { return prepareLookup(p.Kernels, o.Table) }

// prepareLookup prepares an operator that gives each byte of its input its own.
//
//go:noinline
func prepareLookup(k *kernels.Set, t *[256]byte) (Prepared, error) {
	return Prepared{Kernel: k.Name, Bind: func(m *Mem) (Step, error) {
		x, y := m.In[0].Data, m.Out[0].Data
		return inShares(m, len(y), shareGrain, 1, func(lo, hi int) { k.Lookup(y[lo:hi], x[lo:hi], t) }), nil
	}}, nil
}

// InPlace says that the input may be replaced.
func (*Lookup) InPlace(in, out []tensor.Type) []int { return whole() }

// flipped is a Lookup that only flips sign bits, of elements of type d.
func flipped(d tensor.DType) *Lookup {
	o := &Lookup{Table: new([256]byte), From: d, DType: tensor.U8}
	if d == tensor.U8 {
		o.DType = tensor.I8
	}
	for i := range o.Table {
		o.Table[i] = byte(i) ^ 0x80
	}
	return o
}

// Fuse looks up in what is flipped.
func (*FlipSign) Fuse(next graph.Op, out tensor.Type) graph.Op {
	if n, ok := next.(*Lookup); ok {
		from := flipped(n.From).DType // flipping there and back
		return flipped(from).Fuse(n, out)
	}
	return nil
}

// Fuse looks up twice at once, or flips what is found.
func (o *Lookup) Fuse(next graph.Op, out tensor.Type) graph.Op {
	if _, flips := next.(*FlipSign); flips {
		next = flipped(o.DType)
	}
	n, ok := next.(*Lookup)
	if !ok {
		return nil
	}
	both := new([256]byte)
	for i, b := range o.Table {
		both[i] = n.Table[b]
	}
	return &Lookup{Table: both, From: o.From, DType: n.DType}
}

// clamps returns the bounds of a Lookup that only bounds integers of type d.
func (o *Lookup) clamps(d tensor.DType) (s Saturation, ok bool) {
	if o.From != d || o.DType != d {
		return s, false
	}
	least, most := d.Range()
	lo, hi := asInteger(o.Table[byte(least)], d), asInteger(o.Table[byte(most)], d)
	for i := least; i <= most; i++ {
		if want := min(max(int32(i), lo), hi); asInteger(o.Table[byte(i)], d) != want {
			return s, false
		}
	}
	return Saturation{lo, hi}, lo <= hi
}

// then returns the bounds of s, of integers of type d, and those of next after
// them, if next only bounds.
func (s Saturation) then(next graph.Op, d tensor.DType) (Saturation, bool) {
	o, ok := next.(*Lookup)
	if !ok || d != tensor.I8 && d != tensor.U8 { // float32 and sums
		return s, false
	}
	c, ok := o.clamps(d)
	if !ok {
		return s, false
	}
	return s.and(c, d)
}

// and returns the bounds of c after those of s, of integers of type d, if there
// is a Saturation that says it.
func (s Saturation) and(c Saturation, d tensor.DType) (Saturation, bool) {
	if s != (Saturation{}) {
		c = Saturation{min(max(s.Lo, c.Lo), c.Hi), min(max(s.Hi, c.Lo), c.Hi)}
	}
	lo, hi := d.Range()
	if c == (Saturation{int32(lo), int32(hi)}) {
		return Saturation{}, true
	}
	return c, c != (Saturation{}) // which would mean none
}

// Fuse takes over a clamp of the output.
func (o *IntegerConv) Fuse(next graph.Op, out tensor.Type) graph.Op {
	o = new(*o)
	var ok bool
	if o.Saturation, ok = o.Saturation.then(next, o.DType); !ok {
		return nil
	}
	return o
}

// Fuse takes over a clamp of the output.
func (o *IntegerMatMul) Fuse(next graph.Op, out tensor.Type) graph.Op {
	o = new(*o)
	var ok bool
	if o.Saturation, ok = o.Saturation.then(next, o.DType); !ok {
		return nil
	}
	return o
}

// Fuse takes over a clamp of the output, whose type it keeps.
func (o *LinearPair) Fuse(next graph.Op, out tensor.Type) graph.Op {
	o = new(*o)
	d, shift := out.DType, o.Offset
	l, ok := next.(*Lookup)
	if !ok {
		return nil
	}
	c, ok := l.clamps(d)
	if !ok {
		return nil
	}
	if shift != 0 {
		d = tensor.U8
	}
	if o.Saturation, ok = o.Saturation.and(Saturation{c.Lo + shift, c.Hi + shift}, d); !ok {
		return nil
	}
	return o
}

// Recoded is for both or either of the input and the output.
func (o *Lookup) Recoded(in, out []tensor.Type) (graph.Op, []int, []int) {
	from, flipIn := recodedType(o.From)
	to, flipOut := recodedType(o.DType)
	table := *o.Table
	for i, b := range o.Table {
		if flipOut {
			b ^= 0x80
		}
		if flipIn {
			i ^= 0x80
		}
		table[i] = b
	}
	inputs := []int{}
	if flipIn {
		inputs = append(inputs, 0)
	}
	return &Lookup{Table: &table, From: from, DType: to}, inputs, nil
}
