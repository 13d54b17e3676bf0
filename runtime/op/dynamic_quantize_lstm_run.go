package op

import (
	"fmt"
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// dynamicLSTM is a DynamicQuantizeLSTM made ready.
type dynamicLSTM struct {
	o       *DynamicQuantizeLSTM
	size    recurrentSize
	set     *kernels.Set    // nil for plain Go
	shape   [2]dynWeights   // of W and of R: n, k and gemm
	made    [2][]dynWeights // of each direction; nil if they are not constant
	scratch int
}

func newDynamicLSTM(o *DynamicQuantizeLSTM, in []tensor.Type, set *kernels.Set) (*dynamicLSTM, error) {
	l := &dynamicLSTM{o: o, set: set}
	tile := 1
	if set != nil {
		tile = set.GemmS8.MR
	}
	l.size = newRecurrentSize(&o.Recurrent, cellLSTM, o.InputForget, in, in[2].Shape[1], tile)
	n := timesDim(4, l.size.hidden)
	l.size.pad = n
	l.shape[0], l.shape[1] = dynWeights{n: n, k: l.size.width, set: set}, dynWeights{n: n, k: l.size.hidden, set: set}
	var err error
	l.scratch, err = sized(l.bytes())
	return l, err
}

// bytes is what a run works with, constant weights or not. Everything is
// aligned to 64 bytes.
func (l *dynamicLSTM) bytes() int64 {
	s := &l.size
	align := func(n int64) int64 { return (n + 63) &^ 63 }
	total := align(int64(s.seq) * int64(s.batch) * int64(l.shape[0].stride()))
	columns := align(4 * int64(l.shape[0].columns()))
	rows := int64(s.batch) * int64(s.chunk)
	each := align(4*s.perRun()) + align(int64(s.batch)*int64(l.shape[1].stride())) // states as bytes
	for i := range l.shape {
		w := &l.shape[i]
		each += 5*columns + 2*align(w.packedBytes()) + align(4*rows*int64(w.n))
	}
	return total + int64(s.dirs)*each
}

// packConstants packs weights that are known along with their parameters.
func (l *dynamicLSTM) packConstants(p *Prep) error {
	for i := range l.shape {
		weights, scale, zero := p.View(1+i), p.View(dynWScale+2*i), p.View(dynWZero+2*i)
		if !weights.Known() || !scale.Known() || !zero.Absent() && !zero.Known() {
			continue
		}
		made := make([]dynWeights, l.size.dirs)
		for d := range made {
			w := l.shape[i]
			w.zero, w.terms, w.scale = make([]int32, w.n), make([]int32, w.n), make([]float32, w.n)
			w.read(&weights, &scale, &zero, d, l.size.dirs)
			if w.packedBytes() > math.MaxInt32/2 {
				return Unsupported("packed weights of %d bytes", w.packedBytes())
			}
			packed, err := p.Pack(1+i, fmt.Sprint("dynamic lstm ", d), int(w.packedBytes()), func(dst []byte) {
				w.pack(tensor.Cast[int8](dst), make([]int8, w.n*w.k))
			})
			if err != nil {
				return err
			}
			w.packed, w.w = tensor.Cast[int8](packed), nil
			made[d] = w
		}
		l.made[i] = made
		p.Done(1 + i)
	}
	return nil
}

// dynamicRun is a dynamicLSTM bound to memory.
type dynamicRun struct {
	*dynamicLSTM
	cells    recurrentRun[float32]
	x        dynRows
	products [2][]dynProduct // with W and R, of each direction
	part     Step
}

func (l *dynamicLSTM) bind(scratch []byte, workers Workers, threads int) *dynamicRun {
	s := &l.size
	take := func(bytes int) (part []byte) {
		part, scratch = scratch[:bytes:bytes], scratch[(bytes+63)&^63:]
		return part
	}
	r := &dynamicRun{dynamicLSTM: l, cells: recurrentRun[float32]{recurrentSize: *s}}
	stride := l.shape[0].stride()
	r.x = dynRows{q: tensor.Cast[int8](take(s.seq * s.batch * stride)), k: s.width, lda: stride, set: l.set}
	memory := make([][]float32, s.dirs)
	for d := range s.dirs {
		states := &dynRows{k: s.hidden, lda: l.shape[1].stride(), set: l.set}
		memory[d] = tensor.Cast[float32](take(4 * int(s.perRun())))
		states.q = tensor.Cast[int8](take(s.batch * states.lda))
		direction := recurrentDirection[float32]{cellMath: cellMath32(nth(l.o.Functions, d, s.dirs), l.o.Clip, l.set)}
		for i, rows := range []*dynRows{&r.x, states} {
			p := dynProduct{rows: rows}
			w := l.shape[i]
			ints := func() []int32 { return tensor.Cast[int32](take(4 * w.columns())) }
			p.start, p.mult, w.zero, w.terms = ints(), tensor.Cast[float32](take(4*w.columns())), ints(), ints()
			w.scale, w.packed = tensor.Cast[float32](take(4*w.columns())), tensor.Cast[int8](take(int(w.packedBytes())))
			p.turned = tensor.Cast[int8](take(int(w.packedBytes())))
			p.acc = tensor.Cast[int32](take(4 * s.batch * s.chunk * w.n))
			p.dynWeights = &w
			if l.made[i] != nil {
				p.dynWeights = &l.made[i][d]
			}
			r.products[i] = append(r.products[i], p)
		}
		r.cells.directions = append(r.cells.directions, direction)
	}
	for d := range s.dirs {
		r.cells.directions[d].input = &r.products[0][d]
		r.cells.directions[d].state[0] = &r.products[1][d]
	}
	r.part = onWorkers(workers, threads, func(w int) {
		for d := w; d < s.dirs; d += threads {
			r.cells.run(d, 0, s.batch, memory[d])
		}
	})
	return r
}

func (r *dynamicRun) run(in, out []tensor.View) error {
	if err := r.cells.read(in, out); err != nil {
		return err
	}
	r.quantiseInput(in[0].F32())
	for i := range r.products {
		scale, zero := in[dynWScale+2*i], input(in, dynWZero+2*i)
		for d := range r.products[i] {
			p := &r.products[i][d]
			if r.made[i] == nil {
				p.read(&in[1+i], &scale, &zero, d, r.size.dirs)
				if r.set != nil {
					p.pack(p.packed, p.turned)
				}
			}
			p.begin(true) // of states, with what their range last was
		}
	}
	return r.part()
}

// quantiseInput makes the input bytes, as far as the longest sequence reaches.
func (r *dynamicRun) quantiseInput(x []float32) {
	if !r.size.batchwise {
		x = x[:r.cells.longest*r.size.batch*r.size.width]
	}
	r.x.fill(x)
}
