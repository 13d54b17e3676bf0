package op

import (
	"fmt"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// part is one worker's part of a matrix product: pixels [from, to) and columns
// [col, col+cols) of each group.
type part struct{ from, to, col, cols int }

// colGrain is the multiple at which columns can be split: kernels load the
// parameters of 16 columns at a time.
const colGrain = 16

// rowGrain is the multiple at which rows are split. Kernels cut what they get into
// tiles of about the same height, so that a finer split than a tile costs less than
// an uneven one.
const rowGrain = 4

// spans splits the work among n workers: by columns where there are more of those
// than pixels, so that each worker reads its own weights and all read the pixels,
// else the other way round.
func (f *filter) spans(n, mr, nr int) []part {
	parts := make([]part, n)
	cols := f.oc / f.groups
	for i := range parts {
		if f.pixels() < max(n*mr, cols) && f.groups == 1 {
			lo, hi := Share(cols, i, n, lcm(colGrain, nr))
			parts[i] = part{0, f.pixels(), lo, hi - lo}
		} else {
			lo, hi := Share(f.pixels(), i, n, rowGrain)
			parts[i] = part{lo, hi, 0, cols}
		}
	}
	return parts
}

func lcm(a, b int) int {
	n := a
	for n%b != 0 {
		n += a
	}
	return n
}

// packForm names packed weights, and how they lay if that is unusual.
func (f *filter) packForm(slot string, p *Prep) string {
	if f.wi != 1 || f.wt != f.kc || f.wo != f.k() {
		slot += fmt.Sprintf("/%d/%d/%d", f.wo, f.wt, f.wi)
	}
	return slot + "/" + p.Kernels.Name
}

// panels is how a slot wants the weights of a group: n outputs of k values, or k
// rows of n, in length bytes.
type panels struct {
	name           string
	length         func(n, k int) int
	pack, packRows func(dst, src []int8, n, k int)
}

// packS8 packs the constant weights, input 1, for products: group after group.
func (f *filter) packS8(p *Prep) ([]int8, error) {
	g := p.Kernels.GemmS8
	return f.packPanels(p, panels{"gemm_s8", g.PackedS8Len, g.PackS8, g.PackRowsS8})
}

// packPanels packs them for a slot.
func (f *filter) packPanels(p *Prep, slot panels) ([]int8, error) {
	n, k := f.oc/f.groups, f.k()
	size := slot.length(n, k)
	form := f.packForm(slot.name, p)
	if f.groups > 1 {
		form += "/groups"
	}
	b, err := p.Pack(1, form, size*f.groups, func(dst []byte) {
		w := p.View(1)
		src := weightsS8(&w)
		for group := range f.groups {
			f.packGroupS8(slot, tensor.Cast[int8](dst)[group*size:], src, group*n, n)
		}
	})
	return tensor.Cast[int8](b), err
}

// packGroupS8 packs n outputs' weights from output first on.
func (f *filter) packGroupS8(slot panels, dst, src []int8, first, n int) {
	k := f.k()
	switch {
	case f.inRows() && f.wo == k:
		slot.pack(dst, src[first*k:], n, k)
		return
	case slot.packRows != nil && f.wo == 1 && f.kc == k && f.wi == n:
		slot.packRows(dst, src, n, k)
		return
	}
	rows := make([]int8, n*k)
	for o := range n {
		rowMajor(f, rows[o*k:(o+1)*k], src, first+o)
	}
	slot.pack(dst, rows, n, k)
}

// foldedBias writes for each output the bias less the zero point times the sum
// of the weights, wrapping in 32 bits.
func (f *filter) foldedBias(dst []int32, w []int8, b tensor.View, zero int32) {
	f.sumWeights(dst[:f.oc], w)
	for o, sum := range dst[:f.oc] {
		dst[o] = -zero * sum
		if b.DType != tensor.None {
			dst[o] += int32(intElement(&b, integerCycle(&b, o)))
		}
	}
}

// sumWeights adds up the weights of each output.
func (f *filter) sumWeights(dst []int32, w []int8) {
	if f.wo == f.k() { // all in a row, in any order
		for o := range dst {
			dst[o] = kernels.Sum(w[o*f.wo : (o+1)*f.wo])
		}
		return
	}
	clear(dst)
	for t := range f.kh * f.kw {
		for i := range f.kc {
			for o := range dst {
				dst[o] += int32(w[o*f.wo+t*f.wt+i*f.wi])
			}
		}
	}
}

// gemmS8 is a convolution or dense layer on int8 as a matrix product.
type gemmS8 struct {
	patches[int8]
	kernels.GemmS8
	b    []int8           // packed; nil if the model computes the weights
	all  *kernels.Requant // of all outputs
	zero int32
}

// prepareGemmS8 takes the parameters of all outputs, without bias, and the
// image's zero point. The weights, input 1, have none.
func (f filter) prepareGemmS8(p *Prep, q *kernels.Requant, zero int32, bias tensor.View) (Prepared, error) {
	g := &gemmS8{GemmS8: p.Kernels.GemmS8, all: q, zero: zero}
	g.patches = newPatches(f, int8(g.zero), kernels.RoundUp(f.k(), g.KR), g.MR, 1)
	d := Prepared{Kernel: p.Kernels.Name, PerWorker: g.scratch(), Bind: g.bind}
	w := p.View(1)
	if !w.Known() || !bias.Absent() && !bias.Known() {
		d.Scratch = g.PackedS8Len(f.oc/f.groups, f.k()) * f.groups
		return d, nil
	}
	f.foldedBias(g.all.Bias, weightsS8(&w), bias, g.zero)
	var err error
	if l := newLinesS8(g); l != nil {
		d.PerWorker, d.Bind = l.perWorker(), l.bind
		g.b, err = l.pack(p)
	} else {
		g.b, err = f.packS8(p)
	}
	if err != nil {
		return Prepared{}, err
	}
	p.Done(1)
	return d, nil
}

// alone says that the matrix is one row, the image itself: a dense layer of one
// input.
func (g *gemmS8) alone(x []int8) bool {
	return g.direct && g.groups == 1 && g.pixels() == 1 && g.h == 1 && g.top == 0 && g.left == 0 && g.k() == len(x) && g.kp == len(x)
}

func (g *gemmS8) bind(m *Mem) (Step, error) {
	x, y := m.In[0].I8(), m.Out[0].I8()
	parts := g.spans(g.threads(m.Env.Workers), g.MR, g.NR)
	b, groups, pack := g.b, g.split(), Step(nil)
	if b == nil {
		b = tensor.Cast[int8](m.Scratch)
		pack = g.packer(m, b, groups)
	}
	q := make([][]kernels.Requant, len(parts))
	for i, s := range parts {
		for _, group := range groups {
			q[i] = append(q[i], group.From(s.col))
		}
	}
	if len(parts) == 1 && g.alone(x) {
		n, lda, k, one := g.oc, g.kp, g.k(), &q[0][0]
		return after(pack, func() error {
			g.Mul(y, n, x, lda, b, 1, n, k, one)
			return nil
		}), nil
	}
	size := g.PackedS8Len(g.oc/g.groups, g.k())
	return after(pack, onWorkers(m.Env.Workers, len(parts), func(w int) {
		s, scratch := parts[w], tensor.Cast[int8](m.PerWorker[w])
		if s.cols == 0 {
			return
		}
		for pixel := s.from; pixel < s.to; {
			var rows int
			for group := range g.groups {
				a, lda, n := g.rows(x, scratch, pixel, s.to, group)
				at := pixel*g.oc + group*(g.oc/g.groups) + s.col
				g.Mul(y[at:], g.oc, a, lda, b[group*size+g.PackedS8Len(s.col, g.k()):], n, s.cols, g.k(), &q[w][group])
				rows = n
			}
			pixel += rows
		}
	})), nil
}
