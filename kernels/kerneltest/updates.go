package kerneltest

import (
	"math/rand/v2"
	"testing"

	"github.com/edgeinfer/edgeinfer/kernels"
)

func unaryGradF32(t *testing.T, got, want func(f kernels.UnaryGradFn, dx, v, dy []float32, a, b float32)) {
	for f := range kernels.UnaryGradFns {
		rows(t, 41, func(g *guards, rng *rand.Rand, n int) {
			v, dy, wantX := place[float32](g, n), place[float32](g, n), make([]float32, n)
			floats(rng, v, rng.IntN(2) == 0)
			floats(rng, dy, rng.IntN(2) == 0)
			if rng.IntN(2) == 0 {
				special(rng, v)
				for i := range v {
					if rng.IntN(6) == 0 {
						v[i] = [...]float32{-3, 3, 6, 1}[rng.IntN(4)]
					}
				}
			}
			a, b := [...]float32{1, 6, 0.01, 1.702}[rng.IntN(4)], [...]float32{1, 0.2, 1.05}[rng.IntN(3)]
			want(f, wantX, v, dy, a, b)
			dx := [...][]float32{v, dy, place[float32](g, n)}[rng.IntN(3)]
			got(f, dx, v, dy, a, b)
			same(t, dx, wantX, "function", f, "by", a, b)
		})
	}
}

// updates tests the slots of optimisers: on ordinary numbers, and on any.
func updates(t *testing.T, got, want kernels.Updates) {
	f := func(rng *rand.Rand) float32 {
		return [...]float32{0, 1, rng.Float32(), rng.Float32() / 100}[rng.IntN(4)]
	}
	t.Run("SGDF32", func(t *testing.T) {
		update(t, 42, func(rng *rand.Rand) func(u *kernels.Updates, x *[4][]float32) {
			p := &kernels.SGDF32{Scale: f(rng), L2: f(rng), Keep: f(rng), Rate: f(rng), Momentum: f(rng), Nesterov: rng.IntN(2) == 0}
			return func(u *kernels.Updates, x *[4][]float32) { u.SGDF32(x[0], x[1], x[3], p) }
		}, &got, &want)
	})
	t.Run("AdamF32", func(t *testing.T) {
		update(t, 43, func(rng *rand.Rand) func(u *kernels.Updates, x *[4][]float32) {
			p := &kernels.AdamF32{Scale: f(rng), L2: f(rng), Keep: f(rng), Rate: f(rng), Mean: f(rng), Square: f(rng), Root: f(rng), Epsilon: 1e-7}
			return func(u *kernels.Updates, x *[4][]float32) {
				if x[1] == nil {
					x[1] = make([]float32, len(x[0])) // which the slot needs
				}
				u.AdamF32(x[0], x[1], x[2], x[3], p)
			}
		}, &got, &want)
	})
	t.Run("RMSpropF32", func(t *testing.T) {
		update(t, 44, func(rng *rand.Rand) func(u *kernels.Updates, x *[4][]float32) {
			p := &kernels.RMSpropF32{Scale: f(rng), L2: f(rng), Keep: f(rng), Rate: f(rng), Square: f(rng), Momentum: f(rng), Epsilon: 1e-7}
			return func(u *kernels.Updates, x *[4][]float32) { u.RMSpropF32(x[0], x[1], x[2], x[3], p) }
		}, &got, &want)
	})
}

// update compares one slot, which params binds to parameters. Operands are the
// weight, two states, of which the first is sometimes left out, and the gradient.
func update(t *testing.T, seed uint64, params func(rng *rand.Rand) func(u *kernels.Updates, x *[4][]float32), got, want *kernels.Updates) {
	rows(t, seed, func(g *guards, rng *rand.Rand, n int) {
		var x, wantX [4][]float32
		for i := range x {
			if i == 1 && rng.IntN(2) == 0 {
				continue
			}
			x[i] = place[float32](g, n)
			floats(rng, x[i], rng.IntN(3) == 0)
			wantX[i] = append([]float32{}, x[i]...)
			if x[i] == nil {
				x[i] = []float32{} // there, without elements
			}
		}
		run := params(rng)
		run(got, &x)
		run(want, &wantX)
		for i := range x {
			same(t, x[i], wantX[i], "operand", i)
		}
	})
}
