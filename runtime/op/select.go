package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// Select takes elements of input 1 where input 0, bools, is true, and of input
// 2 elsewhere; all three are broadcast. With Rows, a condition of rank 1
// chooses along the first axis: TFLite's SELECT, as opposed to SELECT_V2.
type Select struct{ Rows bool }

// Infer returns the broadcast type.
func (o *Select) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, 3); err != nil {
		return nil, err
	}
	if in[0].DType != tensor.Bool {
		return nil, errorf("condition of type %s, want bool", in[0].DType)
	}
	if in[1].DType.Bits()%8 != 0 {
		return nil, Unsupported("%s as type of input 1", in[1].DType)
	}
	if err := wantSame(in, 1, 2); err != nil {
		return nil, err
	}
	if err := wantRanks(in); err != nil {
		return nil, err
	}
	shape, err := broadcast(in[1].Shape, in[2].Shape)
	if err != nil {
		return nil, err
	}
	if shape, err = broadcast(o.condition(in), shape); err != nil {
		return nil, err
	}
	if len(shape) > maxRank {
		return nil, Unsupported("rank %d (up to %d is)", len(shape), maxRank)
	}
	return []tensor.Type{in[1].WithShape(shape...)}, nil
}

// condition returns the shape that the condition is broadcast from.
func (o *Select) condition(in []tensor.View) []int {
	c := in[0].Shape
	if rank := max(in[1].Rank(), in[2].Rank()); o.Rows && len(c) == 1 && rank > 1 {
		shape := make([]int, rank)
		for i := range shape {
			shape[i] = 1
		}
		shape[0] = c[0]
		return shape
	}
	return c
}

// Ref chooses each element by itself.
func (o *Select) Ref(in, out []tensor.View) error {
	cond, shape := o.condition(in), out[0].Shape
	size := out[0].DType.Size()
	for k := range out[0].Len() {
		from := &in[2]
		if in[0].Data[under(cond, shape, k)] != 0 {
			from = &in[1]
		}
		i := under(from.Shape, shape, k) * size
		copy(out[0].Data[k*size:(k+1)*size], from.Data[i:])
	}
	return nil
}

// Prepare prepares loops over runs.
func (o *Select) Prepare(*Prep) (Prepared, error) {
	return Prepared{Kernel: "go", Bind: func(m *Mem) (Step, error) {
		switch cond := o.condition(m.In); m.Out[0].DType.Bits() {
		case 8:
			return bindSelect[uint8](m, cond), nil
		case 16:
			return bindSelect[uint16](m, cond), nil
		case 32:
			return bindSelect[uint32](m, cond), nil
		default:
			return bindSelect[uint64](m, cond), nil
		}
	}}, nil
}

func bindSelect[T tensor.Element](m *Mem, cond []int) Step {
	c, x, z, y := m.In[0].Data, tensor.Cast[T](m.In[1].Data), tensor.Cast[T](m.In[2].Data), tensor.Cast[T](m.Out[0].Data)
	if len(y) == 0 {
		return nil
	}
	w := newWalk(m.Out[0].Shape, cond, m.In[1].Shape, m.In[2].Shape)
	var by [3]int // how far each operand advances within a row
	for j := range by {
		if !w.still[j] && w.row > 1 {
			by[j] = 1
		}
	}
	row := func(at int, from [3]int) {
		i, j, k := from[0], from[1], from[2]
		for o := range w.row {
			v := z[k]
			if c[i] != 0 {
				v = x[j]
			}
			y[at+o] = v
			i, j, k = i+by[0], j+by[1], k+by[2]
		}
	}
	return func() error { w.each(0, w.row, row); return nil }
}

// InPlace says that the result may replace an operand of its size.
func (*Select) InPlace(in, out []tensor.Type) []int { return inPlacePair(in, out) }
