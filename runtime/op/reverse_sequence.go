package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// ReverseSequence turns the beginning of each sequence of input 0 around: the
// elements along TimeAxis, as many as input 1 says for the index along
// BatchAxis. The rest stays.
type ReverseSequence struct{ TimeAxis, BatchAxis int }

// Infer returns input 0's type.
func (o *ReverseSequence) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantMovable(in, 0); err != nil {
		return nil, err
	}
	if err := wantType(in, 1, tensor.I32, tensor.I64); err != nil {
		return nil, err
	}
	time, batch, err := o.axes(in)
	if err != nil {
		return nil, err
	}
	if time == batch {
		return nil, errorf("axis %d is both the batch's and that of time", time)
	}
	if want := in[0].Shape[batch : batch+1]; !shapesAgree(in[1].Shape, want) {
		return nil, errorf("input 1 has shape %v, want %v", in[1].Shape, want)
	}
	return []tensor.Type{in[0].Type}, nil
}

func (o *ReverseSequence) axes(in []tensor.View) (time, batch int, err error) {
	if time, err = axisOf(o.TimeAxis, in[0].Rank()); err != nil {
		return 0, 0, errorf("time: %w", err)
	}
	if batch, err = axisOf(o.BatchAxis, in[0].Rank()); err != nil {
		return 0, 0, errorf("batch: %w", err)
	}
	return time, batch, nil
}

// Ref moves the turned part and the rest of each sequence.
func (o *ReverseSequence) Ref(in, out []tensor.View) error {
	time, batch, err := o.axes(in)
	if err != nil {
		return err
	}
	s, by := in[0].Shape, byteStrides(in[0].Type)
	for b := range s[batch] {
		n, err := intAt(&in[1], b)
		if err != nil {
			return dataf("input 1: %v", err)
		}
		if n < 0 || n > s[time] {
			return dataf("a sequence of %d (element %d) in a dimension of %d", n, b, s[time])
		}
		turned, rest := move{size: in[0].DType.Size()}, move{size: in[0].DType.Size()}
		turned.from, turned.at = b*by[batch]+max(n-1, 0)*by[time], b*by[batch]
		rest.from, rest.at = b*by[batch]+n*by[time], b*by[batch]+n*by[time]
		for i, d := range s {
			switch i {
			case batch:
			case time:
				turned.add(n, -by[i], by[i])
				rest.add(d-n, by[i], by[i])
			default:
				turned.add(d, by[i], by[i])
				rest.add(d, by[i], by[i])
			}
		}
		turned.run(out[0].Data, in[0].Data)
		rest.run(out[0].Data, in[0].Data)
	}
	return nil
}
