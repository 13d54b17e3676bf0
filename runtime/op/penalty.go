package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Penalty is what weights add to a loss: a scalar, L1·Σ|w| + L2·Σw², as Keras'
// regularizers have it. Sums are made as GlobalNorm makes them.
type Penalty struct{ L1, L2 float32 }

// Infer returns a scalar.
func (o *Penalty) Infer(in []tensor.View) ([]tensor.Type, error) {
	if _, err := inferSame(in, tensor.F32); err != nil {
		return nil, err
	}
	return []tensor.Type{tensor.Of(tensor.F32)}, o.valid()
}

func (o *Penalty) valid() error {
	if !(o.L1 >= 0 && o.L2 >= 0) || !isFinite(o.L1) || !isFinite(o.L2) {
		return errorf("L1 and L2 are %v and %v, want numbers of 0 or more", o.L1, o.L2)
	}
	return nil
}

// finish computes the output from sums of parts: of absolute values and of squares.
func (o *Penalty) finish(y *tensor.View, sums [][2]float32) {
	one, two := 0.0, 0.0
	for _, s := range sums {
		one, two = one+float64(s[0]), two+float64(s[1])
	}
	y.F32()[0] = float32(float64(float64(o.L1)*one) + float64(float64(o.L2)*two))
}

// Ref adds up part by part.
func (o *Penalty) Ref(in, out []tensor.View) error {
	var sums [][2]float32
	for _, x := range normParts(in) {
		ones, squares := make([]float32, len(x)), make([]float32, len(x))
		each(ones, x, func(x float32) float32 { return max(x, -x) })
		each(squares, x, func(x float32) float32 { return float32(x * x) })
		sums = append(sums, [2]float32{laneSum(ones), laneSum(squares)})
	}
	o.finish(&out[0], sums)
	return nil
}

// Prepare shares parts among workers.
func (o *Penalty) Prepare(p *Prep) (Prepared, error) {
	k := p.Kernels
	return Prepared{Kernel: k.Name, PerWorker: 4 * normPart, Bind: func(m *Mem) (Step, error) {
		parts := normParts(m.In)
		sums := make([][2]float32, len(parts))
		all := inSharesOf(m, len(parts), 1, normPart/2, func(w, lo, hi int) {
			ones := tensor.Cast[float32](m.PerWorker[w])[:normPart]
			for i := lo; i < hi; i++ {
				x := parts[i]
				if o.L1 != 0 {
					k.BinaryF32(kernels.BinaryMul, ones[:len(x)], x, minusOne, infs[0], infs[1])
					k.BinaryF32(kernels.BinaryMax, ones[:len(x)], ones, x, infs[0], infs[1])
					sums[i][0] = k.ReduceF32(kernels.ReduceSum, ones[:len(x)], 0)
				}
				sums[i][1] = k.ReduceF32(kernels.ReduceSquares, x, 0)
			}
		})
		return func() error {
			if err := all(); err != nil {
				return err
			}
			o.finish(&m.Out[0], sums)
			return nil
		}, nil
	}}, nil
}

// Grad is by an operator of its own.
func (o *Penalty) Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return []graph.Value{b.Add(n.Label+"/grad", new(PenaltyGrad(*o)), n.In[0], dy[0])}, nil
}

// PenaltyGrad computes the gradient of Penalty, w·(dy·(L2 + L2)) or, with L1, that
// and sign(w)·(dy·L1), from w and dy. The sign of 0 is 0.
type PenaltyGrad Penalty

// Infer returns the weight's type.
func (o *PenaltyGrad) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	for i := range in {
		if err := wantType(in, i, tensor.F32); err != nil {
			return nil, err
		}
	}
	if !in[1].Static() || in[1].Len() != 1 {
		return nil, errorf("input 1 has shape %v, want a scalar", in[1].Shape)
	}
	return []tensor.Type{in[0].Type}, (*Penalty)(o).valid()
}

// Ref computes each element.
func (o *PenaltyGrad) Ref(in, out []tensor.View) error {
	dy := in[1].F32()[0]
	o.run(&definedRows, out[0].F32(), in[0].F32(), []float32{float32(dy * (o.L2 + o.L2))}, float32(dy*o.L1))
	return nil
}

// run computes elements: two is the factor of w, one that of its sign.
func (o *PenaltyGrad) run(k *kernels.Rows, dx, w, two []float32, one float32) {
	k.BinaryF32(kernels.BinaryMul, dx, w, two, infs[0], infs[1])
	if o.L1 == 0 {
		return
	}
	for i, w := range w[:len(dx)] {
		if w != 0 {
			dx[i] += kernels.GradAbs.Of(w, one, 0, 0)
		}
	}
}

// Prepare shares elements among workers.
func (o *PenaltyGrad) Prepare(p *Prep) (Prepared, error) {
	k := p.Kernels
	return Prepared{Kernel: k.Name, Bind: func(m *Mem) (Step, error) {
		w, dy, dx, two := m.In[0].F32(), m.In[1].F32(), m.Out[0].F32(), make([]float32, 1)
		all := inShares(m, len(dx), shareGrain, 1, func(lo, hi int) {
			o.run(&k.Rows, dx[lo:hi], w[lo:hi], two, float32(dy[0]*o.L1))
		})
		return func() error {
			two[0] = float32(dy[0] * (o.L2 + o.L2))
			return all()
		}, nil
	}}, nil
}
