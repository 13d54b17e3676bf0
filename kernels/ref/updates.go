package ref

import "github.com/edgeinfer/edgeinfer/kernels"

func updates() kernels.Updates {
	return kernels.Updates{SGDF32: sgdF32, AdamF32: adamF32, RMSpropF32: rmspropF32}
}

func sgdF32(w, m, g []float32, p *kernels.SGDF32) {
	g = g[:len(w)]
	if m == nil {
		for i, v := range g {
			w[i] = p.Plain(w[i], v)
		}
		return
	}
	m = m[:len(w)]
	for i, v := range g {
		w[i], m[i] = p.Next(w[i], m[i], v)
	}
}

func adamF32(w, m, v, g []float32, p *kernels.AdamF32) {
	m, v, g = m[:len(w)], v[:len(w)], g[:len(w)]
	for i := range w {
		w[i], m[i], v[i] = p.Next(w[i], m[i], v[i], g[i])
	}
}

func rmspropF32(w, m, v, g []float32, p *kernels.RMSpropF32) {
	v, g = v[:len(w)], g[:len(w)]
	if m == nil {
		for i := range w {
			w[i], _, v[i] = p.Next(w[i], 0, v[i], g[i])
		}
		return
	}
	m = m[:len(w)]
	for i := range w {
		w[i], m[i], v[i] = p.Next(w[i], m[i], v[i], g[i])
	}
}
