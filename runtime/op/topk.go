package op

import (
	"cmp"
	"slices"
	"sort"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// TopK finds the k greatest elements along Axis, or the least, in order; of
// equal ones the earlier comes first. Input 1 is k, one element. Output 0 has
// the elements and output 1 where they were, as type Index: int16, int32 or
// int64. NaN counts as less than any number.
type TopK struct {
	Least bool
	Axis  int
	Index tensor.DType
}

// Infer puts k in the place of the axis.
func (o *TopK) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32, tensor.F64, tensor.I8, tensor.U8, tensor.I16, tensor.U16, tensor.I32, tensor.U32, tensor.I64, tensor.U64); err != nil {
		return nil, err
	}
	if err := wantType(in, 1, tensor.I32, tensor.I64, tensor.I16); err != nil {
		return nil, err
	}
	if o.Index != tensor.I16 && o.Index != tensor.I32 && o.Index != tensor.I64 {
		return nil, Unsupported("%s as type of the indices", o.Index)
	}
	axis, err := axisOf(o.Axis, in[0].Rank())
	if err != nil {
		return nil, err
	}
	n, k := in[0].Shape[axis], tensor.Dynamic
	if v := in[1]; !v.Static() || v.Len() != 1 {
		return nil, errorf("k has shape %v, want one element", v.Shape)
	}
	if in[1].Known() {
		if k, err = topCount(&in[1]); err != nil {
			return nil, err
		}
		if k < 0 || n != tensor.Dynamic && k > n {
			return nil, errorf("k is %d, want 0 to %d, the input's size along axis %d", k, n, axis)
		}
	}
	if n > 1<<15 && o.Index == tensor.I16 {
		return nil, errorf("indices of %d elements do not fit int16", n)
	}
	y := in[0].Type
	y.Shape = slices.Clone(y.Shape)
	y.Shape[axis] = k
	return []tensor.Type{y, tensor.Of(o.Index, y.Shape...)}, nil
}

// topCount reads k.
func topCount(v *tensor.View) (int, error) {
	if v.DType == tensor.I16 {
		return int(v.I16()[0]), nil
	}
	return intAt(v, 0)
}

// Ref sorts.
func (o *TopK) Ref(in, out []tensor.View) error {
	return o.run(in, out, make([]int32, in[0].Len()), false)
}

// Prepare keeps the best k so far in a heap.
func (o *TopK) Prepare(p *Prep) (Prepared, error) {
	axis, err := axisOf(o.Axis, p.In[0].Rank())
	if err != nil {
		return Prepared{}, err
	}
	if p.Out[0].Len() == 0 {
		return nothing() // of dimensions that may be vast
	}
	n := p.In[0].Shape[axis]
	return Prepared{Kernel: "heap", Scratch: 4 * n, Bind: func(m *Mem) (Step, error) {
		scratch := tensor.Cast[int32](m.Scratch[:4*n])
		return func() error { return o.run(m.In, m.Out, scratch, true) }, nil
	}}, err
}

// Work counts the comparisons.
func (o *TopK) Work(in, out []tensor.Type) int64 { return 16 * int64(in[0].Len()) }

// run finds the best of each line with a heap or by sorting all. scratch holds
// a line's indices.
func (o *TopK) run(in, out []tensor.View, scratch []int32, heap bool) error {
	x, y, at := &in[0], &out[0], &out[1]
	axis, err := axisOf(o.Axis, x.Rank())
	if err != nil {
		return err
	}
	l, k := linesOf(x.Shape, axis), y.Shape[axis]
	switch x.DType {
	case tensor.F32:
		topOf(*o, l, k, x.F32(), y.F32(), at, scratch, heap)
	case tensor.F64:
		topOf(*o, l, k, x.F64(), y.F64(), at, scratch, heap)
	case tensor.I8:
		topOf(*o, l, k, x.I8(), y.I8(), at, scratch, heap)
	case tensor.U16:
		topOf(*o, l, k, x.U16(), y.U16(), at, scratch, heap)
	case tensor.U32:
		topOf(*o, l, k, x.U32(), y.U32(), at, scratch, heap)
	case tensor.U64:
		topOf(*o, l, k, x.U64(), y.U64(), at, scratch, heap)
	case tensor.U8:
		topOf(*o, l, k, x.U8(), y.U8(), at, scratch, heap)
	case tensor.I16:
		topOf(*o, l, k, x.I16(), y.I16(), at, scratch, heap)
	case tensor.I32:
		topOf(*o, l, k, x.I32(), y.I32(), at, scratch, heap)
	default:
		topOf(*o, l, k, x.I64(), y.I64(), at, scratch, heap)
	}
	return nil
}

func topOf[T number](o TopK, l lines, k int, x, y []T, at *tensor.View, scratch []int32, heap bool) {
	if k == 0 {
		return
	}
	line := 0
	l.each(func(begin int) {
		before := func(a, b int32) int {
			c := cmp.Compare(x[begin+int(b)*l.inner], x[begin+int(a)*l.inner])
			if o.Least {
				c = -c
			}
			if c == 0 {
				c = cmp.Compare(a, b)
			}
			return c
		}
		best := scratch[:l.n]
		if heap {
			best = topHeap(best, k, before)
		} else {
			for i := range best {
				best[i] = int32(i)
			}
			sort.Slice(best, func(i, j int) bool { return before(best[i], best[j]) < 0 })
		}
		to := line/l.inner*k*l.inner + line%l.inner
		for i, j := range best[:k] {
			y[to+i*l.inner] = x[begin+int(j)*l.inner]
			setIndex(at, to+i*l.inner, j)
		}
		line++
	})
}

// setIndex stores an index.
func setIndex(v *tensor.View, i int, x int32) {
	switch v.DType {
	case tensor.I16:
		v.I16()[i] = int16(x)
	case tensor.I32:
		v.I32()[i] = x
	default:
		v.I64()[i] = int64(x)
	}
}

// topHeap keeps the best in a heap whose root is the worst of them.
func topHeap(order []int32, k int, before func(a, b int32) int) []int32 {
	heap := order[:k]
	for i := range heap {
		heap[i] = int32(i)
	}
	for i := k/2 - 1; i >= 0; i-- {
		siftDown(heap, i, before)
	}
	for i := int32(k); int(i) < len(order); i++ {
		if before(i, heap[0]) < 0 {
			heap[0] = i
			siftDown(heap, 0, before)
		}
	}
	for n := k - 1; n > 0; n-- {
		heap[0], heap[n] = heap[n], heap[0]
		siftDown(heap[:n], 0, before)
	}
	return heap
}

// siftDown moves entry i to its place below, where no entry is before those
// under it.
func siftDown(heap []int32, i int, before func(a, b int32) int) {
	for {
		child := 2*i + 1
		if child >= len(heap) {
			return
		}
		if child+1 < len(heap) && before(heap[child], heap[child+1]) < 0 {
			child++
		}
		if before(heap[i], heap[child]) >= 0 {
			return
		}
		heap[i], heap[child] = heap[child], heap[i]
		i = child
	}
}
