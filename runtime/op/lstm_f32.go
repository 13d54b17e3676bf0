package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// lstmF32 is a float32 LSTM made ready.
type lstmF32 struct {
	*lstmDims
	input, hidden [4]*matF32
	project       *matF32
	pad           int // columns of a row of products with the input
	quantise      int // bytes for rows made int8
	scratch       int // bytes
}

func newLSTMF32(p *Prep, d *lstmDims) (*lstmF32, error) {
	l := &lstmF32{lstmDims: d}
	var err error
	extra := int64(0)
	for _, g := range d.gates() {
		bias := d.at.bias[g]
		if d.norm { // it is added later
			bias = -1
		}
		if l.input[g], err = newMatF32(p, d.at.weights[g], bias, d.c, d.i, d.Asymmetric); err != nil {
			return nil, err
		}
		if l.hidden[g], err = newMatF32(p, d.at.recurrent[g], -1, d.c, d.o, d.Asymmetric); err != nil {
			return nil, err
		}
		l.pad = max(l.pad, l.input[g].pad(), l.hidden[g].pad())
		extra = max(extra, l.input[g].scratch(), l.hidden[g].scratch())
	}
	if d.proj {
		if l.project, err = newMatF32(p, d.at.proj, d.at.projBias, d.o, d.c, d.Asymmetric); err != nil {
			return nil, err
		}
	}
	rows := int64(d.chunk()) * int64(d.n)
	if l.quantise, err = sized((max(extra, l.project.scratch()) + 63) &^ 63); err != nil {
		return nil, err
	}
	l.scratch, err = sized(int64(l.quantise), 16*rows*int64(l.pad), 20*int64(d.n)*int64(d.c))
	return l, err
}

// refF32 runs the sequence with nothing packed.
func (d *lstmDims) refF32(in []tensor.View, x *tensor.View, y []float32) {
	l, err := newLSTMF32(&Prep{In: viewTypes(in), Const: make([][]byte, len(in))}, d)
	if err != nil {
		panic("BUG: " + err.Error()) // nothing is packed
	}
	l.run(in, x, y, tensor.Bytes(make([]float32, l.scratch/4)))
}

// run computes a sequence. in are the node's inputs, x the sequence.
func (l *lstmF32) run(in []tensor.View, x *tensor.View, y []float32, scratch []byte) {
	tmp, f := scratch[:l.quantise], tensor.Cast[float32](scratch[l.quantise:l.scratch])
	size := l.chunk() * l.n * l.pad
	var pre, gate [4][]float32
	for g := range 4 {
		pre[g], f = f[:size], f[size:]
	}
	for g := range 4 {
		gate[g], f = f[:l.n*l.c], f[l.n*l.c:]
	}
	out := f[:l.n*l.c]
	for t0 := 0; t0 < l.t; t0 += l.chunk() {
		steps := min(l.chunk(), l.t-t0)
		from := t0
		if l.reverse {
			from = l.t - t0 - steps
		}
		for _, g := range [...]int{gateIn, gateForget, gateCell, gateOut} {
			if l.input[g] != nil {
				l.products(pre[g], in, x.F32(), g, from, steps, tmp)
			}
		}
		for k := range steps {
			if l.reverse {
				k = steps - 1 - k
			}
			l.step(in, &pre, &gate, out, k, steps, tmp)
			h := in[l.at.hidden].F32()
			for b := range l.n {
				copy(y[l.row(from+k, b)*l.stride+l.first:], h[b*l.o:(b+1)*l.o])
			}
		}
	}
}

// products computes the part of gate g that comes from the input, for steps
// from on. Rows are in the input's order, as preRow finds them.
func (l *lstmF32) products(y []float32, in []tensor.View, x []float32, g, from, steps int, tmp []byte) {
	w, b := &in[l.at.weights[g]], &noBias
	if !l.norm {
		b = &in[l.at.bias[g]]
	}
	if l.TimeMajor {
		l.input[g].rows(y, l.pad, x[from*l.n*l.i:], l.i, steps*l.n, w, b, tmp)
		return
	}
	for n := range l.n {
		l.input[g].rows(y[n*steps*l.pad:], l.pad, x[l.row(from, n)*l.i:], l.i, steps, w, b, tmp)
	}
}

// preRow is the row of products for step k of a chunk of steps, image b.
func (d *lstmDims) preRow(k, steps, b int) int {
	if d.TimeMajor {
		return k*d.n + b
	}
	return b*steps + k
}

// step moves cells and hidden states on by one step.
func (l *lstmF32) step(in []tensor.View, pre, gate *[4][]float32, out []float32, k, steps int, tmp []byte) {
	hidden, cell := in[l.at.hidden].F32(), in[l.at.cell].F32()
	for g := range 4 {
		if l.hidden[g] == nil {
			continue
		}
		for b := range l.n {
			l.hidden[g].add(gate[g][b*l.c:], pre[g][l.preRow(k, steps, b)*l.pad:], hidden[b*l.o:(b+1)*l.o], &in[l.at.recurrent[g]], tmp)
		}
		if g != gateOut {
			l.activate(in, gate[g], cell, g)
		}
	}
	fi, ci, ii := gate[gateForget], gate[gateCell], gate[gateIn]
	for j := range cell {
		write := 1 - fi[j]
		if !l.coupled {
			write = ii[j]
		}
		cell[j] = float32(fi[j]*cell[j]) + float32(write*ci[j])
		if l.CellClip > 0 {
			cell[j] = kernels.Clamp(cell[j], -l.CellClip, l.CellClip)
		}
	}
	l.activate(in, gate[gateOut], cell, gateOut)
	for j, o := range gate[gateOut] {
		out[j] = activateF32(l.Activation, cell[j]) * o
	}
	if !l.proj {
		copy(hidden, out)
		return
	}
	bias := input(in, l.at.projBias)
	l.project.rows(hidden, l.o, out, l.c, l.n, &in[l.at.proj], &bias, tmp)
	if l.ProjClip > 0 {
		for j := range hidden {
			hidden[j] = kernels.Clamp(hidden[j], -l.ProjClip, l.ProjClip)
		}
	}
}

// activate finishes gate g: peephole, layer normalisation, activation.
func (l *lstmF32) activate(in []tensor.View, gate, cell []float32, g int) {
	if at := l.at.peephole[g]; at >= 0 && at < len(in) && !in[at].Absent() {
		if in[at].DType == tensor.I8 {
			w := in[at].I8()
			scale, _ := scaleZero(in[at].Type)
			for j := range gate {
				gate[j] += float32(float32(scale*float32(w[j%l.c])) * cell[j])
			}
		} else {
			w := in[at].F32()
			for j := range gate {
				gate[j] += float32(w[j%l.c] * cell[j])
			}
		}
	}
	if l.norm {
		w, b := in[l.at.norm[g]].F32(), in[l.at.bias[g]].F32()
		for n := range l.n {
			normalise(gate[n*l.c:(n+1)*l.c], w, b)
		}
	}
	for j, v := range gate {
		if g == gateCell {
			gate[j] = activateF32(l.Activation, v)
		} else {
			gate[j] = quant.Sigmoid32(v)
		}
	}
}

// normalise gives x mean 0 and variance 1, then scales by w and adds b.
func normalise(x, w, b []float32) {
	var sum, squares [kernels.Lanes]float32
	for j, v := range x {
		sum[j%kernels.Lanes] += v
	}
	mean := kernels.Fold(&sum) / float32(len(x))
	for j, v := range x {
		squares[j%kernels.Lanes] = kernels.FMA32(v-mean, v-mean, squares[j%kernels.Lanes])
	}
	variance := kernels.Fold(&squares) / float32(len(x))
	scale := 1 / float32(math.Sqrt(float64(variance+1e-8)))
	for j := range x {
		x[j] = float32(float32((x[j]-mean)*scale)*w[j]) + b[j]
	}
}
