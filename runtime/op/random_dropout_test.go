package op_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
	"github.com/edgeinfer/edgeinfer/train/gradtest"
)

// philox is Philox4x32-10 in another way than the operator's: by 64-bit products.
func philox(block uint64, step uint32, seed uint64, layer uint32) [4]uint32 {
	c := [4]uint32{uint32(block), uint32(block >> 32), step, uint32(seed >> 32)}
	for r := range uint32(10) {
		a, b := uint64(c[0])*0xD2511F53, uint64(c[2])*0xCD9E8D57
		c = [4]uint32{uint32(b>>32) ^ c[1] ^ (uint32(seed) + r*0x9E3779B9), uint32(b), uint32(a>>32) ^ c[3] ^ (layer + r*0xBB67AE85), uint32(a)}
	}
	return c
}

func TestRandomDropout(t *testing.T) {
	var cases []gradtest.Case
	for _, n := range []int{1, 3, 4, 8, 33, 63, 64, 65, 200, 333} {
		for _, rate := range []float32{0, 0.1, 0.5, 0.9} {
			cases = append(cases, gradtest.Case{
				Name: fmt.Sprint(n, " at ", rate), Op: &op.RandomDropout{Rate: rate, Seed: 7<<32 + 9, Layer: 3},
				In: []gradtest.Input{gradtest.Of(n), {Shape: []int{1}, Ints: []int32{41}}},
				F: func(in [][]float64) [][]float64 {
					y := make([]float64, n)
					for i, v := range in[0] {
						if float64(philox(uint64(i/4), 41, 7<<32+9, 3)[i%4]) >= math.Floor(float64(rate)*(1<<32)) {
							y[i] = v / (1 - float64(rate))
						}
					}
					return [][]float64{y}
				},
			})
		}
	}
	gradtest.Run(t, cases)
}

// TestRandomDropoutShare counts what is kept, and that steps and layers differ.
func TestRandomDropoutShare(t *testing.T) {
	const n = 1 << 16
	x, y := make([]float32, n), make([]float32, n)
	for i := range x {
		x[i] = 1
	}
	in := []tensor.View{{Type: tensor.Of(tensor.F32, n), Data: tensor.Bytes(x)}, {Type: tensor.Of(tensor.I32, 1), Data: tensor.Bytes([]int32{1})}}
	out := []tensor.View{{Type: tensor.Of(tensor.F32, n), Data: tensor.Bytes(y)}}
	drop := func(layer uint32, step int32) (kept, which int) {
		in[1].I32()[0] = step
		require.NoError(t, (&op.RandomDropout{Rate: 0.3, Seed: 5, Layer: layer}).Ref(in, out))
		for i, v := range y {
			if v != 0 {
				kept, which = kept+1, which+i*i%7919
			}
		}
		return kept, which
	}
	kept, first := drop(0, 1)
	require.InDelta(t, 0.7*n, kept, 4*math.Sqrt(0.21*n))
	for _, c := range []struct {
		layer uint32
		step  int32
		same  bool
	}{{0, 1, true}, {0, 2, false}, {1, 1, false}} {
		_, which := drop(c.layer, c.step)
		require.Equal(t, c.same, which == first, "layer %d, step %d", c.layer, c.step)
	}
	for _, rate := range []float32{-0.1, 1, float32(math.NaN())} {
		_, err := (&op.RandomDropout{Rate: rate}).Infer(in)
		require.ErrorContains(t, err, "rate")
	}
}
