package kerneltest

import (
	"math/rand/v2"
	"testing"

	"github.com/edgeinfer/edgeinfer/kernels"
)

func addS8(t *testing.T, got, want func(y, a, b []int8, p *kernels.AddS8)) {
	g := &guards{t: t}
	rng := rand.New(rand.NewPCG(5, 5))
	for n := range 140 {
		for trial := range 8 {
			g.reset()
			a, b := place[int8](g, n), place[int8](g, n)
			bytes(rng, a)
			bytes(rng, b)
			wantY := make([]int8, n)
			p := addParams(rng)
			want(wantY, a, b, p)
			var y []int8
			switch trial { // an operator may overwrite either operand
			case 0:
				y = a
			case 1:
				y = b
			default:
				y = place[int8](g, n)
			}
			got(y, a, b, p)
			if i := diff(y, wantY); i >= 0 {
				t.Fatalf("%d values, trial %d, %+v: y[%d] = %d, want %d", n, trial, *p, i, y[i], wantY[i])
			}
			if !g.intact() {
				t.Fatalf("%d values: wrote outside its memory", n)
			}
		}
	}
}

// addParams returns what TFLite would compute from random scales, or anything.
func addParams(rng *rand.Rand) *kernels.AddS8 {
	p := &kernels.AddS8{ZeroA: int32(rng.IntN(256) - 128), ZeroB: int32(rng.IntN(256) - 128), Shift: 20}
	p.Zero, p.Lo, p.Hi = output(rng)
	m := func() int32 { return 1<<30 + int32(rng.Uint32()>>2) }
	p.A, p.B, p.Out = parts(m(), -rng.IntN(6)), parts(1<<30, 0), parts(m(), -16-rng.IntN(5))
	if rng.IntN(3) == 0 {
		p.Shift = int32(rng.IntN(31))
		p.A, p.B, p.Out = parts(multiplier(rng)), parts(multiplier(rng)), parts(multiplier(rng))
	}
	return p
}
