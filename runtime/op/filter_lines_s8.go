package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// linesS8 is a convolution of int8 whose kernel reads the windows where they
// lie: in the image itself or, if that is padded, in copies of a few of its
// lines with the padding around.
type linesS8 struct {
	*gemmS8
	run  int // values of a line of a window, rounded up to KR: the weights there are 0
	wide int // pixels of a copied line
	rows int // lines of output that a copy is for, 0 if there are none
}

// newLinesS8 returns nil if g is better served by copies of its windows.
func newLinesS8(g *gemmS8) *linesS8 {
	l := &linesS8{gemmS8: g, run: kernels.RoundUp(g.kw*g.kc, g.KR)}
	many := g.ow >= 24 || g.PackedS8Len(g.oc, g.kh*l.run) <= linesWeights/2
	if g.Lines == nil || g.kh == 1 || g.groups != 1 || g.dw != 1 || g.ow < linesPixels || !many {
		return nil
	}
	l.wide = (g.ow-1)*g.sw + g.kw
	reach := (g.kh-1)*g.dh + 1
	if g.top == 0 && g.left == 0 && l.wide <= g.w && (g.oh-1)*g.sh+reach <= g.h && l.run == g.kw*g.kc {
		return l
	}
	size := int64(l.wide) * int64(g.c)
	if size*int64(reach+g.sh) > widestBlock {
		return nil
	}
	l.rows = min(max(1, (int(linesBytes/size)-reach)/g.sh+1), g.oh)
	return l
}

// perWorker is the bytes of copied lines, and as many as the last run reads.
func (l *linesS8) perWorker() int {
	if l.rows == 0 {
		return 0
	}
	return l.lines(l.rows)*l.wide*l.c + l.KR
}

// lines is how many lines of the image n lines of output read.
func (l *linesS8) lines(n int) int { return (n-1)*l.sh + (l.kh-1)*l.dh + 1 }

// pack packs the weights, input 1, with zeros where a run was rounded up.
func (l *linesS8) pack(p *Prep) ([]int8, error) {
	k, run := l.kh*l.run, l.kw*l.kc
	b, err := p.Pack(1, l.packForm("gemm_s8_lines", p), l.PackedS8Len(l.oc, k), func(dst []byte) {
		w := p.View(1)
		src, rows, row := weightsS8(&w), make([]int8, l.oc*k), make([]int8, l.k())
		for o := range l.oc {
			rowMajor(&l.filter, row, src, o)
			for ky := range l.kh {
				copy(rows[o*k+ky*l.run:], row[ky*run:(ky+1)*run])
			}
		}
		l.PackS8(tensor.Cast[int8](dst), rows, l.oc, k)
	})
	return tensor.Cast[int8](b), err
}

func (l *linesS8) bind(m *Mem) (Step, error) {
	x, y := m.In[0].I8(), m.Out[0].I8()
	workers := l.threads(m.Env.Workers)
	return onWorkers(m.Env.Workers, workers, func(w int) {
		lo, hi := Share(l.n*l.oh, w, workers, 1)
		copied := tensor.Cast[int8](m.PerWorker[w])
		for row := lo; row < hi; {
			image, oy := x[row/l.oh*l.h*l.w*l.c:][:l.h*l.w*l.c], row%l.oh
			if l.rows == 0 {
				l.line(y[row*l.ow*l.oc:], image[oy*l.sh*l.w*l.c:], l.w)
				row++
				continue
			}
			n := min(l.rows, hi-row, l.oh-oy)
			l.fill(copied, image, oy, n)
			for i := range n {
				l.line(y[(row+i)*l.ow*l.oc:], copied[i*l.sh*l.wide*l.c:], l.wide)
			}
			row += n
		}
	}), nil
}

// line computes a line of outputs from lines of so many pixels.
func (l *linesS8) line(y, x []int8, wide int) {
	l.Lines(y, l.oc, x, l.sw*l.c, l.run, l.dh*wide*l.c, l.b, l.ow, l.oc, l.kh*l.run, l.all)
}

// fill copies the lines of image for n lines of output from oy on.
func (l *linesS8) fill(dst, image []int8, oy, n int) {
	size := l.wide * l.c
	from := min(max(l.left, 0), l.wide)
	to := max(from, min(l.wide, l.w+l.left))
	lines, done := l.lines(n), 0
	for r := range lines {
		y := oy*l.sh - l.top + r
		if y < 0 || y >= l.h || from == to {
			continue
		}
		padWith(dst[done:r*size+from*l.c], l.pad) // from the line before on
		copy(dst[r*size+from*l.c:r*size+to*l.c], image[(y*l.w+from-l.left)*l.c:])
		done = r*size + to*l.c
	}
	padWith(dst[done:lines*size], l.pad)
}
