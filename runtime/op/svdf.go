package op

import (
	"github.com/edgeinfer/edgeinfer/kernels"
	"math"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// SVDF is a layer of filters of rank 1 or more over a window of time. Each
// filter has a feature part, applied to the newest input, and a time part,
// applied to the results of the last inputs, which are its state:
//
//	state[n,f,t] = state[n,f,t+1];  state[n,f,last] = Σ_i input[n,i]·feature[f,i]
//	output[n,u]  = act(bias[u] + Σ_r Σ_t time[f,t]·state[n,f,t]),  f = u·Rank + r
//
// Inputs: input [n,i], feature [f,i], time [f,t], bias [f/Rank] or none, and
// the variable state [n,f·t]. float32, or with both weights int8 (hybrid); or
// int8 with time and state both int16 or both int8: the activation does not
// touch integers, as in the reference.
type SVDF struct {
	Rank       int
	Activation quant.Activation
	Asymmetric bool // float32 rows that meet int8 weights get a zero point
	To         To
}

// Writes lists the state.
func (*SVDF) Writes() []int { return []int{4} }

// MACs counts both products.
func (o *SVDF) MACs(in, out []tensor.Type) int64 {
	n, f := int64(in[0].Shape[0]), int64(in[1].Shape[0])
	return n * f * (int64(in[1].Shape[1]) + int64(in[2].Shape[1]))
}

// Infer checks the shapes and returns [n, f/Rank].
func (o *SVDF) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, 5); err != nil {
		return nil, err
	}
	if len(in) < 5 || in[4].Absent() {
		return nil, errorf("no state: input 4 must be a variable")
	}
	for i := range in {
		switch {
		case in[i].Absent():
			continue
		case i == 3:
			if err := wantRank(in, i, 1); err != nil {
				return nil, err
			}
		default:
			if err := wantRank(in, i, 2); err != nil {
				return nil, err
			}
		}
		if i > 0 && !in[i].Static() {
			return nil, Unsupported("input %d of unknown shape %v", i, in[i].Shape)
		}
	}
	x, wf, wt := in[0].Shape, in[1].Shape, in[2].Shape
	switch {
	case o.Rank < 1 || wf[0]%o.Rank != 0:
		return nil, errorf("rank %d does not divide the %d filters", o.Rank, wf[0])
	case differ(wf[1], x[1]) || wt[0] != wf[0] || wt[1] < 1:
		return nil, errorf("shapes %v, %v, %v do not agree", x, wf, wt)
	case differ(x[0], in[4].Shape[0]) || int64(in[4].Shape[1]) != int64(wf[0])*int64(wt[1]):
		return nil, errorf("state of shape %v, want [%d %d·%d]", in[4].Shape, x[0], wf[0], wt[1])
	case !in[3].Absent() && in[3].Shape[0] != wf[0]/o.Rank:
		return nil, errorf("bias of shape %v, want [%d]", in[3].Shape, wf[0]/o.Rank)
	}
	return []tensor.Type{o.To.Type(in[4].Shape[0], wf[0]/o.Rank)}, o.types(in)
}

// types checks element types and quantisation.
func (o *SVDF) types(in []tensor.View) error {
	bias := tensor.F32
	switch in[0].DType {
	case tensor.F32:
		if err := wantType(in, 1, tensor.F32, tensor.I8); err != nil {
			return err
		}
		if err := wantType(in, 4, tensor.F32); err != nil {
			return err
		}
		if err := wantSame(in, 1, 2); err != nil {
			return err
		}
		if err := wantQuant(in[1].Type, in[2].Type); err != nil {
			return err
		}
	case tensor.I8:
		bias = tensor.I32
		if err := wantType(in, 1, tensor.I8); err != nil {
			return err
		}
		if err := wantType(in, 2, tensor.I8, tensor.I16); err != nil {
			return err
		}
		if err := wantSame(in, 2, 4); err != nil {
			return err
		}
		if err := wantQuant(in[0].Type, in[1].Type, in[2].Type, in[4].Type, o.To.Type()); err != nil {
			return err
		}
	default:
		return wantType(in, 0, tensor.F32, tensor.I8)
	}
	if o.To.DType != in[0].DType {
		return Unsupported("%s output of %s input", o.To.DType, in[0].DType)
	}
	if o.Activation > quant.SignBit {
		return Unsupported("activation %v", o.Activation)
	}
	if in[3].Absent() {
		return nil
	}
	return wantType(in, 3, bias)
}

// svdf holds what is computed once.
type svdf struct {
	n, i, f, t, rank int
	act              quant.Activation
	scale1, scale2   quant.Multiplier
	zeroIn, zeroOut  int32
	zeroState        int32
}

func (o *SVDF) dims(in, out []tensor.Type) *svdf {
	s := &svdf{n: in[0].Shape[0], i: in[0].Shape[1], f: in[1].Shape[0], t: in[2].Shape[1], rank: o.Rank, act: o.Activation}
	if in[0].DType == tensor.I8 {
		x, zx := scaleZero(in[0])
		wf, _ := scaleZero(in[1])
		wt, _ := scaleZero(in[2])
		st, zs := scaleZero(in[4])
		y, zy := scaleZero(out[0])
		s.zeroIn, s.zeroState, s.zeroOut = zx, zs, zy
		s.scale1 = quant.NewMultiplier(float64(float32(x*wf) / st)) // in float32, as the reference
		s.scale2 = quant.NewMultiplier(float64(float32(st*wt) / y))
	}
	return s
}

// Ref computes the layer and moves the state on.
func (o *SVDF) Ref(in, out []tensor.View) error {
	s := o.dims(viewTypes(in), viewTypes(out))
	var feature []byte
	if in[0].DType == tensor.F32 {
		m, err := newMatF32(&Prep{In: viewTypes(in), Const: make([][]byte, len(in))}, 1, -1, s.f, s.i, o.Asymmetric)
		if err != nil {
			return err
		}
		y := make([]float32, s.n*s.f)
		m.rows(y, s.f, in[0].F32(), s.i, s.n, &in[1], &noBias, make([]byte, m.scratch()))
		feature = tensor.Bytes(y)
	} else {
		x, w, y := in[0].I8(), in[1].I8(), make([]int32, s.n*s.f)
		for k := range y {
			y[k] = dotOffset(x[k/s.f*s.i:][:s.i], w[k%s.f*s.i:], -s.zeroIn)
		}
		feature = tensor.Bytes(y)
	}
	s.finish(in, out, feature)
	return nil
}

// finish puts the feature products [n,f] into the state and computes the output.
func (s *svdf) finish(in, out []tensor.View, feature []byte) {
	switch in[4].DType {
	case tensor.F32:
		s.timeF32(in, out[0].F32(), tensor.Cast[float32](feature))
	case tensor.I16:
		svdfTime(s, in[4].I16(), in[2].I16(), &in[3], out[0].I8(), tensor.Cast[int32](feature))
	case tensor.I8:
		svdfTime(s, in[4].I8(), in[2].I8(), &in[3], out[0].I8(), tensor.Cast[int32](feature))
	}
}

func (s *svdf) timeF32(in []tensor.View, y, feature []float32) {
	state, hybrid := in[4].F32(), in[2].DType == tensor.I8
	var weights []float32
	var weights8 []int8
	var scale float32
	if hybrid {
		weights8 = in[2].I8()
		scale, _ = scaleZero(in[2].Type)
	} else {
		weights = in[2].F32()
	}
	for k := range y {
		sum := float32(0)
		if !in[3].Absent() {
			sum = in[3].F32()[k%(s.f/s.rank)]
		}
		for r := k * s.rank; r < (k+1)*s.rank; r++ { // r is filter r%f of image r/f
			w := state[r*s.t : (r+1)*s.t]
			copy(w, w[1:])
			w[s.t-1] = feature[r]
			if hybrid {
				sum += dotScaled(w, weights8[r%s.f*s.t:], scale)
			} else {
				sum += dotF32(w, weights[r%s.f*s.t:])
			}
		}
		y[k] = activateF32(s.act, sum)
	}
}

// dotScaled returns the product of x and scale·w, each weight rounded.
func dotScaled(x []float32, w []int8, scale float32) (sum float32) {
	w = w[:len(x)]
	for i, v := range x {
		sum += float32(v * float32(scale*float32(w[i])))
	}
	return sum
}

// svdfTime is timeF32 for integers. Sums wrap, as does a new state that its
// zero point carries over the edge.
func svdfTime[T int8 | int16](s *svdf, state, weights []T, bias *tensor.View, y []int8, feature []int32) {
	lo, hi := int32(math.MinInt8), int32(math.MaxInt8)
	if T(lo)-1 < 0 { // T is wider than int8
		lo, hi = math.MinInt16, math.MaxInt16
	}
	for k := range y {
		sum := int32(0)
		if !bias.Absent() {
			sum = bias.I32()[k%(s.f/s.rank)]
		}
		for r := k * s.rank; r < (k+1)*s.rank; r++ {
			w := state[r*s.t : (r+1)*s.t]
			copy(w, w[1:])
			w[s.t-1] = T(s.zeroState + min(max(s.scale1.Apply(feature[r]), lo), hi))
			sum += dotOffset(w, weights[r%s.f*s.t:], -s.zeroState)
		}
		y[k] = int8(min(max(s.scale2.Apply(sum)+s.zeroOut, math.MinInt8), math.MaxInt8))
	}
}

// Prepare packs the feature weights for the kernels.
func (o *SVDF) Prepare(p *Prep) (Prepared, error) {
	s := o.dims(p.In, p.Out)
	if p.In[0].DType == tensor.F32 {
		m, err := newMatF32(p, 1, -1, s.f, s.i, o.Asymmetric)
		if err != nil {
			return Prepared{}, err
		}
		at := roundUp64(int(m.scratch()))
		return Prepared{Kernel: p.Kernels.Name, Scratch: at + 4*s.n*s.f, Bind: func(mem *Mem) (Step, error) {
			x, tmp, feature := mem.In[0].F32(), mem.Scratch[:at], mem.Scratch[at:at+4*s.n*s.f]
			return func() error {
				m.rows(tensor.Cast[float32](feature), s.f, x, s.i, s.n, &mem.In[1], &noBias, tmp)
				s.finish(mem.In, mem.Out, feature)
				return nil
			}, nil
		}}, nil
	}
	m, err := newMatS8(p, 1, -1, s.f, s.i, s.zeroIn)
	if err != nil {
		return Prepared{}, err
	}
	stride := m.stride()
	if int64(s.n)*int64(stride) > math.MaxInt32/2 {
		return Prepared{}, Unsupported("a batch of %d rows of %d", s.n, s.i)
	}
	at := roundUp64(s.n * stride)
	return Prepared{Kernel: p.Kernels.Name, Scratch: at + 4*s.n*s.f, Bind: func(mem *Mem) (Step, error) {
		x, rows, feature := mem.In[0].I8(), tensor.Cast[int8](mem.Scratch[:at]), mem.Scratch[at:at+4*s.n*s.f]
		return func() error {
			for b := range s.n {
				copy(rows[b*stride:], x[b*s.i:(b+1)*s.i])
			}
			m.rows(tensor.Cast[int32](feature), rows, s.n, &mem.In[1], &noBias)
			s.finish(mem.In, mem.Out, feature)
			return nil
		}, nil
	}}, nil
}

// noBias stands for a bias that is left out.
var noBias tensor.View

// activateF32 applies a fused activation as the recurrent layers do: NaN and
// infinities pass the linear one.
func activateF32(a quant.Activation, x float32) float32 {
	switch a {
	case quant.ReLU:
		return max(0, x)
	case quant.ReLUN1To1:
		return kernels.Clamp(x, -1, 1)
	case quant.ReLU6:
		return kernels.Clamp(x, 0, 6)
	case quant.Tanh:
		return quant.Tanh32(x)
	case quant.SignBit:
		if math.Signbit(float64(x)) {
			return 1
		}
		return 0
	}
	return x
}
