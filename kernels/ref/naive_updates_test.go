package ref_test

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// naiveUpdates are the formulas of kernels.Updates, written out.
func naiveUpdates() kernels.Updates {
	root := func(x float32) float32 { return float32(math.Sqrt(float64(x))) }
	return kernels.Updates{
		SGDF32: func(w, m, g []float32, p *kernels.SGDF32) {
			for i := range w {
				d := float32(p.Rate * (float32(g[i]*p.Scale) + float32(p.L2*w[i])))
				kept := float32(w[i] * p.Keep)
				switch {
				case m == nil:
					w[i] = kept - d
				case p.Nesterov:
					m[i] = float32(p.Momentum*m[i]) - d
					w[i] = kept + (float32(p.Momentum*m[i]) - d)
				default:
					m[i] = float32(p.Momentum*m[i]) - d
					w[i] = kept + m[i]
				}
			}
		},
		AdamF32: func(w, m, v, g []float32, p *kernels.AdamF32) {
			for i := range w {
				d := float32(g[i]*p.Scale) + float32(p.L2*w[i])
				m[i] += float32(p.Mean * (d - m[i]))
				v[i] += float32(p.Square * (float32(d*d) - v[i]))
				w[i] = float32(w[i]*p.Keep) - float32(p.Rate*m[i])/(float32(root(v[i])*p.Root)+p.Epsilon)
			}
		},
		RMSpropF32: func(w, m, v, g []float32, p *kernels.RMSpropF32) {
			for i := range w {
				d, before := float32(g[i]*p.Scale)+float32(p.L2*w[i]), float32(0)
				if m != nil {
					before = m[i]
				}
				v[i] += float32(p.Square * (float32(d*d) - v[i]))
				now := float32(p.Momentum*before) + float32(p.Rate*d)/root(v[i]+p.Epsilon)
				w[i] = float32(w[i]*p.Keep) - now
				if m != nil {
					m[i] = now
				}
			}
		},
	}
}
