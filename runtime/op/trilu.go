package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// Trilu keeps a triangle of each matrix that input 0's last two dimensions
// make, and sets the rest to 0: what is on or above the diagonal if Upper, on
// or below it otherwise. Input 1, if it is there, says how many columns to the
// right of the main one that diagonal is.
type Trilu struct{ Upper bool }

// Infer returns input 0's type.
func (*Trilu) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 2); err != nil {
		return nil, err
	}
	if err := wantMovable(in, 0); err != nil {
		return nil, err
	}
	if in[0].Rank() < 2 {
		return nil, errorf("input 0 has shape %v, want rank 2 or more", in[0].Shape)
	}
	if k := input(in, 1); !k.Absent() {
		if err := wantType(in, 1, tensor.I32, tensor.I64); err != nil {
			return nil, err
		}
		if k.Static() && k.Len() != 1 {
			return nil, errorf("input 1 has shape %v, want one element", k.Shape)
		}
	}
	return []tensor.Type{in[0].Type}, nil
}

// Ref clears a part of each row.
func (o *Trilu) Ref(in, out []tensor.View) error {
	dst := out[0].Data
	copy(dst, in[0].Data)
	if len(dst) == 0 {
		return nil
	}
	shift := int64(0)
	if k := input(in, 1); !k.Absent() {
		shift = int64(nearestInt(&in[1], 0))
	}
	rows, columns := in[0].Shape[in[0].Rank()-2], in[0].Shape[in[0].Rank()-1]
	size := in[0].DType.Size()
	for r := 0; len(dst) > 0; r++ {
		row := dst[:columns*size]
		dst = dst[columns*size:]
		diagonal := int64(r%rows) + shift
		if o.Upper {
			clear(row[:int(max(0, min(diagonal, int64(columns))))*size])
		} else {
			clear(row[int(max(0, min(diagonal+1, int64(columns))))*size:])
		}
	}
	return nil
}

// InPlace says that the elements that are kept may stay where they are.
func (*Trilu) InPlace(in, out []tensor.Type) []int { return []int{0} }
