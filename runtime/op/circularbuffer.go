package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// CircularBuffer keeps the last Slots inputs and gives them in order, the
// newest last. It ends all but every Cycles-th run early (ErrIdle), so that
// what follows it runs at the pace of a strided layer.
//
// Inputs: x [1,1,w,c], and two variables, the slots [1,Slots,w,c] and an int32
// that counts runs. (The reference keeps the slots in the output tensor, which
// a file must then mark as a variable.)
type CircularBuffer struct{ Slots, Cycles int }

// Writes lists the slots and the count.
func (*CircularBuffer) Writes() []int { return []int{1, 2} }

// Idles reports whether runs may end early.
func (o *CircularBuffer) Idles() bool { return o.Cycles > 1 }

// Infer returns x's type with Slots as its height.
func (o *CircularBuffer) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, 3); err != nil {
		return nil, err
	}
	if err := wantRank(in, 0, 4); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.I8); err != nil {
		return nil, err
	}
	x := in[0].Shape
	out := in[0].WithShape(1, o.Slots, x[2], x[3])
	switch {
	case !in[0].Static() || x[0] != 1 || x[1] != 1:
		return nil, Unsupported("input of shape %v, other than [1 1 w c],", x)
	case o.Slots < 1 || o.Cycles < 1 || o.Cycles > math.MaxInt32:
		return nil, errorf("%d slots and %d cycles, want 1 or more", o.Slots, o.Cycles)
	}
	if err := out.Check(); err != nil {
		return nil, err
	}
	if in[1].DType != tensor.I8 || in[1].Len() != out.Len() || in[2].DType != tensor.I32 || in[2].Len() != 1 {
		return nil, errorf("state is %s%v and %s%v, want int8%v and one int32", in[1].DType, in[1].Shape, in[2].DType, in[2].Shape, out.Shape)
	}
	return []tensor.Type{out}, nil
}

// Ref moves the slots on and counts.
func (o *CircularBuffer) Ref(in, out []tensor.View) error {
	x, slots, count := in[0].Data, in[1].Data, in[2].I32()
	copy(slots, slots[len(x):])
	copy(slots[len(slots)-len(x):], x)
	if count[0]++; int(count[0]) < o.Cycles {
		return ErrIdle
	}
	count[0] = 0
	copy(out[0].Data, slots)
	return nil
}
