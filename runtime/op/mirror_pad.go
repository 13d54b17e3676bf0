package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// Mirror says what a MirrorPad puts beyond an edge.
type Mirror uint8

// The contents beyond the edge of [1 2 3], three elements away at most.
const (
	Reflect   Mirror = iota // 3 2 [1 2 3] 2 1: not the edge itself
	Symmetric               // 3 2 1 [1 2 3] 3 2 1
	Edge                    // 1 1 1 [1 2 3] 3 3 3
)

// MirrorPad adds mirrored elements before and after its input along each
// dimension. Input 1 has a row [before, after] for each.
type MirrorPad struct{ Mode Mirror }

// Infer adds the paddings to the dimensions.
func (o *MirrorPad) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantMovable(in, 0); err != nil {
		return nil, err
	}
	shape, err := paddedShape(in)
	if err != nil {
		return nil, err
	}
	for i, d := range in[0].Shape {
		if !in[1].Known() || d == tensor.Dynamic {
			continue
		}
		before, _ := intAt(&in[1], 2*i) // padded has read them
		after, _ := intAt(&in[1], 2*i+1)
		if most := o.most(d); before > most || after > most {
			return nil, errorf("padding [%d %d] of dimension %d, which has %d, is too large to mirror", before, after, i, d)
		}
	}
	return []tensor.Type{in[0].WithShape(shape...)}, nil
}

// most returns how many elements may be added to a dimension of d.
func (o *MirrorPad) most(d int) int {
	switch {
	case o.Mode == Edge && d > 0:
		return 1<<31 - 1
	case o.Mode == Reflect && d > 0:
		return d - 1
	}
	return d
}

// source returns the index, along a dimension of d, of the element that lies
// at i, which is less than 0 or not less than d.
func (o *MirrorPad) source(i, d int) int {
	switch {
	case o.Mode == Edge:
		return max(0, min(i, d-1))
	case o.Mode == Reflect && i < 0:
		return -i
	case o.Mode == Reflect:
		return 2*(d-1) - i
	case i < 0:
		return -1 - i
	}
	return 2*d - 1 - i
}

// Ref writes the elements in order, runs of them at once.
func (o *MirrorPad) Ref(in, out []tensor.View) error {
	if len(out[0].Data) == 0 {
		return nil
	}
	var p padPlan
	if err := p.measure(in, out); err != nil {
		return err
	}
	o.write(&p, out[0].Data, in[0].Data, 0)
	return nil
}

// write pads dimension k and those inside of it.
func (o *MirrorPad) write(p *padPlan, dst, src []byte, k int) {
	if k == p.rank {
		copy(dst, src)
		return
	}
	d, from, to := p.dim[k], p.src[k], p.dst[k]
	body := dst[p.before[k]*to:]
	if k == p.rank-1 {
		copy(body, src[:d*from])
	} else {
		for i := range d {
			o.write(p, body[i*to:(i+1)*to], src[i*from:(i+1)*from], k+1)
		}
	}
	for i := range p.before[k] {
		at := o.source(i-p.before[k], d)
		copy(dst[i*to:(i+1)*to], body[at*to:(at+1)*to])
	}
	for i := d; i < d+p.after[k]; i++ {
		at := o.source(i, d)
		copy(body[i*to:(i+1)*to], body[at*to:(at+1)*to])
	}
}
