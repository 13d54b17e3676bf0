package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// lstmInt is an LSTM on int8 or int16 with int16 cells, made ready. Gates are
// Q3.12 before their activation and Q0.15 after it. The products with the
// input and with the hidden state are requantised one by one, clamped, and
// then added with saturation.
type lstmInt struct {
	*lstmDims
	input, hidden           [4]*matS8 // for int8 only
	scaleInput, scaleHidden [4]quant.Multiplier
	forget, write, output   quant.Multiplier // of the products of gates
	clip                    int16
	zeroX, zeroH            int32
	tanhMult                int32 // of the cell state
	tanhShift               uint
	lo, hi                  int32 // of the hidden state
	wide                    bool  // int16 activations
	xStride, hiddenStride   int   // of rows of int8 that kernels can read
	parts                   [5]int
	scratch                 int
}

// toGate is the scale of a gate before its activation, toUnit after it.
const (
	toGate = 0x1p-12
	toUnit = 0x1p-15
)

func newLSTMInt(p *Prep, d *lstmDims) (*lstmInt, error) {
	l := &lstmInt{lstmDims: d}
	x, zx := scaleZero(p.In[0])
	h, zh := scaleZero(p.In[d.at.hidden])
	c, _ := scaleZero(p.In[d.at.cell])
	l.zeroX, l.zeroH = zx, zh
	l.wide = p.In[0].DType == tensor.I16
	lo, hi := p.In[0].DType.Range()
	l.lo, l.hi = int32(lo), int32(hi)
	for g := range 4 {
		w, _ := scaleZero(p.In[d.at.weights[g]])
		r, _ := scaleZero(p.In[d.at.recurrent[g]])
		l.scaleInput[g] = quant.NewMultiplier(float64(float32(x*w)) / toGate)
		l.scaleHidden[g] = quant.NewMultiplier(float64(float32(h*r)) / toGate)
		if l.wide && max(l.scaleInput[g].Shift, l.scaleHidden[g].Shift) > 7 {
			return nil, Unsupported("gates of 2^%d times their product's scale", max(l.scaleInput[g].Shift, l.scaleHidden[g].Shift))
		}
	}
	l.forget = quant.NewMultiplier(toUnit)
	l.write = quant.NewMultiplier(toUnit * toUnit / float64(c))
	l.output = quant.NewMultiplier(toUnit * toUnit / float64(h))
	l.clip = int16(min(float64(d.CellClip)/float64(c), math.MaxInt16))
	power, _ := quant.CheckedLog2(c)
	l.tanhMult, l.tanhShift = tanhScale(power)
	return l, l.pack(p)
}

// tanhScale says how a cell state of scale 2^power is brought to the input of
// lstmTanh: times a multiplier, shifted right. The factor 3 is 3/4 of Q3.12,
// for which see lstmSigmoid; the reference takes it alone with right shifts.
func tanhScale(power int) (mult int32, shift uint) {
	if left := 15 + power - 3; left >= 0 {
		return 3 << uint(left), 0
	} else {
		return 3, uint(-left)
	}
}

func (l *lstmInt) pack(p *Prep) (err error) {
	l.xStride, l.hiddenStride = l.i, l.o
	for g := 0; g < 4 && !l.wide; g++ {
		if l.input[g], err = newMatS8(p, l.at.weights[g], l.at.bias[g], l.c, l.i, l.zeroX); err != nil {
			return err
		}
		if l.hidden[g], err = newMatS8(p, l.at.recurrent[g], -1, l.c, l.o, l.zeroH); err != nil {
			return err
		}
		l.xStride, l.hiddenStride = max(l.xStride, l.input[g].stride()), max(l.hiddenStride, l.hidden[g].stride())
	}
	rows, n := int64(l.chunk())*int64(l.n), int64(l.n)
	// Rows of x, rows of the hidden state, sums, gates' products, gates.
	sizes := [5]int64{rows * int64(l.xStride), n * int64(l.hiddenStride), 4 * max(rows, n) * int64(l.c), 8 * rows * int64(l.c), 8 * n * int64(l.c)}
	total := int64(0)
	for i := range sizes {
		if sizes[i] > math.MaxInt32/2 {
			total = sizes[i]
			break
		}
		l.parts[i] = int(total)
		total += (sizes[i] + 63) &^ 63
	}
	l.scratch, err = sized(total)
	return err
}

// lstmIntBuffers are the parts of the scratch.
type lstmIntBuffers struct {
	x, h []int8
	sums []int32
	pre  []int16 // [gate, row, cell]
	gate []int16 // [gate, image, cell]
}

func (l *lstmInt) run(in, out []tensor.View, scratch []byte) {
	b := lstmIntBuffers{
		x: tensor.Cast[int8](scratch[l.parts[0]:l.parts[1]]), h: tensor.Cast[int8](scratch[l.parts[1]:l.parts[2]]),
		sums: tensor.Cast[int32](scratch[l.parts[2]:l.parts[3]]), pre: tensor.Cast[int16](scratch[l.parts[3]:l.parts[4]]),
		gate: tensor.Cast[int16](scratch[l.parts[4]:l.scratch]),
	}
	for t0 := 0; t0 < l.t; t0 += l.chunk() {
		steps := min(l.chunk(), l.t-t0)
		l.products(in, &b, t0, steps)
		for k := range steps {
			l.step(in, &b, k, steps)
			for n := range l.n {
				if row := l.row(t0+k, n); l.wide {
					copy(out[0].I16()[row*l.o:], in[l.at.hidden].I16()[n*l.o:(n+1)*l.o])
				} else {
					copy(out[0].I8()[row*l.o:], in[l.at.hidden].I8()[n*l.o:(n+1)*l.o])
				}
			}
		}
	}
}

// products computes the gates' part that comes from the input, for steps from t0 on.
func (l *lstmInt) products(in []tensor.View, b *lstmIntBuffers, t0, steps int) {
	rows := steps * l.n
	for k := range steps {
		for n := range l.n {
			r, from := l.preRow(k, steps, n), l.row(t0+k, n)*l.i
			if !l.wide {
				copy(b.x[r*l.xStride:], in[0].I8()[from:from+l.i])
				continue
			}
			for g := range 4 {
				gateI16(b.pre[(g*rows+r)*l.c:][:l.c], in[0].I16()[from:from+l.i], in[l.at.weights[g]].I8(), in[l.at.bias[g]].I64(), l.scaleInput[g])
			}
		}
	}
	for g := 0; g < 4 && !l.wide; g++ {
		l.input[g].rows(b.sums, b.x, rows, &in[l.at.weights[g]], &in[l.at.bias[g]])
		pre := b.pre[g*rows*l.c:][:rows*l.c]
		for j := range pre {
			pre[j] = int16(clampS16(l.scaleInput[g].Apply(b.sums[j])))
		}
	}
}

func clampS16(x int32) int32 { return min(max(x, math.MinInt16), math.MaxInt16) }

// gateI16 computes y[j] = scale·(bias[j] + Σ x·w[j]) in 64 bits.
func gateI16(y, x []int16, w []int8, bias []int64, scale quant.Multiplier) {
	for j := range y {
		sum := int64(0)
		if bias != nil {
			sum = bias[j]
		}
		row := w[j*len(x):][:len(x)]
		for i, v := range x {
			sum += int64(int32(v) * int32(row[i]))
		}
		y[j] = int16(clampS16(scale.Apply64(sum)))
	}
}

// step moves cells and hidden states on by one step.
func (l *lstmInt) step(in []tensor.View, b *lstmIntBuffers, k, steps int) {
	size := l.n * l.c
	for n := 0; n < l.n && !l.wide; n++ {
		copy(b.h[n*l.hiddenStride:], in[l.at.hidden].I8()[n*l.o:(n+1)*l.o])
	}
	for g := range 4 {
		gate := b.gate[g*size:][:size]
		if l.wide {
			for n := range l.n {
				gateI16(gate[n*l.c:][:l.c], in[l.at.hidden].I16()[n*l.o:(n+1)*l.o], in[l.at.recurrent[g]].I8(), nil, l.scaleHidden[g])
			}
		} else {
			l.hidden[g].rows(b.sums, b.h, l.n, &in[l.at.recurrent[g]], &noBias)
			for j := range gate {
				gate[j] = int16(clampS16(l.scaleHidden[g].Apply(b.sums[j])))
			}
		}
		for n := range l.n {
			row := gate[n*l.c:][:l.c]
			lstmGate(row, b.pre[(g*steps*l.n+l.preRow(k, steps, n))*l.c:][:l.c], g == gateCell)
		}
	}
	l.update(in, b.gate, size)
}

// lstmGate adds the products with the input and applies the activation.
func lstmGate(gate, pre []int16, cell bool) {
	for j, v := range pre {
		sum := quant.SaturatingAdd16(gate[j], v)
		if cell {
			gate[j] = lstmTanh(int32(sum) * 3)
		} else {
			gate[j] = lstmSigmoid(int32(sum) * 3)
		}
	}
}

// update computes cells and hidden states from the gates.
func (l *lstmInt) update(in []tensor.View, gates []int16, size int) {
	write, forget, value, output := gates[:size], gates[size:2*size], gates[2*size:3*size], gates[3*size:4*size]
	round := int32(1) << l.tanhShift >> 1
	for j, cell := range in[l.at.cell].I16() {
		kept := clampS16(l.forget.Apply(int32(forget[j]) * int32(cell)))
		cell := clampS16(kept + clampS16(l.write.Apply(int32(write[j])*int32(value[j]))))
		if l.CellClip > 0 {
			cell = max(min(cell, int32(l.clip)), -int32(l.clip))
		}
		in[l.at.cell].I16()[j] = int16(cell)
		act := lstmTanh((cell*l.tanhMult + round) >> l.tanhShift)
		h := min(max(l.output.Apply(int32(act)*int32(output[j]))+l.zeroH, l.lo), l.hi)
		if l.wide {
			in[l.at.hidden].I16()[j] = int16(h)
		} else {
			in[l.at.hidden].I8()[j] = int8(h)
		}
	}
}

// lstmSigmoid returns the logistic function in Q0.15 of x, in which 1 is
// 3·2^12: the table's samples are 1/24 apart, and 2^9 is one of them.
func lstmSigmoid(x int32) int16 {
	table := quant.SigmoidTable()
	a := max(x, -x)
	r := int32(0x7fff << 10)
	if i := a >> 9; i < 255 {
		lo, hi := int32(table[i]), int32(table[i+1])
		r = lo<<9 + (a&511)*(hi-lo)
	}
	if x < 0 {
		r = 1<<25 - r - 1
	}
	return int16((r + 1<<9) >> 10)
}

// lstmTanh returns tanh in Q0.15 of x, in which 1 is 3·2^12, as
// 2·logistic(2x) − 1.
func lstmTanh(x int32) int16 {
	table := quant.SigmoidTable()
	a := max(x, -x)
	r := int32(0xffff << 8)
	if i := a >> 8; i >= 0 && i < 255 {
		lo, hi := int32(table[i]), int32(table[i+1])
		r = lo<<8 + (a&255)*(hi-lo)
	}
	if x >= 0 {
		return int16((r - 1<<23 + 1<<7) >> 8)
	}
	return int16((1<<23 - r + 1<<7 - 1) >> 8)
}
