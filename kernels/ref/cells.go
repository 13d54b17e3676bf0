package ref

import "github.com/edgeinfer/edgeinfer/kernels"

func cellSlots() kernels.Cells {
	return kernels.Cells{LSTMF32: lstmF32, LSTMGradF32: lstmGradF32, GRUF32: gruF32, GRUGradF32: gruGradF32}
}

// four returns four gates of n elements each.
func four(x []float32, n int) (a, b, c, d []float32) {
	return x[:n], x[n : 2*n], x[2*n : 3*n], x[3*n : 4*n]
}

func lstmF32(h, c, gates, r, was []float32) {
	n := len(h)
	i, f, g, o := four(gates, n)
	ri, rf, rg, ro := four(r, n)
	for j := range h {
		i[j], f[j], g[j], o[j], c[j], h[j] = kernels.LSTMStep(i[j]+ri[j], f[j]+rf[j], g[j]+rg[j], o[j]+ro[j], was[j])
	}
}

func lstmGradF32(dgates, dc, dh, gates, c, was []float32) {
	n := len(dh)
	i, f, g, o := four(gates, n)
	di, df, dg, do := four(dgates, n)
	for j := range dh {
		di[j], df[j], dg[j], do[j], dc[j] = kernels.LSTMGradStep(i[j], f[j], g[j], o[j], c[j], was[j], dh[j], dc[j])
	}
}

func gruF32(h, gates, r, was []float32) {
	n := len(h)
	z, a, g, q := four(gates, n)
	for j := range h {
		q[j] = r[2*n+j]
		z[j], a[j], g[j], h[j] = kernels.GRUStep(z[j], a[j], g[j], r[j], r[n+j], q[j], was[j])
	}
}

func gruGradF32(dgates, dh, gates, was []float32) {
	n := len(dh)
	z, r, g, q := four(gates, n)
	dz, dr, dg, dq := four(dgates, n)
	for j := range dh {
		dz[j], dr[j], dg[j], dq[j], dh[j] = kernels.GRUGradStep(z[j], r[j], g[j], q[j], was[j], dh[j])
	}
}
