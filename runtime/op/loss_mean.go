package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// meanLoss is a loss of each element, whose mean over the last dimension is that
// of a sample.
type meanLoss interface {
	graph.Op
	// losses computes what each element of x loses, by the target t; slopes the
	// derivative by x, times f, which has one element or as many. y, which may be x
	// or t, and u, memory to work with, are as long as x, at most partElements.
	losses(k *kernels.Rows, y, x, t, u []float32)
	slopes(k *kernels.Rows, y, x, t, f, u []float32)
	valid() error
}

// inferMeanLoss checks inputs and attributes.
func inferMeanLoss(o meanLoss, in []tensor.View) ([]tensor.Type, error) {
	out, err := inferLoss(in, false)
	if err != nil {
		return nil, err
	}
	return out, o.valid()
}

// prepareMeanLoss prepares a loss: samples are shared among workers, and their
// losses lie in scratch. Those of many small samples are computed at once.
func prepareMeanLoss(o meanLoss, p *Prep) (Prepared, error) {
	k := p.Kernels
	return Prepared{Kernel: k.Name, Scratch: 4 * p.In[2].Len(), PerWorker: 8 * partElements, Bind: func(m *Mem) (Step, error) {
		n, c := rowsOf(m.In[0].Type)
		x, t, weight, y := m.In[0].F32(), m.In[1].F32(), m.In[2].F32(), m.Out[0].F32()
		loss, scale := tensor.Cast[float32](m.Scratch)[:n], []float32{1 / float32(c)}
		all := inSharesOf(m, n, 1, functionWork*c, func(w, lo, hi int) {
			terms := tensor.Cast[float32](m.PerWorker[w])
			terms, u := terms[:partElements], terms[partElements:2*partElements]
			meanRows(loss[lo:hi], c, terms, k, func(y []float32, from int) {
				from += lo * c
				o.losses(&k.Rows, y, x[from:from+len(y)], t[from:from+len(y)], u[:len(y)])
			})
			k.BinaryF32(kernels.BinaryMul, loss[lo:hi], loss[lo:hi], scale, infs[0], infs[1])
		})
		return func() error {
			if err := all(); err != nil {
				return err
			}
			y[0] = k.ReduceF32(kernels.ReduceSum, weighed(loss, weight), 0)
			return nil
		}, nil
	}}, nil
}

// meanRows sets each element of sums to the sum of a row of c terms, which f
// computes: as many rows as there is memory for at once, or a part of one. Parts of
// long rows are sums in lanes of their own, added up in order.
func meanRows(sums []float32, c int, terms []float32, k *kernels.Set, f func(y []float32, from int)) {
	if c > len(terms) {
		for i := range sums {
			sums[i] = 0
			for j := 0; j < c; j += len(terms) {
				part := terms[:min(len(terms), c-j)]
				f(part, i*c+j)
				sums[i] += k.ReduceF32(kernels.ReduceSum, part, 0)
			}
		}
		return
	}
	for i := 0; i < len(sums); {
		rows := min(len(sums)-i, len(terms)/c)
		f(terms[:rows*c], i*c)
		if c == 1 {
			copy(sums[i:], terms[:rows])
		} else {
			for j := range rows {
				sums[i+j] = k.ReduceF32(kernels.ReduceSum, terms[j*c:(j+1)*c], 0)
			}
		}
		i += rows
	}
}

// meanLossGrad is the gradient of a meanLoss, from its inputs and dy.
type meanLossGrad struct{ loss meanLoss }

// Name returns the loss's name and "Grad".
func (o *meanLossGrad) Name() string { return graph.Name(o.loss) + "Grad" }

// Infer returns the prediction's type.
func (o *meanLossGrad) Infer(in []tensor.View) ([]tensor.Type, error) {
	out, err := inferLossGrad(in, false)
	if err != nil {
		return nil, err
	}
	return out, o.loss.valid()
}

// Prepare shares samples among workers.
func (o *meanLossGrad) Prepare(p *Prep) (Prepared, error) {
	k := p.Kernels
	return Prepared{Kernel: k.Name, PerWorker: 8 * partElements, Bind: func(m *Mem) (Step, error) {
		n, c := rowsOf(m.In[0].Type)
		return inSharesOf(m, n, 1, functionWork*c, func(w, lo, hi int) {
			mem := tensor.Cast[float32](m.PerWorker[w])
			o.rows(&k.Rows, m, c, lo, hi, mem[:partElements], mem[partElements:2*partElements])
		}), nil
	}}, nil
}

// rows computes the rows from lo to hi. What a row's slopes are multiplied by,
// weight·(dy/c), goes into f: one for each element where rows are short.
func (o *meanLossGrad) rows(k *kernels.Rows, m *Mem, c, lo, hi int, f, u []float32) {
	x, t, weight, dx := m.In[0].F32(), m.In[1].F32(), m.In[2].F32(), m.Out[0].F32()
	scale := m.In[3].F32()[0] / float32(c)
	if c > partElements/2 {
		for i := lo; i < hi; i++ {
			f[0] = float32(weight[i] * scale)
			for from := i * c; from < (i+1)*c; from += len(u) {
				to := min(from+len(u), (i+1)*c)
				o.part(k, dx[from:to], x[from:to], t[from:to], f[:1], u[:to-from])
			}
		}
		return
	}
	for i := lo; i < hi; {
		rows := min(hi-i, partElements/c)
		for j, w := range weight[i : i+rows] {
			w = float32(w * scale)
			for l := j * c; l < (j+1)*c; l++ {
				f[l] = w
			}
		}
		from, to := i*c, (i+rows)*c
		o.part(k, dx[from:to], x[from:to], t[from:to], f[:to-from], u[:to-from])
		i += rows
	}
}

// part computes the gradient of some elements: 0 where the factor is, whatever
// the prediction.
func (o *meanLossGrad) part(k *kernels.Rows, dx, x, t, f, u []float32) {
	o.loss.slopes(k, dx, x, t, f, u)
	if len(f) == 1 && len(dx) > 1 {
		if f[0] == 0 {
			clear(dx)
		}
		return
	}
	for i, f := range f {
		if f == 0 {
			dx[i] = 0
		}
	}
}

// InPlace says that the gradient may replace the prediction.
func (*meanLossGrad) InPlace(in, out []tensor.Type) []int { return []int{0} }

// gradOfMean adds the gradient of o.
func gradOfMean(o meanLoss, b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error) {
	return lossGrad(b, n, dy, want, &meanLossGrad{o}, n.In...)
}
