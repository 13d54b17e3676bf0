package op

import (
	"math"
	"math/cmplx"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// directDFT is the definition.
func directDFT(x []complex128, sign float64) []complex128 {
	y := make([]complex128, len(x))
	for k := range y {
		for t, v := range x {
			y[k] += v * cmplx.Rect(1, sign*2*math.Pi*float64(k*t%len(x))/float64(len(x)))
		}
	}
	return y
}

func TestDFTLengths(t *testing.T) {
	for _, n := range []int{1, 2, 3, 4, 6, 7, 12, 17, 30, 49, 64, 77} {
		var w waves
		x := w.tensor(2, n, 3, 2)
		line := make([]complex128, n)
		for i := range line {
			at := ((n+i)*3 + 1) * 2
			line[i] = complex(float64(x.F32()[at]), float64(x.F32()[at+1]))
		}
		for _, inverse := range []bool{false, true} {
			out, err := runOp(&DFT{Axis: 1, Inverse: inverse}, x)
			require.NoError(t, err)
			want := directDFT(line, map[bool]float64{false: -1, true: 1}[inverse])
			for k, v := range want {
				if inverse {
					v /= complex(float64(n), 0)
				}
				at := ((n+k)*3 + 1) * 2
				assert.InDelta(t, real(v), out[0].F32()[at], 1e-5, "%d of %d", k, n)
				assert.InDelta(t, imag(v), out[0].F32()[at+1], 1e-5, "%d of %d", k, n)
			}
		}
	}
}

// A signal that is cut or filled up to a length comes back, of either parity.
func TestDFTOnesidedReturns(t *testing.T) {
	for _, n := range []int64{1, 2, 5, 8, 9} {
		var w waves
		x := w.tensor(1, 7, 1)
		length := tensor.View{Type: tensor.Of(tensor.I64), Data: tensor.Bytes([]int64{n})}
		half, err := runOp(&DFT{Axis: -2, Onesided: true}, x, length)
		require.NoError(t, err)
		require.Equal(t, []int{1, int(n)/2 + 1, 2}, half[0].Shape)
		back, err := runOp(&DFT{Axis: -2, Onesided: true, Inverse: true}, half[0], length)
		require.NoError(t, err)
		require.Equal(t, []int{1, int(n), 1}, back[0].Shape)
		for i, v := range back[0].F32() {
			want := float32(0)
			if i < 7 {
				want = x.F32()[i]
			}
			assert.InDelta(t, want, v, 1e-6)
		}
	}
}

func TestFourierErrors(t *testing.T) {
	var w waves
	scalar := func(n int64) tensor.View {
		return tensor.View{Type: tensor.Of(tensor.I64), Data: tensor.Bytes([]int64{n})}
	}
	for _, c := range []struct {
		want string
		o    Referenced
		in   []tensor.View
	}{
		{"holds real and imaginary parts", &DFT{Axis: 2}, []tensor.View{w.tensor(1, 4, 2)}},
		{"out of range", &DFT{Axis: 3}, []tensor.View{w.tensor(1, 4, 2)}},
		{"input 1 is 0, want 1 or more", &DFT{Axis: 1}, []tensor.View{w.tensor(1, 4, 2), scalar(0)}},
		{"no numbers to transform", &DFT{Axis: 1}, []tensor.View{w.tensor(1, 0, 2)}},
		{"want a last dimension of 1 or 2", &DFT{Axis: 1}, []tensor.View{w.tensor(1, 4, 3)}},
		{"input 1 is 0, want 1 or more", &STFT{}, []tensor.View{w.tensor(1, 8, 1), scalar(0)}},
		{"frames of 9 of a signal of 8", &STFT{}, []tensor.View{w.tensor(1, 8, 1), scalar(2), {}, scalar(9)}},
		{"frame_length is 3", &STFT{}, []tensor.View{w.tensor(1, 8, 1), scalar(2), w.tensor(4), scalar(3)}},
		{"input 0 is -1, want 0 or more", &CosineWindow{DType: tensor.F32}, []tensor.View{scalar(-1)}},
	} {
		_, err := runOp(c.o, c.in...)
		assert.ErrorContains(t, err, c.want)
	}
}
