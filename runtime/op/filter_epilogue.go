package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Epilogue says what becomes of the sums of a convolution or dense layer.
type Epilogue struct {
	To // type and quantisation of the output
	Bounds
	// Fused says how float32 is rounded: as kernels.GemmF32.Mul does, each sum
	// one chain of fused multiply-adds that starts with the bias, of which -0
	// counts as 0. If false, products are rounded and the bias comes last, as in
	// kernels.GemmF32.Rounded and TFLite's reference.
	Fused bool
	// Sum32 says that sums of int16 without a bias are kept in 32 bits, as they
	// are where the bias is int32. They are then rounded another way.
	Sum32 bool
	// Asymmetric says that a dense layer with float32 activations and integer
	// weights quantises the activations with a zero point.
	Asymmetric bool
}

// fused returns e followed by next, if next only clamps.
func (e Epilogue) fused(next graph.Op, out tensor.Type) (Epilogue, bool) {
	if out.DType != e.DType || !out.Quant.Equal(e.Quant) {
		return e, false
	}
	b, ok := fuseBounds(e.Bounds, next, out)
	e.Bounds = b
	return e, ok
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
	if err := e.Bounds.valid(); err != nil {
		return 0, err
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
		return errorf("filter %s needs 1 or %d scales and zero points", in[1].Type, oc)
	}
	for i, x := range q.Scale {
		if !(x >= 0) || math.IsInf(float64(x), 0) {
			return errorf("scale %d of the filter is %v, want a number of at least 0", i, x)
		}
	}
	switch s {
	case schemeU8:
		if len(q.Scale) != 1 || q.Zero[0] < 0 || q.Zero[0] > 255 {
			return Unsupported("uint8 filter with %d scales, zero point %d,", len(q.Scale), q.Zero[0])
		}
	case schemeS16, schemeS16Sum32:
		if in[0].Quant.Zero[0] != 0 || e.Quant.Zero[0] != 0 {
			return errorf("int16 activations have zero points %d and %d, want 0", in[0].Quant.Zero[0], e.Quant.Zero[0])
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

// requant returns the parameters for int8 kernels, without bias.
func (e *Epilogue) requant(x, w *quant.Params, oc int, narrow bool) *kernels.Requant {
	q := kernels.NewRequant(oc)
	q.Zero = e.Quant.Zero[0]
	q.Lo, q.Hi = e.Bounds.quantised(e.Type())
	for o := range oc {
		m := e.multiplierOf(x, w, o, narrow)
		q.Mult[o], q.Left[o], q.Right[o] = m.M, max(int32(m.Shift), 0), max(-int32(m.Shift), 0)
	}
	return q
}
