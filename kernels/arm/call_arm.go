//go:build arm.7

package arm

import (
	"unsafe"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// rows and panel are what the kernels compute at once: rows or pixels, columns or
// channels.
const rows, panel = 4, 8

// callProducts bounds the products of one call, which is not preempted.
const callProducts = 32 << 10

// call is what a kernel reads. Its offsets are in src/call.inc.
type call struct {
	a, y                    [rows]*int8
	c                       [rows]*int32 // nil if y is wanted
	b                       *int8        // packed columns, or a depthwise filter's weights
	panels                  int
	k, fast                 int // k is the taps of a depthwise filter
	bias, mult, left, right *int32
	scale                   *float32 // nil if multipliers count
	zero, lo, hi            int32
	taps                    *kernels.Tap
	zeroX                   int32
}

// columns points p at q's columns from j on, of which there must be n.
func (p *call) columns(q *kernels.Requant, j, n int) {
	p.bias = from(q.Bias, j, n)
	p.zero, p.lo, p.hi = q.Zero, q.Lo, q.Hi
	if q.Scale != nil {
		p.scale = from(q.Scale, j, n)
		return
	}
	p.mult, p.left, p.right = from(q.Mult, j, n), from(q.Left, j, n), from(q.Right, j, n)
}

// from returns a pointer to s[j] if n elements begin there.
func from[T any](s []T, j, n int) *T {
	if j < 0 || n < 0 || j > len(s) || len(s)-j < n {
		panic("BUG: kernels/arm: an operand is shorter than its slot says")
	}
	return at(unsafe.SliceData(s), j)
}

// at returns a pointer to the element i after p. A nil p stays nil.
func at[T any](p *T, i int) *T {
	if p == nil {
		return nil
	}
	return (*T)(unsafe.Add(unsafe.Pointer(p), i*int(unsafe.Sizeof(*p))))
}
