package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// Reverse turns round its input along the axes that input 1 lists.
type Reverse struct{}

// Infer returns input 0's type.
func (*Reverse) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantMovable(in, 0); err != nil {
		return nil, err
	}
	if err := wantType(in, 1, tensor.I32, tensor.I64); err != nil {
		return nil, err
	}
	if in[1].Known() {
		if _, err := turnedAxes(in); err != nil {
			return nil, err
		}
	}
	return []tensor.Type{in[0].Type}, nil
}

// turnedAxes returns the axes as bits.
func turnedAxes(in []tensor.View) (mask int, err error) {
	for i := range in[1].Len() {
		a, err := intAt(&in[1], i)
		if err == nil {
			a, err = axisOf(a, in[0].Rank())
		}
		if err != nil {
			return 0, err
		}
		if mask>>a&1 != 0 {
			return 0, errorf("axis %d is named twice", a)
		}
		mask |= 1 << a
	}
	return mask, nil
}

// Ref moves the elements in the order of the output.
func (*Reverse) Ref(in, out []tensor.View) error {
	mask, err := turnedAxes(in)
	if err != nil {
		return dataf("%v", err)
	}
	m := move{size: out[0].DType.Size()}
	by := byteStrides(in[0].Type)
	for i, d := range in[0].Shape {
		if mask>>i&1 == 0 {
			m.add(d, by[i], by[i])
			continue
		}
		m.from += (d - 1) * by[i]
		m.add(d, -by[i], by[i])
	}
	m.run(out[0].Data, in[0].Data)
	return nil
}
