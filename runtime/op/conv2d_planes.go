package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Turner is implemented by operators that can do without a transpose of an
// input.
type Turner interface {
	// TakePlanes returns an operator that reads Transpose's input, of type t, as
	// input i, where o reads Transpose(input, perm); or nil.
	TakePlanes(i int, perm []int, t tensor.Type) graph.Op
}

// mostPlanes is how many planes a convolution turns by itself: those of a
// picture. More than that are worth a place in the plan.
const mostPlanes = 4

// TakePlanes takes pictures as files of NCHW have them.
func (o *Conv2D) TakePlanes(i int, perm []int, t tensor.Type) graph.Op {
	if i != 0 || o.Planes || !slices.Equal(perm, []int{0, 2, 3, 1}) || t.DType != tensor.F32 || !t.Static() || t.Shape[1] > mostPlanes {
		return nil
	}
	o = new(*o)
	o.Planes = true
	return o
}

// imageOfPlanes returns in with [n h w c] for the shape of input 0, [n c h w],
// and without its data.
func imageOfPlanes(in []tensor.View) []tensor.View {
	in = slices.Clone(in)
	s := in[0].Shape
	in[0] = tensor.View{Type: in[0].WithShape(s[0], s[2], s[3], s[1]), Data: in[0].Data}
	return in
}

// preparePlanes prepares o on an image that is turned, plane by plane, in
// scratch.
func (o *Conv2D) preparePlanes(p *Prep) (Prepared, error) {
	o = new(*o)
	inner := *p
	inner.In = slices.Clone(p.In)
	s := p.In[0].Shape
	inner.In[0] = p.In[0].WithShape(s[0], s[2], s[3], s[1])
	o.Planes = false
	d, err := o.Prepare(&inner)
	if err != nil || d.Bind == nil {
		return d, err
	}
	size, bind, turn := kernels.RoundUp(p.In[0].Bytes(), 64), d.Bind, p.Kernels.TransposeX4
	d.Scratch += size
	d.Bind = func(m *Mem) (Step, error) {
		turned := *m
		turned.In, turned.Scratch = slices.Clone(m.In), m.Scratch[size:]
		image := tensor.Cast[float32](m.Scratch[:p.In[0].Bytes()])
		turned.In[0] = tensor.View{Type: inner.In[0], Data: tensor.Bytes(image)}
		step, err := bind(&turned)
		if err != nil {
			return nil, err
		}
		return func() error {
			turnPlanes(image, s, m.In[0].Data, turn)
			return step()
		}, nil
	}
	return d, nil
}

// turnPlanes turns planes, of shape [n c h w], into an image.
func turnPlanes(image []float32, shape []int, planes []byte, turn func(y, x []int32, rows, cols, ldy, ldx int)) {
	c, pixels := shape[1], shape[2]*shape[3]
	to, from := tensor.Cast[int32](tensor.Bytes(image)), tensor.Cast[int32](planes)
	for each := c * pixels; each > 0 && len(to) > 0; to, from = to[each:], from[each:] {
		turn(to, from, c, pixels, c, pixels)
	}
}

// turnX4 is kernels.Rows.TransposeX4, plainly.
func turnX4(y, x []int32, rows, cols, ldy, ldx int) {
	for i := range rows {
		for j := range cols {
			y[j*ldy+i] = x[i*ldx+j]
		}
	}
}
