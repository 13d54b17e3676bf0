package op

import (
	"fmt"
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Epilogue says what becomes of the sums of a convolution or dense layer.
type Epilogue struct {
	To     // type and quantisation of the output
	Act    quant.Activation
	Within Interval // of float32 outputs: a clamp that was fused
	// Sum32 says that sums of int16 without a bias are kept in 32 bits, as they
	// are where the bias is int32. They are then rounded another way.
	Sum32 bool
	// Asymmetric says that a dense layer with float32 activations and integer
	// weights quantises the activations with a zero point.
	Asymmetric bool
}

// Interval is a range of float32.
type Interval struct {
	Lo, Hi float32
	Set    bool // else it is all numbers
}

// Bounded is implemented by elementwise operators that only clamp.
type Bounded interface {
	Bounds() (lo, hi float32, ok bool)
}

// floatRange returns what float32 outputs are clamped to.
func (e *Epilogue) floatRange() (lo, hi float32) {
	lo, hi = quant.ActivationRangeFloat(e.Act)
	if e.Within.Set {
		lo, hi = kernels.Clamp(lo, e.Within.Lo, e.Within.Hi), kernels.Clamp(hi, e.Within.Lo, e.Within.Hi)
	}
	return lo, hi
}

// fused returns e followed by next, if next only clamps float32.
func (e Epilogue) fused(next graph.Op, out tensor.Type) (Epilogue, bool) {
	b, ok := next.(Bounded)
	if !ok || e.DType != tensor.F32 || out.DType != tensor.F32 {
		return e, false
	}
	lo, hi, ok := b.Bounds()
	if !ok || !(lo <= hi) {
		return e, false
	}
	if e.Within.Set {
		lo, hi = kernels.Clamp(e.Within.Lo, lo, hi), kernels.Clamp(e.Within.Hi, lo, hi)
	}
	e.Within = Interval{lo, hi, true}
	return e, true
}

// scheme says which arithmetic a filter uses.
type scheme uint8

const (
	schemeF32      scheme = iota
	schemeS8              // int8 activations, int8 or int4 weights, int32 sums
	schemeU8              // uint8 both, weights with a zero point
	schemeS16             // int16 activations, int8 weights, int64 sums
	schemeS16Sum32        // the same with int32 sums
	schemeHybrid          // float32 activations, quantised while running
)

// infer checks the types and quantisation of inputs and output and returns the
// scheme. f's oc is known.
func (e *Epilogue) infer(in []tensor.View, f *filter) (s scheme, err error) {
	if e.Act > quant.ReLU6 {
		return 0, Unsupported("fused activation %v", e.Act)
	}
	if err := wantType(in, 0, tensor.F32, tensor.I8, tensor.U8, tensor.I16); err != nil {
		return 0, err
	}
	if e.DType != in[0].DType {
		return 0, Unsupported("output of type %s from input of type %s", e.DType, in[0].DType)
	}
	bias := []tensor.DType{tensor.I32}
	switch in[0].DType {
	case tensor.F32:
		bias = []tensor.DType{tensor.F32}
		if s = schemeHybrid; in[1].DType == tensor.F32 {
			s = schemeF32
		}
		err = wantType(in, 1, tensor.F32, tensor.I8, tensor.I4)
	case tensor.I8:
		s, err = schemeS8, wantType(in, 1, tensor.I8, tensor.I4)
	case tensor.U8:
		s, err = schemeU8, wantType(in, 1, tensor.U8)
	case tensor.I16:
		bias = []tensor.DType{tensor.I64, tensor.I32}
		if s = schemeS16; e.Sum32 || input(in, 2).DType == tensor.I32 {
			s = schemeS16Sum32
		}
		if b := input(in, 2); b.DType == tensor.I64 {
			s = schemeS16
		}
		err = wantType(in, 1, tensor.I8)
	}
	if err != nil {
		return s, err
	}
	if err := wantBias(in, f.oc, bias...); err != nil {
		return s, err
	}
	return s, e.wantQuant(in, f.oc, s)
}

// wantQuant checks scales and zero points.
func (e *Epilogue) wantQuant(in []tensor.View, oc int, s scheme) error {
	if s == schemeF32 {
		return nil
	}
	if s != schemeHybrid {
		if err := wantQuant(in[0].Type, e.Type()); err != nil {
			return err
		}
	}
	q := in[1].Quant
	if q == nil || len(q.Scale) != 1 && len(q.Scale) != oc || len(q.Zero) != len(q.Scale) {
		return fmt.Errorf("filter %s needs 1 or %d scales and zero points", in[1].Type, oc)
	}
	for i, x := range q.Scale {
		if !(x >= 0) || math.IsInf(float64(x), 0) {
			return fmt.Errorf("scale %d of the filter is %v, want a number of at least 0", i, x)
		}
	}
	switch s {
	case schemeU8:
		if len(q.Scale) != 1 || q.Zero[0] < 0 || q.Zero[0] > 255 {
			return Unsupported("uint8 filter with %d scales, zero point %d,", len(q.Scale), q.Zero[0])
		}
	case schemeS16, schemeS16Sum32:
		if in[0].Quant.Zero[0] != 0 || e.Quant.Zero[0] != 0 {
			return fmt.Errorf("int16 activations have zero points %d and %d, want 0", in[0].Quant.Zero[0], e.Quant.Zero[0])
		}
	}
	return nil
}

// channelScale returns the filter's scale of output o.
func channelScale(w *quant.Params, o int) float32 {
	if len(w.Scale) == 1 {
		return w.Scale[0]
	}
	return w.Scale[o]
}

// multiplierOf returns the multiplier of output o's sums. narrow says that the
// scales of input and filter are multiplied in float32, as TFLite does for
// uint8 and for dense layers with one scale.
func (e *Epilogue) multiplierOf(x, w *quant.Params, o int, narrow bool) quant.Multiplier {
	scale := channelScale(w, o)
	if narrow {
		return quant.NewMultiplier(float64(float32(x.Scale[0]*scale)) / float64(e.Quant.Scale[0]))
	}
	return multiplier(x.Scale[0], scale, e.Quant.Scale[0])
}

// intRange returns the least and greatest quantised output.
func (e *Epilogue) intRange() (lo, hi int32) {
	l, h := e.DType.Range()
	return quant.ActivationRange(e.Act, e.Quant, int32(l), int32(h))
}

// requant returns the parameters for int8 kernels, without bias.
func (e *Epilogue) requant(x, w *quant.Params, oc int, narrow bool) *kernels.Requant {
	q := kernels.NewRequant(oc)
	q.Zero = e.Quant.Zero[0]
	q.Lo, q.Hi = e.intRange()
	for o := range oc {
		m := e.multiplierOf(x, w, o, narrow)
		q.Mult[o], q.Left[o], q.Right[o] = m.M, max(int32(m.Shift), 0), max(-int32(m.Shift), 0)
	}
	return q
}
