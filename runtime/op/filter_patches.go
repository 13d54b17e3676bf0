package op

import (
	"encoding/binary"
	"unsafe"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// tileBytes bounds the rows that a matrix product is given at once, so that
// they stay in the CPU's first cache.
const tileBytes = 24 << 10

// patches presents an image as the rows of a matrix: a row for each output
// pixel, with the k values under its window. Rows that lie in the image as they
// should are used where they are, overlapping; others are gathered.
type patches[T tensor.Element] struct {
	filter
	pad  T   // what padding holds
	kp   int // k rounded up to what the kernel reads
	tile int // rows at a time
	// Windows of outputs [from, to) of a line lie between its ends. direct says
	// that they are contiguous, and needn't be gathered.
	direct   bool
	from, to int
}

func newPatches[T tensor.Element](f filter, pad T, kp, mr, size int) patches[T] {
	p := patches[T]{filter: f, pad: pad, kp: kp}
	p.tile = max(tileBytes/(kp*size)/mr*mr, min(mr, tileBytes*2/(kp*size)), 1)
	p.tile = min(p.tile, f.pixels())
	p.direct = f.kh == 1 && (f.kw == 1 || f.dw == 1 && f.groups == 1)
	first, _ := inside(0, f.w, f.ow, f.sw, f.dw, f.left)
	_, last := inside(f.kw-1, f.w, f.ow, f.sw, f.dw, f.left)
	p.from, p.to = first, max(first, last)
	return p
}

// scratch is the number of values that rows needs room for.
func (p *patches[T]) scratch() int { return p.tile * p.kp }

// rows returns rows for some output pixels from pixel on, fewer than end: m
// rows, row i at a[i*lda:]. m is the same for all groups.
func (p *patches[T]) rows(x, scratch []T, pixel, end, group int) (a []T, lda, m int) {
	m = min(p.tile, end-pixel)
	if p.direct {
		ox, row := pixel%p.ow, pixel/p.ow
		y := row%p.oh*p.sh - p.top
		if y >= 0 && y < p.h {
			switch {
			case ox < p.from:
				m = min(m, p.from-ox)
			case ox < p.to:
				at := ((row/p.oh*p.h+y)*p.w+ox*p.sw-p.left)*p.c + group*p.kc
				lda = p.sw * p.c
				// every group gets as many rows as the last one, which reads farthest
				end := at + (p.groups-1-group)*p.kc + p.kp
				if fit := (len(x) - end + lda) / lda; end <= len(x) && fit > 0 {
					return x[at:], lda, min(m, p.to-ox, fit)
				}
			}
		}
	}
	p.gather(x, scratch, pixel, m, group)
	return scratch, p.kp, m
}

// gather copies the windows of m pixels to the rows of dst, a stretch of a line
// of outputs at a time.
func (p *patches[T]) gather(x, dst []T, pixel, m, group int) {
	for m > 0 {
		ox, row := pixel%p.ow, pixel/p.ow
		n := min(m, p.ow-ox)
		p.stretch(x, dst, row/p.oh, row%p.oh, ox, n, group)
		dst, pixel, m = dst[n*p.kp:], pixel+n, m-n
	}
}

// stretch copies the windows of n pixels of line oy from ox on.
func (p *patches[T]) stretch(x, dst []T, batch, oy, ox, n, group int) {
	// pixels [from, to) have whole windows
	from := min(max(p.from-ox, 0), n)
	to := min(max(p.to-ox, from), n)
	if p.dw != 1 || p.groups != 1 {
		from, to = 0, 0 // taps are not contiguous
	}
	top, bottom := taps(oy, p.kh, p.h, p.sh, p.dh, p.top)
	x = x[batch*p.h*p.w*p.c:][:p.h*p.w*p.c]
	for i := range from {
		p.window(x, dst[i*p.kp:], oy, ox+i, top, bottom, group)
	}
	run := p.kw * p.kc
	for ky := range p.kh {
		if from == to {
			break
		}
		d := dst[from*p.kp+ky*run:]
		if ky < top || ky >= bottom {
			for i := range to - from {
				padWith(d[i*p.kp:][:run], p.pad)
			}
			continue
		}
		at := ((oy*p.sh-p.top+ky*p.dh)*p.w + (ox+from)*p.sw - p.left) * p.c
		copyRuns(d, x[at:], p.kp, p.sw*p.c, run, to-from)
	}
	for i := to; i < n; i++ {
		p.window(x, dst[i*p.kp:], oy, ox+i, top, bottom, group)
	}
}

// window copies one window at the border, or one whose taps are not
// contiguous. Of its lines, [top, bottom) are in the image x.
func (p *patches[T]) window(x, dst []T, oy, ox, top, bottom, group int) {
	first, last := taps(ox, p.kw, p.w, p.sw, p.dw, p.left)
	run := p.kw * p.kc
	padWith(dst[:top*run], p.pad)
	for ky := top; ky < bottom; ky++ {
		line := dst[ky*run:][:run]
		at := ((oy*p.sh-p.top+ky*p.dh)*p.w+ox*p.sw-p.left+first*p.dw)*p.c + group*p.kc
		padWith(line[:first*p.kc], p.pad)
		if p.dw == 1 && p.groups == 1 && first < last {
			copy(line[first*p.kc:last*p.kc], x[at:])
		} else {
			for t := first; t < last; t++ {
				copy(line[t*p.kc:(t+1)*p.kc], x[at+(t-first)*p.dw*p.c:])
			}
		}
		padWith(line[last*p.kc:], p.pad)
	}
	padWith(dst[bottom*run:p.kh*run], p.pad)
}

// copyRuns copies n runs, which are ds apart in dst and ss in src. Small ones
// are moved by pieces that the compiler makes registers of, the last two
// overlapping.
func copyRuns[T tensor.Element](dst, src []T, ds, ss, run, n int) {
	if run >= 8 && run < 16 && n > 0 {
		copyTens(dst, src, ds, ss, run, n)
		return
	}
	if run == 3 { // those of one channel under a window of three
		for i := range n {
			d, s := dst[i*ds:][:3], src[i*ss:][:3]
			d[0], d[1], d[2] = s[0], s[1], s[2]
		}
		return
	}
	for i := range n {
		d, s := dst[i*ds:][:run], src[i*ss:][:run]
		switch {
		case run > 128 || run < 4:
			copy(d, s)
		case run >= 16:
			for j := 0; j+16 <= run; j += 16 {
				*(*[16]T)(d[j:]) = *(*[16]T)(s[j:])
			}
			*(*[16]T)(d[run-16:]) = *(*[16]T)(s[run-16:])
		default:
			*(*[4]T)(d) = *(*[4]T)(s)
			*(*[4]T)(d[run-4:]) = *(*[4]T)(s[run-4:])
		}
	}
}

// copyTens is copyRuns for n > 0 runs of 8 to 15, those of images of three
// channels. Lengths are checked once.
func copyTens[T tensor.Element](dst, src []T, ds, ss, run, n int) {
	_, _ = dst[(n-1)*ds+run-1], src[(n-1)*ss+run-1]
	d, s := unsafe.Pointer(unsafe.SliceData(dst)), unsafe.Pointer(unsafe.SliceData(src))
	size := int(unsafe.Sizeof(dst[0]))
	ds, ss, last := ds*size, ss*size, (run-8)*size
	for {
		*(*[8]T)(d) = *(*[8]T)(s)
		*(*[8]T)(unsafe.Add(d, last)) = *(*[8]T)(unsafe.Add(s, last))
		if n--; n == 0 { // no pointer goes past the end
			return
		}
		d, s = unsafe.Add(d, ds), unsafe.Add(s, ss)
	}
}

// padWith fills x with v. Bytes are written by pieces that the compiler makes
// registers of, the last two overlapping.
func padWith[T tensor.Element](x []T, v T) {
	n, p := len(x), unsafe.Pointer(unsafe.SliceData(x))
	if unsafe.Sizeof(v) > 1 || n < 8 {
		for i := range x {
			x[i] = v
		}
		return
	}
	var piece [16]byte
	eight := uint64(*(*byte)(unsafe.Pointer(&v))) * 0x0101010101010101
	binary.NativeEndian.PutUint64(piece[:], eight)
	binary.NativeEndian.PutUint64(piece[8:], eight)
	if n < 16 {
		*(*[8]byte)(p), *(*[8]byte)(unsafe.Add(p, n-8)) = [8]byte(piece[:]), [8]byte(piece[:])
		return
	}
	for i := 0; i < n-16; i += 16 {
		*(*[16]byte)(unsafe.Add(p, i)) = piece
	}
	*(*[16]byte)(unsafe.Add(p, n-16)) = piece
}
