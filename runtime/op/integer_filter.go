package op

import (
	"fmt"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// integerJob is a convolution or product of integers whose shapes are known:
// count times the same filter, on matrices that pair chooses.
type integerJob struct {
	filter
	form  integerForm
	alpha float32
	Saturation
	count int
	pair  func(i int) (x, w int)

	dequant func(y []float32, c []int32, scale, bias []float32) // kernels.Set.DequantS32; not for ref
}

// xSize, wSize and ySize are the elements of one matrix.
func (j *integerJob) xSize() int { return j.n * j.h * j.w * j.c }
func (j *integerJob) wSize() int { return j.oc * j.k() }
func (j *integerJob) ySize() int { return j.pixels() * j.oc }

// ref computes all matrices plainly.
func (j *integerJob) ref(in []tensor.View, y *tensor.View) {
	if y.Len() == 0 {
		return
	}
	for i := range j.count {
		x, w := j.pair(i)
		j.integerRef(j.form, j.alpha, j.Saturation, in, y, x*j.xSize(), w*j.wSize(), x*j.pixels(), w*j.oc, i*j.ySize())
	}
}

// prepare chooses how to run: channel by channel, or as products of int8.
func (j *integerJob) prepare(p *Prep) (Prepared, error) {
	j.dequant = p.Kernels.DequantS32
	switch {
	case p.Out[0].Len() == 0 || j.k() == 0:
		return Prepared{Kernel: "go", Bind: func(m *Mem) (Step, error) {
			return func() error { j.ref(m.In, &m.Out[0]); return nil }, nil
		}}, nil
	}
	if q, zero := j.requant(p); q != nil {
		d, err := j.prepareS8(p, q, zero)
		if d.Bind != nil {
			for i := isXZero; i < len(p.In); i++ { // q has them all
				p.Done(i)
			}
		}
		if d.Bind != nil || err != nil {
			return d, err
		}
	}
	if j.perChannel() {
		return j.prepareChannels()
	}
	return j.prepareProducts(p)
}

// integerProducts runs a job as products of int8 matrices; uint8 less 128.
type integerProducts struct {
	*integerJob
	kernels.GemmS8
	patches patches[int8]
	made    []int8  // packed weights; nil if they are computed, or of several matrices
	sums    []int32 // of each output's weights, if made
	recode  bool    // x is uint8
	// symmetric says that weights are packed beforehand and their zero points
	// known to be 0.
	symmetric bool
	sizes     []int64 // of scratch: x, packed weights, a row of them, four of numbers for each output
}

func (j *integerJob) prepareProducts(p *Prep) (Prepared, error) {
	g := &integerProducts{integerJob: j, GemmS8: p.Kernels.GemmS8, recode: p.In[isX].DType == tensor.U8}
	c, n := j.collapsed(), j.oc/j.groups
	g.patches = newPatches(c, int8(0), kernels.RoundUp(j.k(), g.KR), g.MR, 1)
	g.patches.tile = min(g.patches.tile, max(tileBytes/(4*n)/g.MR*g.MR, min(g.MR, c.pixels())))
	packed := int64(kernels.RoundUp(n, g.NR)) * int64(g.ColumnS8Len(j.k())) * int64(j.groups)
	oc := 4 * int64(kernels.RoundUp(j.oc, colGrain))
	g.sizes = []int64{0, packed, int64(j.k()) * int64(n), oc, oc, oc, oc}
	if g.recode {
		g.sizes[0] = int64(p.In[isX].Len())
	}
	if w := p.View(isW); w.Known() && w.Len() == j.wSize() {
		form := fmt.Sprintf("integer/%s/%d/%d/%d %d %d/%s", p.Kernels.Name, j.oc, j.groups, j.wo, j.wt, j.wi, w.DType)
		b, err := p.Pack(isW, form, int(packed), func(dst []byte) {
			g.pack(tensor.Cast[int8](dst), make([]int8, j.k()*n), &w, 0)
		})
		if err != nil {
			return Prepared{}, err
		}
		g.made, g.sums = tensor.Cast[int8](b), make([]int32, j.oc)
		g.weightSums(g.sums, &w, 0)
		g.symmetric = zeroPointsAre0(p, w.DType)
		g.sizes[1], g.sizes[2] = 0, 0
		p.Done(isW)
	}
	bytes, err := scratchOf(1, g.sizes)
	tile := g.patches.tile
	return Prepared{Kernel: p.Kernels.Name, Scratch: bytes, PerWorker: kernels.RoundUp(tile*g.patches.kp, 64) + tile*n*4, Bind: g.bind}, err
}

// zeroPointsAre0 reports whether weights of type d, recoded, are known to have
// zero points of 0.
func zeroPointsAre0(p *Prep, d tensor.DType) bool {
	zeros := p.View(isWZero)
	if zeros.Absent() {
		return recodedZero(&zeros, d, 0) == 0
	}
	for i := range zeros.Len() {
		if !zeros.Known() || recodedZero(&zeros, d, i) != 0 {
			return false
		}
	}
	return true
}

// recoded is what is xored to elements of a type to make them int8.
func recoded(d tensor.DType) byte {
	if d == tensor.U8 {
		return 0x80
	}
	return 0
}

// recodedZero is a zero point of a type after elements were recoded.
func recodedZero(v *tensor.View, d tensor.DType, i int) int32 {
	z := int32(0)
	if !v.Absent() {
		z = linearZero(v, integerCycle(v, i))
	}
	if d == tensor.U8 {
		z -= 128
	}
	return z
}

// pack packs the weights that begin at element at, group after group; rows
// holds those of a group.
func (g *integerProducts) pack(dst, rows []int8, w *tensor.View, at int) {
	n, k, flip := g.oc/g.groups, g.k(), recoded(w.DType)
	size := g.PackedS8Len(n, k)
	for group := range g.groups {
		for o := range n {
			row := rows[o*k : (o+1)*k]
			from := at + (group*n+o)*g.wo
			for t := range g.kh * g.kw {
				for i := range g.kc {
					row[t*g.kc+i] = int8(w.Data[from+t*g.wt+i*g.wi] ^ flip)
				}
			}
		}
		g.PackS8(dst[group*size:(group+1)*size], rows, n, k)
	}
}

// weightSums sums the recoded weights of each output.
func (g *integerProducts) weightSums(sums []int32, w *tensor.View, at int) {
	flip := recoded(w.DType)
	for o := range g.oc {
		s := int32(0)
		for t := range g.kh * g.kw {
			for i := range g.kc {
				s += int32(int8(w.Data[at+o*g.wo+t*g.wt+i*g.wi] ^ flip))
			}
		}
		sums[o] = s
	}
}
