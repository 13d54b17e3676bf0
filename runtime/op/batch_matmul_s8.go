package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// matmulS8 runs a product of int8 on a kernel that knows no zero points:
//
//	Σ(a − za)(b − zb) = Σab − za·Σb − zb·Σa + k·za·zb
//
// The terms of a column are the kernel's bias; that of a row, where zb isn't 0,
// is added before the sums are scaled.
type matmulS8 struct {
	packing[int8]
	matmulScheme
	gemm kernels.GemmS8
	lda  int     // of rows that are copied, 0 if the kernel reads them in place
	sums []int32 // of the columns of all right matrices, if they are constant
}

func (o *BatchMatMul) prepareS8(p *Prep, m matmul) (Prepared, error) {
	g := p.Kernels.GemmS8
	if err := m.fits(g.NR, g.KR); err != nil {
		return Prepared{}, err
	}
	k := &matmulS8{gemm: g, matmulScheme: o.scheme(p.In[0], p.In[1])}
	k.packing = packing[int8]{matmul: m, per: g.PackedS8Len(m.n, m.k)}
	k.pack = func(dst, src []int8) {
		if k.adjY {
			g.PackS8(dst, src, k.n, k.k)
		} else {
			g.PackRowsS8(dst, src, k.n, k.k)
		}
	}
	if err := k.constant(p, "s8 "+p.Kernels.Name); err != nil {
		return Prepared{}, err
	}
	sizes := []int64{0, 0, 0} // right, left, sums
	if k.made == nil {
		sizes[0] = int64(k.per)
	} else if each := m.k * m.n; each > 0 {
		y := tensor.Cast[int8](p.Const[1])
		k.sums = make([]int32, len(y)/m.k)
		for i := range len(y) / each {
			k.columnSums(k.sums[i*m.n:(i+1)*m.n], y[i*each:(i+1)*each])
		}
	}
	if m.adjX || m.k%g.KR != 0 {
		k.lda = kernels.RoundUp(m.k, g.KR)
		sizes[1] = int64(m.m) * int64(k.lda)
	}
	if k.zy != 0 {
		sizes[2] = 4 * int64(m.m) * int64(m.n)
	}
	bytes, err := scratchOf(1, sizes)
	return Prepared{Kernel: p.Kernels.Name, Scratch: bytes, Bind: func(mem *Mem) (Step, error) {
		part := split[int8](mem.Scratch, sizes)
		return k.step(mem.In[0].I8(), mem.In[1].I8(), mem.Out[0].I8(), part[0], part[1], tensor.Cast[int32](tensor.Bytes(part[2]))), nil
	}}, err
}

// columnSums sums the columns of a right matrix.
func (k *matmulS8) columnSums(sums []int32, y []int8) {
	if k.adjY {
		for j := range sums {
			sums[j] = sumLine(int32(0), y[j*k.k:(j+1)*k.k])
		}
		return
	}
	clear(sums)
	for l := range k.k {
		sumEach(sums, y[l*k.n:(l+1)*k.n])
	}
}

func (k *matmulS8) step(x, y, z, right, left []int8, acc []int32) Step {
	q := kernels.NewRequant(k.n)
	q.Zero, q.Lo, q.Hi = k.zero, k.lo, k.hi
	m := k.matmulScheme.m
	for j := range k.n {
		q.Mult[j], q.Left[j], q.Right[j] = m.M, max(int32(m.Shift), 0), max(-int32(m.Shift), 0)
	}
	return func() error {
		for b := range k.count() {
			i, j := k.pair(b)
			k.bias(q.Bias[:k.n], y, j)
			a, lda := x[i*k.rows()*k.k:(i+1)*k.rows()*k.k], k.k
			if k.lda > 0 {
				k.left(left, a, k.lda)
				a, lda = left, k.lda
			}
			to, packed := z[b*k.rows()*k.n:(b+1)*k.rows()*k.n], k.right(y, right, j)
			if k.zy == 0 {
				k.gemm.Mul(to, k.n, a, lda, packed, k.rows(), k.n, k.k, q)
				continue
			}
			k.gemm.Acc(acc, a, lda, packed, q.Bias, k.rows(), k.n, k.k)
			for r := range k.rows() {
				k.scaleRow(to[r*k.n:(r+1)*k.n], acc[r*k.n:], sumLine(int32(0), a[r*lda:r*lda+k.k]))
			}
		}
		return nil
	}
}

// rows is m of the product.
func (k *matmulS8) rows() int { return k.matmul.m }

// bias computes the terms that depend on the column, of right matrix i.
func (k *matmulS8) bias(bias []int32, y []int8, i int) {
	if k.sums != nil {
		copy(bias, k.sums[i*k.n:])
	} else {
		k.columnSums(bias, y[i*k.k*k.n:(i+1)*k.k*k.n])
	}
	for j, s := range bias {
		bias[j] = int32(k.k)*k.zx*k.zy - k.zx*s
	}
}

// scaleRow stores the sums of a row whose left values sum up to sum. It is
// quant.Multiplier.Apply written out, without a branch on the shift.
func (k *matmulS8) scaleRow(y []int8, acc []int32, sum int32) {
	m, term := int64(k.matmulScheme.m.M), k.zy*sum
	left, right := uint(max(k.matmulScheme.m.Shift, 0)), uint(max(-k.matmulScheme.m.Shift, 0))
	mask := int32(1)<<right - 1
	acc = acc[:len(y)]
	for j := range y {
		h := int32((int64((acc[j]-term)<<left)*m + 1<<30) >> 31)
		q := h >> right
		if h&mask > mask>>1-h>>31 { // ties away from zero
			q++
		}
		y[j] = int8(min(max(q+k.zero, k.lo), k.hi))
	}
}
