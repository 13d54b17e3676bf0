package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// AffineGrid makes a grid for GridSample. Input 0, float32 or float64, is an
// affine map of each image, [n 2 3] or [n 3 4]; input 1, int64, the size of the
// images, [n c h w] or [n c d h w]. The output is [n h w 2] or [n d h w 3].
type AffineGrid struct{ AlignCorners bool }

// Infer reads the size.
func (*AffineGrid) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32, tensor.F64); err != nil {
		return nil, err
	}
	t := in[0].Shape
	if len(t) != 3 || t[1] != 2 && t[1] != 3 || t[2] != t[1]+1 {
		return nil, errorf("the maps have shape %v, want [n 2 3] or [n 3 4]", t)
	}
	size, known, err := ints(in[1])
	if err != nil {
		return nil, errorf("size: %w", err)
	}
	if in[1].Rank() != 1 || in[1].Static() && in[1].Len() != t[1]+2 {
		return nil, errorf("the size has shape %v, want [%d]", in[1].Shape, t[1]+2)
	}
	shape := dynamicShape(t[1] + 2)
	shape[0], shape[t[1]+1] = t[0], t[1]
	if known {
		for i, d := range size {
			if d < 0 || d > maxReach || i == 0 && t[0] != tensor.Dynamic && d != t[0] {
				return nil, errorf("size %v is not valid for %d maps", size, t[0])
			}
			if i >= 2 {
				shape[i-1] = d
			}
		}
	}
	return []tensor.Type{in[0].WithShape(shape...)}, nil
}

// Ref maps each pixel's place.
func (o *AffineGrid) Ref(in, out []tensor.View) error {
	if in[0].DType == tensor.F32 {
		affinePlain(*o, out[0].Shape, in[0].F32(), out[0].F32())
	} else {
		affinePlain(*o, out[0].Shape, in[0].F64(), out[0].F64())
	}
	return nil
}

func affinePlain[T nnReal](o AffineGrid, shape []int, theta, y []T) {
	rank := len(shape) - 2
	if len(y) == 0 {
		return
	}
	pixels := product(shape[1 : rank+1])
	for p := range len(y) / rank {
		m := theta[p/pixels*rank*(rank+1):]
		var at [3]float64 // the last axis first
		rest := p % pixels
		for i := range rank {
			n := shape[rank-i]
			at[i] = o.place(rest%n, n)
			rest /= n
		}
		for i := range rank {
			row := m[i*(rank+1):]
			sum := float64(row[rank])
			for k := range rank {
				sum += float64(float64(row[k]) * at[k])
			}
			y[p*rank+i] = T(sum)
		}
	}
}

// place is where pixel i of n is, from -1 to 1.
func (o *AffineGrid) place(i, n int) float64 {
	if !o.AlignCorners {
		return float64(2*i+1)/float64(n) - 1
	}
	if n == 1 {
		return 0
	}
	return float64(2*i)/float64(n-1) - 1
}
