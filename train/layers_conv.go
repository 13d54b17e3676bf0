package train

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// conv is a layer of filters that slide over an image.
type conv struct {
	layer
	filters int
	size    [2]int
	line    bool // one dimension: [steps channels]
	build   func(l *conv, s *Scope, x graph.Value) graph.Value
}

func newConv(kind string, filters int, size [2]int, opts []Option, allowed ...string) *conv {
	allowed = append(allowed, "an activation", "NoBias", "KernelInitializer", "L1", "L2", "Strides", "Same")
	l := &conv{layer: newLayer(kind, opts, config{kernelInit: GlorotUniform}, allowed...), filters: filters, size: size}
	l.positive("filters", filters)
	l.positive("window", size[0], size[1])
	l.positive("stride", l.stride[0], l.stride[1])
	l.positive("dilation", l.dilation[0], l.dilation[1])
	l.positive("groups", l.groups)
	return l
}

// Conv2D slides filters of a size, height and width, over images. Images are
// [height width channels], padding is valid unless Same is given. Weights begin
// as GlorotUniform.
func Conv2D(filters, height, width int, opts ...Option) Layer {
	l := newConv("conv2d", filters, [2]int{height, width}, opts, "DilationRate", "Groups")
	l.build = (*conv).conv2D
	return l
}

// Conv1D slides filters along sequences [steps channels].
func Conv1D(filters, size int, opts ...Option) Layer {
	l := newConv("conv1d", filters, [2]int{1, size}, opts, "DilationRate", "Groups")
	l.build, l.line = (*conv).conv2D, true
	l.stride[0], l.dilation[0] = 1, 1
	return l
}

// DepthwiseConv2D filters each channel by itself, DepthMultiplier times.
func DepthwiseConv2D(height, width int, opts ...Option) Layer {
	l := newConv("depthwise_conv2d", 1, [2]int{height, width}, opts, "DilationRate", "DepthMultiplier")
	l.build = (*conv).depthwise
	return l
}

// SeparableConv2D is a DepthwiseConv2D without a bias, and a convolution of one
// pixel.
func SeparableConv2D(filters, height, width int, opts ...Option) Layer {
	l := newConv("separable_conv2d", filters, [2]int{height, width}, opts, "DilationRate", "DepthMultiplier")
	l.build = (*conv).separable
	return l
}

// Conv2DTranspose spreads each pixel over a window: a convolution's reverse.
func Conv2DTranspose(filters, height, width int, opts ...Option) Layer {
	l := newConv("conv2d_transpose", filters, [2]int{height, width}, opts)
	l.build = (*conv).transposed
	return l
}

// Build adds the convolution and the activation.
func (l *conv) Build(s *Scope, in ...graph.Value) graph.Value {
	rank := 4
	if l.line {
		rank = 3
	}
	if !l.ready(s, in, 1, rank) {
		return 0
	}
	x := in[0]
	if l.line {
		x = s.lift(x)
	}
	y := s.activate(l.build(l, s, x), l.activation)
	if l.line {
		y = s.lower(y)
	}
	return y
}

// lift makes an image of one line of a sequence; lower undoes it.
func (s *Scope) lift(x graph.Value) graph.Value {
	if shape := s.Shape(x); shape != nil {
		return s.reshape(x, 1, shape[1], shape[2])
	}
	return 0
}

func (s *Scope) lower(x graph.Value) graph.Value {
	if shape := s.Shape(x); shape != nil {
		return s.reshape(x, shape[2], shape[3])
	}
	return 0
}

func (c *config) padding() op.Padding {
	if c.same {
		return op.Padding{Mode: op.PadSameUpper}
	}
	return op.Padding{Mode: op.PadValid}
}

// filter returns the layer's weights and bias.
func (l *conv) filter(s *Scope, name string, bias int, shape ...int) (w, b graph.Value) {
	w, b = s.Weight(name, l.kernelInit, l.config, shape...), graph.None
	if bias > 0 && !l.noBias {
		b = s.Weight("bias", Zeros, l.config, bias)
	}
	return w, b
}

func (l *conv) conv2D(s *Scope, x graph.Value) graph.Value {
	c := s.Shape(x)[3]
	if c%l.groups != 0 || l.filters%l.groups != 0 {
		return s.Fail("%d channels and %d filters do not divide into %d groups", c, l.filters, l.groups)
	}
	w, b := l.filter(s, "kernel", l.filters, l.filters, l.size[0], l.size[1], c/l.groups)
	return s.Add(&op.Conv2D{Stride: l.stride, Dilation: l.dilation, Padding: l.padding(), Epilogue: fused}, x, w, b)
}

func (l *conv) depthwise(s *Scope, x graph.Value) graph.Value {
	return l.depthwiseWith(s, x, s.Shape(x)[3]*l.depthMultiplier)
}

// depthwiseWith adds a depthwise convolution with a bias of the given length.
func (l *conv) depthwiseWith(s *Scope, x graph.Value, bias int) graph.Value {
	w, b := l.filter(s, "depthwise_kernel", bias, 1, l.size[0], l.size[1], s.Shape(x)[3]*l.depthMultiplier)
	return s.Add(&op.DepthwiseConv2D{Stride: l.stride, Dilation: l.dilation, Padding: l.padding(), Epilogue: fused}, x, w, b)
}

func (l *conv) separable(s *Scope, x graph.Value) graph.Value {
	d := l.depthwiseWith(s, x, 0)
	w, b := l.filter(s, "pointwise_kernel", l.filters, l.filters, 1, 1, s.Shape(x)[3]*l.depthMultiplier)
	return s.Add(&op.Conv2D{Stride: [2]int{1, 1}, Dilation: [2]int{1, 1}, Padding: op.Padding{Mode: op.PadValid}, Epilogue: fused}, d, w, b)
}

func (l *conv) transposed(s *Scope, x graph.Value) graph.Value {
	w, b := l.filter(s, "kernel", l.filters, l.filters, l.size[0], l.size[1], s.Shape(x)[3])
	return s.Add(&op.TransposeConv{Stride: l.stride, Dilation: [2]int{1, 1}, Padding: l.padding(), Epilogue: fused}, x, w, b)
}

// pool is a pooling layer.
type pool struct {
	layer
	window [2]int
	line   bool
	max    bool
	global bool
}

// newPool reads a pooling layer's options: its stride is its window, unless
// Strides says otherwise.
func newPool(kind string, p pool, opts []Option) Layer {
	p.layer = newLayer(kind, opts, config{stride: p.window}, "Strides", "Same")
	p.positive("window", p.window[0], p.window[1])
	p.positive("stride", p.stride[0], p.stride[1])
	if p.line {
		p.stride[0] = 1
	}
	return &p
}

// MaxPooling2D takes the greatest number of each window.
func MaxPooling2D(height, width int, opts ...Option) Layer {
	return newPool("max_pooling2d", pool{window: [2]int{height, width}, max: true}, opts)
}

// AveragePooling2D averages each window; padding doesn't count.
func AveragePooling2D(height, width int, opts ...Option) Layer {
	return newPool("average_pooling2d", pool{window: [2]int{height, width}}, opts)
}

// MaxPooling1D is MaxPooling2D for sequences.
func MaxPooling1D(size int, opts ...Option) Layer {
	return newPool("max_pooling1d", pool{window: [2]int{1, size}, line: true, max: true}, opts)
}

// AveragePooling1D is AveragePooling2D for sequences.
func AveragePooling1D(size int, opts ...Option) Layer {
	return newPool("average_pooling1d", pool{window: [2]int{1, size}, line: true}, opts)
}

func newGlobal(kind string, max, line bool, opts []Option) Layer {
	return &pool{layer: newLayer(kind, opts, config{}), global: true, max: max, line: line}
}

// GlobalMaxPooling2D takes the greatest number of each channel.
func GlobalMaxPooling2D(opts ...Option) Layer {
	return newGlobal("global_max_pooling2d", true, false, opts)
}

// GlobalAveragePooling2D averages each channel.
func GlobalAveragePooling2D(opts ...Option) Layer {
	return newGlobal("global_average_pooling2d", false, false, opts)
}

// GlobalMaxPooling1D takes the greatest number of each channel of a sequence.
func GlobalMaxPooling1D(opts ...Option) Layer {
	return newGlobal("global_max_pooling1d", true, true, opts)
}

// GlobalAveragePooling1D averages each channel of a sequence.
func GlobalAveragePooling1D(opts ...Option) Layer {
	return newGlobal("global_average_pooling1d", false, true, opts)
}

// Build adds the pool.
func (l *pool) Build(s *Scope, in ...graph.Value) graph.Value {
	rank := 4
	if l.line {
		rank = 3
	}
	if !l.ready(s, in, 1, rank) {
		return 0
	}
	x := in[0]
	if l.global {
		axes, kind := []int{1, 2}, op.ReduceMean
		if l.line {
			axes = axes[:1]
		}
		if l.max {
			kind = op.ReduceMax
		}
		return s.Add(&op.Reduce{Kind: kind, Axes: axes}, x)
	}
	if l.line {
		x = s.lift(x)
	}
	p := op.Pool{Window: l.window, Stride: l.stride, Dilation: [2]int{1, 1}, Padding: l.padding()}
	var y graph.Value
	if l.max {
		y = s.Add(&op.MaxPool2D{Pool: p}, x)
	} else {
		y = s.Add(&op.AveragePool2D{Pool: p}, x)
	}
	if l.line {
		y = s.lower(y)
	}
	return y
}

// padLayer is a ZeroPadding layer.
type padLayer struct {
	layer
	pads []int32 // before and after, for each dimension
}

// ZeroPadding2D adds zeros around images.
func ZeroPadding2D(top, bottom, left, right int, opts ...Option) Layer {
	return &padLayer{newLayer("zero_padding2d", opts, config{}), []int32{0, 0, int32(top), int32(bottom), int32(left), int32(right), 0, 0}}
}

// ZeroPadding1D adds zeros around sequences.
func ZeroPadding1D(before, after int, opts ...Option) Layer {
	return &padLayer{newLayer("zero_padding1d", opts, config{}), []int32{0, 0, int32(before), int32(after), 0, 0}}
}

// Build adds a Pad.
func (l *padLayer) Build(s *Scope, in ...graph.Value) graph.Value {
	rank := len(l.pads) / 2
	if !l.ready(s, in, 1, rank) {
		return 0
	}
	p := s.b.Const(s.path+"/paddings", tensor.Of(tensor.I32, rank, 2), tensor.Bytes(l.pads))
	return s.Add(&op.Pad{}, in[0], p)
}

// upSampling is an UpSampling layer.
type upSampling struct {
	layer
	factor [2]int
	line   bool
}

// UpSampling2D repeats rows and columns, or with Bilinear interpolates.
func UpSampling2D(height, width int, opts ...Option) Layer {
	l := &upSampling{newLayer("up_sampling2d", opts, config{}, "Bilinear"), [2]int{height, width}, false}
	l.positive("factor", height, width)
	return l
}

// UpSampling1D repeats the steps of sequences.
func UpSampling1D(factor int, opts ...Option) Layer {
	l := &upSampling{newLayer("up_sampling1d", opts, config{}), [2]int{1, factor}, true}
	l.positive("factor", factor)
	return l
}

// Build adds a resize.
func (l *upSampling) Build(s *Scope, in ...graph.Value) graph.Value {
	rank := 4
	if l.line {
		rank = 3
	}
	if !l.ready(s, in, 1, rank) {
		return 0
	}
	x := in[0]
	if l.line {
		x = s.lift(x)
	}
	shape := s.Shape(x)
	size := []int32{int32(shape[1] * l.factor[0]), int32(shape[2] * l.factor[1])}
	to := s.b.Const(s.path+"/size", tensor.Of(tensor.I32, 2), tensor.Bytes(size))
	var y graph.Value
	if l.bilinear {
		y = s.Add(&op.ResizeBilinear{HalfPixelCenters: true}, x, to)
	} else {
		y = s.Add(&op.ResizeNearestNeighbor{}, x, to)
	}
	if l.line {
		y = s.lower(y)
	}
	return y
}
