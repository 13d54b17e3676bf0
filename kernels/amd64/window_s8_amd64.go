//go:build !purego

package amd64

import (
	"math"
	"math/bits"
	"unsafe"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// windowS8 is a depthwise convolution whose weights are packed: for a vector of
// 64 or 32 channels after the other what sums start with, parameters of requantisation,
// and the weights by fours of taps.
//
// Where pixels lie side by side, a line is one row of values to which weights
// apply by turns, so that vectors are full whatever c is: c is then that of as
// many pixels as end with a vector. The same goes for pixels two apart, if they
// fill a vector.
type windowS8 struct {
	dot
	call        windowS8Call // but for the operands
	packed      []int8
	at          []int32
	index       *[32]uint16
	step, c     int
	reachX      int // values that a pixel's taps span
	vector      int // channels of a vector
	pixels      int // that make a row, 0 if a row is a part of one
	rowsPerCall int
	rest        func(y, x []int8, n int) // pixels that don't make a row, if there are no masks
}

// windowS8Call is what a kernel is called with.
type windowS8Call struct {
	y, x, w       *int8
	at            *int32
	index         *[32]uint16
	taps, groups  int // and fours of them
	vectors, rows int
	stepX, stepY  int
	params        int       // bytes of a vector's parameters
	scaled        int       // 1 if they are scales
	end           int       // channels before a row's last vector, if there are no masks
	last          uint64    // which values the last vector of a row has
	read          [2]uint64 // what to read of the 128 bytes that index picks from
	high          float32   // hi - zero
	zero, lo, hi  int32

	//lint:ignore U1000 assembly uses them
	vectorX, vectorY uintptr // where the vector is
}

const (
	tapsLimit   = 1 << 10 // beyond, packed weights aren't worth their memory
	periodLimit = 32      // vectors for which weights are repeated
	callVectors = 1 << 16 // fours of taps that a call may compute
)

// window returns FixedDepthwiseS8. rest serves what isn't worth packing.
func (d dot) window(rest kernels.DepthwiseS8) kernels.FixedDepthwiseS8 {
	return func(w []int8, taps []kernels.Tap, step, c int, zero int32, q *kernels.Requant) kernels.DepthwiseLinesS8 {
		plain := func(y, x []int8, n int) { rest(y, x, w, taps, n, step, c, zero, q) }
		masks := d != dotAVXVNNI
		if c <= 0 || len(taps) == 0 || len(taps) > tapsLimit || step < 0 || !masks && c < 32 && step != c {
			return rest.Lines(w, taps, step, c, zero, q)
		}
		needRequant(q, c)
		needTaps(math.MaxInt, len(w), taps, 1, step, c)
		f := &windowS8{dot: d, step: step, c: c, vector: 64}
		if !masks {
			f.vector, f.rest = 32, plain
		}
		f.plan(taps)
		f.pack(w, taps, zero, q)
		return f.run
	}
}

// plan chooses how lines become vectors.
func (f *windowS8) plan(taps []kernels.Tap) {
	f.call = windowS8Call{taps: len(taps), groups: (len(taps) + 3) / 4, last: math.MaxUint64}
	for t := range 4 * f.call.groups { // missing taps read what the last reads
		x := taps[min(t, len(taps)-1)].X
		f.at = append(f.at, x)
		f.reachX = max(f.reachX, int(x)+f.c)
	}
	vectors := (f.c + f.vector - 1) / f.vector
	period := f.c >> min(bits.TrailingZeros(uint(f.c)), bits.TrailingZeros(uint(f.vector))) // vectors that whole pixels fill
	f.call.stepX, f.call.stepY = f.step, f.c
	switch {
	case f.step == f.c && (period == vectors || f.rest != nil && f.c < f.vector || period <= periodLimit && 10*f.c <= 9*f.vector*vectors):
		vectors, f.pixels = period, period*f.vector/f.c
		f.call.stepX, f.call.stepY = period*f.vector, period*f.vector
	case f.rest == nil && f.step == 2*f.c && f.c%2 == 0 && period == 1 && f.c < f.vector:
		f.pixels = f.vector / f.c
		f.call.stepX, f.call.stepY = 2*f.vector, f.vector
		f.index = new([32]uint16)
		for i := range f.index {
			f.index[i] = uint16(2*i - i%(f.c/2))
		}
	default:
		f.call.last = ones(f.c - (vectors-1)*f.vector)
	}
	f.call.vectors, f.call.end = vectors, f.call.stepY-f.vector
	f.rowsPerCall = max(1, callVectors/(vectors*(f.call.groups+2)))
}

// ones returns n bits.
func ones(n int) uint64 {
	if n >= 64 {
		return math.MaxUint64
	}
	return 1<<max(n, 0) - 1
}

// run computes lines of n pixels.
func (f *windowS8) run(y, x []int8, n, lines, line int) {
	if n <= 0 || lines <= 0 {
		return
	}
	need(len(y), lines*n*f.c)
	need(len(x), (lines-1)*line+(n-1)*f.step+f.reachX)
	p := f.call
	p.w, p.at, p.index = &f.packed[0], &f.at[0], f.index
	for l := range lines {
		f.line(&p, y[l*n*f.c:], x[l*line:], n)
	}
}

// line computes n pixels, and changes in p what says which.
func (f *windowS8) line(p *windowS8Call, y, x []int8, n int) {
	rows, rest := n, 0
	if f.pixels > 0 {
		rows, rest = n/f.pixels, n%f.pixels
	}
	p.read = f.reads(f.pixels)
	for i := 0; i < rows; i += f.rowsPerCall {
		p.rows = min(f.rowsPerCall, rows-i)
		p.y, p.x = &y[i*p.stepY], &x[i*p.stepX]
		f.dot.window512(p)
	}
	switch {
	case rest > 0 && f.rest != nil:
		f.rest(y[rows*p.stepY:], x[rows*p.stepX:], rest)
	case rest > 0:
		size := rest * f.c
		vectors, last := p.vectors, p.last
		p.rows, p.vectors = 1, (size+f.vector-1)/f.vector
		p.last, p.read = ones(size-(p.vectors-1)*f.vector), f.reads(rest)
		p.y, p.x = &y[rows*p.stepY], &x[rows*p.stepX]
		f.dot.window512(p)
		p.vectors, p.last = vectors, last
	}
}

// reads says what to read, of 128 bytes, for pixels apart.
func (f *windowS8) reads(pixels int) [2]uint64 {
	size := (pixels-1)*f.step + f.c
	return [2]uint64{ones(size), ones(size - 64)}
}

func (d dot) window512(p *windowS8Call) {
	switch d {
	case dotVNNI:
		windowS8VNNI(p)
	case dotAVX512:
		windowS8AVX512(p)
	case dotAVXVNNI:
		windowS8AVXVNNI(p)
	}
}

//go:noescape
func windowS8VNNI(p *windowS8Call)

//go:noescape
func windowS8AVX512(p *windowS8Call)

//go:noescape
func windowS8AVXVNNI(p *windowS8Call)

// pack lays out weights and parameters.
func (f *windowS8) pack(w []int8, taps []kernels.Tap, zero int32, q *kernels.Requant) {
	p := &f.call
	p.zero, p.lo, p.hi, p.high = q.Zero, q.Lo, q.Hi, float32(q.Hi-q.Zero)
	p.params = (1 + 6) * 4 * f.vector
	if q.Scale != nil {
		p.scaled, p.params = 1, (1+1)*4*f.vector
	}
	weights := 4 * f.vector * f.call.groups
	if f.dot == dotAVX512 {
		weights *= 2
	}
	f.packed = aligned(p.vectors * (p.params + weights))
	for v := range p.vectors {
		at := f.packed[v*(p.params+weights):]
		for i := range f.vector {
			ch := v*f.vector + i
			if f.pixels > 0 {
				ch %= f.c
			} else if f.rest != nil && v == p.vectors-1 {
				ch = f.c - f.vector + i
			} else if ch >= f.c {
				continue
			}
			f.packChannel(at, i, ch, w, taps, zero, q)
		}
	}
}

// packChannel lays out value i of a vector, which is channel ch. Interleaving
// taps puts it where slot says.
func (f *windowS8) packChannel(dst []int8, i, ch int, w []int8, taps []kernels.Tap, zero int32, q *kernels.Requant) {
	slot := i/4%4*(f.vector/4) + i/16*4 + i%4
	put := func(param int, v int32) { putS32(dst[4*(param*f.vector+slot):], v) }
	init := q.Bias[ch]
	weights := dst[f.call.params:]
	for t, tap := range taps {
		v := w[int(tap.W)+ch]
		init -= (zero + 128) * int32(v)
		if f.dot == dotAVX512 { // int16: of taps 0 and 2, and 1 and 3, for each register
			at := weights[t/4*8*f.vector+slot/16*128+t%2*64+slot%16*4+t%4/2*2:]
			at[0], at[1] = v, v>>7
		} else {
			weights[t/4*4*f.vector+slot*4+t%4] = v
		}
	}
	put(0, init)
	if q.Scale != nil {
		put(1, int32(math.Float32bits(q.Scale[ch])))
		return
	}
	mask := int32(1)<<uint(q.Right[ch]) - 1
	put(1, q.Mult[ch])
	put(3, q.Left[ch])
	put(4, q.Right[ch])
	put(5, mask)
	put(6, int32(uint32(mask)>>1))
	if slot%2 == 1 { // the odd ones' multipliers, in even elements
		putS32(dst[4*(2*f.vector+slot-1):], q.Mult[ch])
	}
}

func putS32(dst []int8, v int32) { *(*[4]int8)(dst) = *(*[4]int8)(unsafe.Pointer(&v)) }

// aligned returns n zeros that start at a multiple of 64 bytes.
func aligned(n int) []int8 {
	b := make([]int8, n+63)
	skip := int(-uintptr(unsafe.Pointer(&b[0])) & 63)
	return b[skip:][:n:n]
}
