package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// GlobalKind says what a GlobalPool computes.
type GlobalKind uint8

// The kinds.
const (
	GlobalAverage GlobalKind = iota
	GlobalMax
	GlobalLp
)

// GlobalPool computes one number from each channel of an image [n c d1 d2 …],
// float32 or float64: the average, the greatest element or the P-norm. The
// output is [n c 1 1 …].
type GlobalPool struct {
	Kind GlobalKind
	P    int
}

// Name returns "GlobalAveragePool", "GlobalMaxPool" or "GlobalLpPool".
func (o *GlobalPool) Name() string {
	return [...]string{"GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"}[o.Kind]
}

// Infer makes all dimensions but the first two 1.
func (o *GlobalPool) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32, tensor.F64); err != nil {
		return nil, err
	}
	x := in[0].Shape
	if len(x) < 2 {
		return nil, errorf("input 0 has shape %v, want [n c …]", x)
	}
	if o.Kind == GlobalLp && o.P < 1 {
		return nil, errorf("p is %d, want at least 1", o.P)
	}
	shape := append([]int{}, x[:2]...)
	for range x[2:] {
		shape = append(shape, 1)
	}
	return []tensor.Type{in[0].WithShape(shape...)}, nil
}

// Ref pools.
func (o *GlobalPool) Ref(in, out []tensor.View) error {
	pixels := product(in[0].Shape[2:])
	if in[0].DType == tensor.F32 {
		globalPlain(*o, pixels, in[0].F32(), out[0].F32(), -math.MaxFloat32)
	} else {
		globalPlain(*o, pixels, in[0].F64(), out[0].F64(), -math.MaxFloat64)
	}
	return nil
}

func globalPlain[T nnReal](o GlobalPool, pixels int, x, y []T, least T) {
	for i := range y {
		sum, most := 0.0, least
		for _, v := range x[i*pixels:][:pixels] {
			switch {
			case o.Kind == GlobalLp:
				sum += lpTerm(float64(v), o.P)
			case o.Kind == GlobalAverage:
				sum += float64(v)
			case v > most || v != v:
				most = v
			}
		}
		switch o.Kind {
		case GlobalAverage:
			y[i] = T(sum / float64(max(pixels, 1)))
		case GlobalMax:
			y[i] = most
		default:
			y[i] = T(lpRoot(sum, o.P))
		}
	}
}
