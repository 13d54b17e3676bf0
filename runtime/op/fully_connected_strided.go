package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// prepareStrided multiplies by weights that the model computes, or a training
// step changes, where they lie. Sums start with the bias.
func (o *FullyConnected) prepareStrided(p *Prep, f *filter) (Prepared, error) {
	s := newStridedMatmul(matmul{m: f.n, n: f.oc, k: f.kc, adjY: !o.Turned}, p.Kernels, p.View(2).DType != tensor.None, o.Bounds)
	return Prepared{Kernel: p.Kernels.Name, PerWorker: s.perWorker() * 4, Bind: func(m *Mem) (Step, error) {
		var bias []float32
		if b := input(m.In, 2); !b.Absent() {
			bias = b.F32()
		}
		return s.step(m, bias), nil
	}}, nil
}
