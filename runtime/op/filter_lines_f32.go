package op

import (
	"unsafe"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// linesF32 is a convolution of float32 whose kernel reads the windows where
// they lie: in the image itself or, if that is padded, in copies of a few of
// its lines with the padding around.
type linesF32 struct {
	*gemmF32
	lines func(y []float32, ldy int, a []float32, lda, run, line int, b, bias []float32, m, n, k int, lo, hi float32)
	wide  int // pixels of a copied line
	rows  int // lines of output that a copy is for, 0 if there are none
}

const (
	linesBytes   = 32 << 10  // of copied lines
	linesWeights = 512 << 10 // bytes of weights that may be read again for each line of output
	linesPixels  = 4         // a line of output that is worth a call
)

// newLines returns nil if f is better served by copies of its windows.
func newLines(g *gemmF32, k kernels.GemmF32, fused bool) *linesF32 {
	l := &linesF32{gemmF32: g, lines: k.RoundedLines}
	if fused {
		l.lines = k.Lines
	}
	many := g.ow >= 24 || g.PackedF32Len(g.oc, g.k())*4 <= linesWeights
	if l.lines == nil || g.kh*g.kw == 1 || g.groups != 1 || g.dw != 1 || g.ow < linesPixels || !many {
		return nil
	}
	l.wide = (g.ow-1)*g.sw + g.kw
	reach := (g.kh-1)*g.dh + 1
	if g.top == 0 && g.left == 0 && l.wide <= g.w && (g.oh-1)*g.sh+reach <= g.h {
		return l
	}
	size := int64(l.wide) * int64(g.c) * 4
	if size*int64(reach+g.sh) > widestBlock {
		return nil
	}
	l.rows = min(max(1, (int(linesBytes/size)-reach)/g.sh+1), g.oh)
	return l
}

// perWorker is the bytes of copied lines.
func (l *linesF32) perWorker() int {
	if l.rows == 0 {
		return 0
	}
	return ((l.rows-1)*l.sh + (l.kh-1)*l.dh + 1) * l.wide * l.c * int(unsafe.Sizeof(float32(0)))
}

func (l *linesF32) bind(m *Mem) (Step, error) {
	x, y := m.In[0].F32(), m.Out[0].F32()
	b, bias, pack := l.packed(m)
	workers := l.threads(m.Env.Workers)
	return after(pack, onWorkers(m.Env.Workers, workers, func(w int) {
		lo, hi := Share(l.n*l.oh, w, workers, 1)
		copied := tensor.Cast[float32](m.PerWorker[w])
		for row := lo; row < hi; {
			image, oy := x[row/l.oh*l.h*l.w*l.c:][:l.h*l.w*l.c], row%l.oh
			if l.rows == 0 {
				l.line(y[row*l.ow*l.oc:], image[oy*l.sh*l.w*l.c:], l.w, b, bias[0])
				row++
				continue
			}
			n := min(l.rows, hi-row, l.oh-oy)
			l.fill(copied, image, oy, n)
			for i := range n {
				l.line(y[(row+i)*l.ow*l.oc:], copied[i*l.sh*l.wide*l.c:], l.wide, b, bias[0])
			}
			row += n
		}
	})), nil
}

// line computes a line of outputs from lines of so many pixels.
func (l *linesF32) line(y, x []float32, wide int, b, bias []float32) {
	l.lines(y, l.oc, x, l.sw*l.c, l.kw*l.c, l.dh*wide*l.c, b, bias, l.ow, l.oc, l.k(), l.lo, l.hi)
}

// fill copies the lines of image for n lines of output from oy on.
func (l *linesF32) fill(dst, image []float32, oy, n int) {
	size := l.wide * l.c
	from := min(max(l.left, 0), l.wide)
	to := max(from, min(l.wide, l.w+l.left))
	for r := range (n-1)*l.sh + (l.kh-1)*l.dh + 1 {
		line, y := dst[r*size:(r+1)*size], oy*l.sh-l.top+r
		if y < 0 || y >= l.h {
			clear(line)
			continue
		}
		clear(line[:from*l.c])
		if from < to {
			copy(line[from*l.c:to*l.c], image[(y*l.w+from-l.left)*l.c:])
		}
		clear(line[to*l.c:])
	}
}
