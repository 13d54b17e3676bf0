package op

import (
	"fmt"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// phase is what every stride-th output along an axis has in common: they see
// the same taps of the filter, n of them, and pixels that lie in a row. So a
// transposed convolution is a convolution of stride 1 for each phase.
type phase struct {
	at       int // first output
	n        int // taps
	last     int // the tap of the first pixel; those of later ones come before
	step     int // between taps
	first    int // pixel under tap last of output at; may lie beside the image
	dilation int // between pixels
}

// phaseOf returns the phase of output r < stride: output o reads pixel
// (o+pad−tap·dilation)/stride for the taps that leave no remainder.
func phaseOf(r, k, stride, dilation, pad int) phase {
	g := gcd(stride, dilation)
	p := phase{at: r, step: stride / g, dilation: dilation / g}
	from := (r + pad) % stride
	if dilation > 1 {
		for from = 0; from < min(k, p.step) && (r+pad-from*dilation)%stride != 0; {
			from++
		}
		if from == p.step {
			return p
		}
	}
	if from >= k {
		return p
	}
	p.n = (k-1-from)/p.step + 1
	p.last = from + (p.n-1)*p.step
	p.first = (r + pad - p.last*dilation) / stride
	return p
}

// tap returns the tap of pixel i of the window.
func (p phase) tap(i int) int { return p.last - i*p.step }

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// maxPhases is how many convolutions a transposed one is taken apart into at
// most; with longer strides than any model has, Ref runs.
const maxPhases = 64

// Prepare takes the operator apart into convolutions, one for each phase.
func (o *TransposeConv) Prepare(p *Prep) (Prepared, error) {
	o = new(*o)
	in := p.views()
	f, s, err := o.filter(in)
	if err != nil {
		return Prepared{}, err
	}
	shape := input(in, 3)
	if f.oh, f.ow = p.Out[0].Shape[1], p.Out[0].Shape[2]; !shape.Absent() {
		if err := o.cut(&f); err != nil { // the shape may not be known here
			return Prepared{}, err
		}
	}
	if !p.computedFilter() {
		o.Asymmetric = s == schemeHybrid
	}
	return f.prepareSpread(p, s, &o.Epilogue)
}

// prepareSpread prepares a convolution for each phase.
func (f filter) prepareSpread(p *Prep, s scheme, e *Epilogue) (Prepared, error) {
	rows, cols, computed := min(f.sh, f.oh), min(f.sw, f.ow), p.computedFilter()
	if computed && s != schemeF32 || p.Out[0].Len() == 0 || rows > maxPhases || cols > maxPhases/rows {
		return Prepared{Kernel: "go", Bind: func(m *Mem) (Step, error) {
			return func() error { f.spread(s, e, m.In, &m.Out[0]); return nil }, nil
		}}, nil
	}
	t := &phases{filter: f}
	for ry := range rows {
		for rx := range cols {
			y, x := phaseOf(ry, f.kh, f.sh, f.dh, f.top), phaseOf(rx, f.kw, f.sw, f.dw, f.left)
			if err := t.add(p, s, e, y, x, computed); err != nil {
				return Prepared{}, err
			}
		}
	}
	if !computed {
		p.Done(1) // each phase has packed its own, or has a copy
	}
	return t.prepared(p), nil
}

// phases are the convolutions that make up a transposed one.
type phases struct {
	filter
	parts []phasePart
}

type phasePart struct {
	Prepared
	y, x    phase
	out     tensor.Type
	weights tensor.View // without contents if they were packed
}

// add prepares the convolution of one phase.
func (t *phases) add(p *Prep, s scheme, e *Epilogue, y, x phase, computed bool) error {
	f := t.filter
	g := f
	g.oh, g.ow = (f.oh-y.at+f.sh-1)/f.sh, (f.ow-x.at+f.sw-1)/f.sw
	g.kh, g.kw = max(y.n, 1), max(x.n, 1)
	g.sh, g.sw, g.dh, g.dw, g.top, g.left = 1, 1, y.dilation, x.dilation, -y.first, -x.first
	if y.n == 0 || x.n == 0 { // nothing but the bias: a window beside the image
		g.kh, g.kw, g.top, g.left = 1, 1, -f.h, -f.w
	}
	g.phase = true
	c := phasePart{y: y, x: x, out: p.Out[0].WithShape(g.outShape()...)}
	if computed {
		return t.addComputed(p, e, c, g)
	}
	w := p.View(1)
	g.wo, c.weights = g.kh*g.kw*g.kc, phaseWeights(&f, &w, y, x)

	q := *p
	q.In, q.Const = append([]tensor.Type{}, p.In...), append([][]byte{}, p.Const...)
	q.In[1], q.Const[1] = c.weights.Type, c.weights.Data
	form := fmt.Sprintf("/phase %d %d %d, %d %d %d", y.n, y.last, y.step, x.n, x.last, x.step)
	q.Pack = func(i int, name string, n int, fill func(dst []byte)) ([]byte, error) {
		return p.Pack(i, name+form, n, fill)
	}
	q.Done = func(int) { c.weights.Data = nil }
	var err error
	c.Prepared, err = g.prepare(&q, s, e, s == schemeU8)
	t.parts = append(t.parts, c)
	return err
}

// addComputed prepares the convolution g of one phase on float32 weights that the
// model computes: they are read where they lie.
func (t *phases) addComputed(p *Prep, e *Epilogue, c phasePart, g filter) (err error) {
	if c.y.n == 0 || c.x.n == 0 {
		c.Prepared = g.justBias(e)
	} else {
		for ty := range c.y.n {
			for tx := range c.x.n {
				g.tapAt = append(g.tapAt, (c.y.tap(ty)*t.kw+c.x.tap(tx))*t.wt)
			}
		}
		c.Prepared, err = g.prepare(p, schemeF32, e, false)
	}
	t.parts = append(t.parts, c)
	return err
}

// justBias prepares a filter without taps: its outputs are the bias.
func (f filter) justBias(e *Epilogue) Prepared {
	lo, hi := e.Bounds.floats()
	return Prepared{Kernel: "go", Bind: func(m *Mem) (Step, error) {
		return func() error {
			y, b := m.Out[0].F32(), input(m.In, 2)
			for o := range f.oc {
				y[o] = kernels.Clamp(0, lo, hi)
				if !b.Absent() {
					y[o] = kernels.Clamp(b.F32()[o]+0, lo, hi)
				}
			}
			for at := f.oc; at < len(y); at *= 2 {
				copy(y[at:], y[:at])
			}
			return nil
		}, nil
	}}
}

// phaseWeights returns the filter's taps that a phase sees, in the order of
// its pixels; one of zeros if there are none.
func phaseWeights(f *filter, w *tensor.View, y, x phase) tensor.View {
	kh, kw := max(y.n, 1), max(x.n, 1)
	if y.n == 0 || x.n == 0 {
		kh, kw = 1, 1
	}
	v := tensor.View{Type: w.WithShape(f.oc, kh, kw, f.kc)}
	if v.DType == tensor.I4 {
		v.DType = tensor.I8
	}
	size := v.DType.Size()
	v.Data = tensor.Bytes(make([]uint64, (v.Bytes()+7)/8))[:v.Bytes()]
	if v.DType == tensor.U8 {
		fillWith(v.Data, byte(w.Quant.Zero[0])) // zeros
	}
	src := w.Data
	if w.DType == tensor.I4 {
		src = tensor.Bytes(weightsS8(w))
	}
	run, i := f.kc*size, 0
	for o := range f.oc {
		for ty := range y.n {
			for tx := range x.n {
				copy(v.Data[i*run:(i+1)*run], src[((o*f.kh+y.tap(ty))*f.kw+x.tap(tx))*run:])
				i++
			}
		}
		if y.n == 0 || x.n == 0 {
			i++
		}
	}
	return v
}

// prepared runs one phase after the other. Each writes its outputs to scratch,
// from where they go to their places; a single one writes where it should.
func (t *phases) prepared(p *Prep) Prepared {
	r := Prepared{Kernel: p.Kernels.Name, Bind: t.bind}
	image := t.imageBytes()
	for i := range t.parts {
		r.Scratch = max(r.Scratch, image+t.parts[i].Scratch)
		r.PerWorker = max(r.PerWorker, t.parts[i].PerWorker)
		r.Kernel = t.parts[i].Kernel
	}
	return r
}

// imageBytes is the room for the outputs of a phase, 0 if there is only one.
func (t *phases) imageBytes() int {
	if len(t.parts) == 1 {
		return 0
	}
	return kernels.RoundUp(t.parts[0].out.Bytes(), 64) // the first is the largest
}

func (t *phases) bind(m *Mem) (Step, error) {
	image := t.imageBytes()
	steps := make([]Step, len(t.parts))
	for i := range t.parts {
		c := &t.parts[i]
		n := *m
		n.Scratch = m.Scratch[image:]
		n.In = append([]tensor.View{}, m.In...)
		if c.weights.DType != tensor.None {
			n.In[1] = c.weights
		}
		if image > 0 {
			n.Out = []tensor.View{{Type: c.out, Data: m.Scratch[:c.out.Bytes()]}}
		}
		step, err := c.Bind(&n)
		if err != nil {
			return nil, err
		}
		steps[i] = step
	}
	dst := m.Out[0].Data
	return func() error {
		for i, step := range steps {
			if err := step(); err != nil {
				return err
			}
			if image > 0 {
				t.place(dst, m.Scratch, &t.parts[i])
			}
		}
		return nil
	}, nil
}

// place puts the outputs of a phase between those of the others.
func (t *phases) place(dst, src []byte, c *phasePart) {
	pixel := t.oc * c.out.DType.Size()
	oh, ow := c.out.Shape[1], c.out.Shape[2]
	for row := range t.n * oh {
		y := (row/oh*t.oh+c.y.at+row%oh*t.sh)*t.ow + c.x.at
		for ox := range ow {
			at := (y + ox*t.sw) * pixel
			copy(dst[at:at+pixel], src[(row*ow+ox)*pixel:])
		}
	}
}
