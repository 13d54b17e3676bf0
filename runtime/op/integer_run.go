package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// integerRun is integerProducts bound to memory. A kernel knows no zero points:
//
//	Σ(x − zx)(w − zw) = Σxw − zx·(Σw − k·zw) − zw·Σx
//
// Where all rows have one zx, its term is what sums start with.
type integerRun struct {
	*integerProducts
	in  []tensor.View
	out *tensor.View
	per [][]byte // scratch of workers

	x, packed, rows            []int8
	start, zeros, terms, wsums []int32 // terms is Σw − k·zw
	mult                       []float32
	epilogue                   integerEpilogue
	parts                      []part
	asymmetric, byRow          bool // some zw isn't 0; rows have each their zx
	matrix                     []int8
	padded                     patches[int8] // with the current zx as padding
	row, output, at            int           // numbers of the matrix's first row, output and result
}

func (g *integerProducts) bind(m *Mem) (Step, error) {
	s := split[int8](m.Scratch, g.sizes)
	numbers := func(i int) []int32 { return tensor.Cast[int32](tensor.Bytes(s[i]))[:g.oc] }
	r := &integerRun{integerProducts: g, in: m.In, out: &m.Out[0], per: m.PerWorker,
		x: s[0], packed: s[1], rows: s[2],
		start: numbers(3), zeros: numbers(4), terms: numbers(5), mult: tensor.Cast[float32](tensor.Bytes(s[6]))[:g.oc], wsums: g.sums, padded: g.patches}
	if g.made != nil {
		r.packed = g.made
	}
	r.epilogue = integerEpilogue{form: g.form, dequant: g.dequant, alpha: g.alpha, Saturation: g.Saturation, mult: r.mult}
	threads := g.threads(m.Env.Workers)
	r.parts = r.padded.spans(threads, g.MR, g.NR)
	multiply := onWorkers(m.Env.Workers, threads, r.part)
	recode := onWorkers(m.Env.Workers, threads, func(w int) {
		x := m.In[isX].Data
		from, to := Share(len(x), w, threads, 64)
		for i, b := range x[from:to] {
			r.x[from+i] = int8(b ^ 0x80)
		}
	})
	return func() error {
		if !g.recode {
			r.x = tensor.Cast[int8](m.In[isX].Data)
		} else if err := recode(); err != nil {
			return err
		}
		r.epilogue.read(m.In)
		for i := range g.count {
			r.begin(i)
			if err := multiply(); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// begin prepares the numbers of one matrix.
func (r *integerRun) begin(i int) {
	x, w := r.pair(i)
	r.matrix = r.x[x*r.xSize() : (x+1)*r.xSize()]
	r.row, r.output, r.at = x*r.pixels(), w*r.oc, i*r.ySize()
	r.epilogue.start(r.out.DType, r.output)
	sums := r.wsums
	if r.made == nil {
		sums = r.terms
		r.pack(r.packed, r.rows, &r.in[isW], w*r.wSize())
		r.weightSums(sums, &r.in[isW], w*r.wSize())
	}
	xz, wz, bias := input(r.in, isXZero), input(r.in, isWZero), input(r.in, isBias)
	r.byRow = !xz.Absent() && xz.Len() > 1
	zx := recodedZero(&xz, r.in[isX].DType, r.row)
	r.padded.pad = int8(zx)
	r.asymmetric = false
	if r.symmetric && !r.byRow && bias.Absent() {
		for o, s := range sums[:len(r.start)] {
			r.start[o] = -zx * s
		}
		return
	}
	for o := range r.oc {
		z := recodedZero(&wz, r.in[isW].DType, r.output+o)
		r.asymmetric = r.asymmetric || z != 0
		r.zeros[o], r.terms[o], r.start[o] = z, sums[o]-int32(r.k())*z, 0
		if !bias.Absent() {
			r.start[o] = bias.I32()[integerCycle(&bias, r.output+o)]
		}
		if !r.byRow {
			r.start[o] -= zx * r.terms[o]
		}
	}
}

// part computes one worker's part of a matrix.
func (r *integerRun) part(w int) {
	p, s, scratch := &r.padded, r.parts[w], r.per[w]
	n, k := r.oc/r.groups, r.k()
	size := r.PackedS8Len(n, k)
	gathered := kernels.RoundUp(p.tile*p.kp, 64)
	acc := tensor.Cast[int32](scratch[gathered:])[:p.tile*n]
	if r.floats() {
		r.partF32(w)
		return
	}
	for pixel := s.from; pixel < s.to && s.cols > 0; {
		var rows int
		for group := range r.groups {
			var a []int8
			var lda int
			a, lda, rows = p.rows(r.matrix, tensor.Cast[int8](scratch[:gathered]), pixel, s.to, group)
			o := group*n + s.col
			r.Acc(acc, a, lda, r.packed[group*size+r.PackedS8Len(s.col, k):], r.start[o:], rows, s.cols, k)
			for i := range rows {
				sums := acc[i*s.cols : (i+1)*s.cols]
				r.correct(sums, a[i*lda:][:k], pixel+i, o)
				r.epilogue.row(r.out, r.at+(pixel+i)*r.oc+o, sums, r.row+pixel+i, o, r.output)
			}
		}
		pixel += rows
	}
}

// correct takes off a row's sums what its own values make of zero points.
func (r *integerRun) correct(sums []int32, x []int8, row, o int) {
	if r.asymmetric {
		s := sumLine(int32(0), x)
		for j, z := range r.zeros[o:][:len(sums)] {
			sums[j] -= z * s
		}
	}
	if r.byRow {
		xz := input(r.in, isXZero)
		zx := recodedZero(&xz, r.in[isX].DType, r.row+row)
		for j, t := range r.terms[o:][:len(sums)] {
			sums[j] -= zx * t
		}
	}
}
