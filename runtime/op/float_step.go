package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// wideFloat is a type that operators on floats compute in.
type wideFloat interface{ float32 | float64 }

// floatOp is an operator on floats, all of one type. Where that is float16,
// runFloat32 sees float32 in its place; the outputs are rounded once.
type floatOp interface {
	Referenced
	// floatScratch is the number of elements that a run needs to work with.
	floatScratch(in, out []tensor.Type) int64
	runFloat32(in, out []tensor.View, scratch []float32) error
	runFloat64(in, out []tensor.View, scratch []float64) error
}

// byFloat prepares a floatOp.
func byFloat(o floatOp, p *Prep) (Prepared, error) {
	n, err := floatBytes(o, p.In, p.Out)
	return Prepared{Kernel: "go", Scratch: n, Bind: func(m *Mem) (Step, error) {
		return floatStep(o, m.In, m.Out, m.Scratch), nil
	}}, err
}

// refFloat runs a floatOp on memory of its own.
func refFloat(o floatOp, in, out []tensor.View) error {
	n, err := floatBytes(o, viewTypes(in), viewTypes(out))
	if err != nil {
		return err
	}
	return floatStep(o, in, out, tensor.Bytes(make([]float64, n/8+1)))()
}

// floatBytes is the memory that floatStep needs.
func floatBytes(o floatOp, in, out []tensor.Type) (int, error) {
	n, size := o.floatScratch(in, out), int64(4)
	for _, ts := range [][]tensor.Type{in, out} {
		for _, t := range ts {
			switch t.DType {
			case tensor.F16:
				n += int64(t.Len()+15) / 16 * 16
			case tensor.F64:
				size = 8
			}
		}
	}
	if n < 0 || n > math.MaxInt32/size {
		return 0, Unsupported("an operator that needs %d floats of scratch memory", n)
	}
	return int(n * size), nil
}

// floatStep binds a floatOp to memory that floatBytes measured.
func floatStep(o floatOp, in, out []tensor.View, mem []byte) Step {
	double := false
	wide := func(vs []tensor.View) []tensor.View {
		ws := make([]tensor.View, len(vs))
		for i, v := range vs {
			double = double || v.DType == tensor.F64
			if v.DType == tensor.F16 {
				n := v.Len()
				v = tensor.View{Type: tensor.Of(tensor.F32, v.Shape...), Data: mem[: 4*n : 4*n]}
				mem = mem[4*((n+15)/16*16):]
			} else if len(v.Data) > 0 { // constants that are not needed any more are empty
				v.Data = v.Data[:v.Bytes()]
			}
			ws[i] = v
		}
		return ws
	}
	wideIn, wideOut := wide(in), wide(out)
	if double {
		scratch := tensor.Cast[float64](mem[:len(mem)/8*8])
		return func() error { return o.runFloat64(wideIn, wideOut, scratch) }
	}
	scratch := tensor.Cast[float32](mem[:len(mem)/4*4])
	return func() error {
		for i := range in {
			if in[i].DType == tensor.F16 {
				widenHalf(wideIn[i].F32(), in[i].F16())
			}
		}
		if err := o.runFloat32(wideIn, wideOut, scratch); err != nil {
			return err
		}
		for i := range out {
			if out[i].DType == tensor.F16 {
				narrowHalf(out[i].F16(), wideOut[i].F32())
			}
		}
		return nil
	}
}

func widenHalf(to []float32, from []uint16) {
	for i := range to {
		to[i] = quant.Float16(from[i])
	}
}

func narrowHalf(to []uint16, from []float32) {
	for i, v := range from {
		to[i] = quant.Float16Bits(v)
	}
}

// floatsOf returns the elements of a tensor of T, nil if it is absent.
func floatsOf[T wideFloat](vs []tensor.View, i int) []T {
	if i >= len(vs) || vs[i].Absent() {
		return nil
	}
	return tensor.Cast[T](vs[i].Data)
}

// wantFloats checks that the inputs listed that are there are floats of the
// type of the first.
func wantFloats(in []tensor.View, at ...int) error {
	if err := wantType(in, at[0], tensor.F32, tensor.F16, tensor.F64); err != nil {
		return err
	}
	for _, i := range at[1:] {
		if v := input(in, i); v.Absent() {
			continue
		}
		if err := wantSame(in, i, at[0]); err != nil {
			return err
		}
	}
	return nil
}

// rowsDot computes y[i] = Σ a[l]·w[i·stride+l] for each l of a, each product
// rounded before it is added, in order of l.
func rowsDot[T wideFloat](y, a, w []T, stride int) {
	k := len(a)
	i := 0
	for ; i+4 <= len(y); i += 4 {
		w0, w1, w2, w3 := w[i*stride:][:k], w[(i+1)*stride:][:k], w[(i+2)*stride:][:k], w[(i+3)*stride:][:k]
		var s0, s1, s2, s3 T
		for l, v := range a {
			s0 += T(v * w0[l])
			s1 += T(v * w1[l])
			s2 += T(v * w2[l])
			s3 += T(v * w3[l])
		}
		y[i], y[i+1], y[i+2], y[i+3] = s0, s1, s2, s3
	}
	for ; i < len(y); i++ {
		s := T(0)
		for l, v := range w[i*stride:][:k] {
			s += T(a[l] * v)
		}
		y[i] = s
	}
}

// laneSum adds numbers up as kernels.Fold has it.
func laneSum[T wideFloat](xs []T) T {
	var s [kernels.Lanes]T
	for i, x := range xs {
		s[i%kernels.Lanes] += x
	}
	for w := kernels.Lanes / 2; w > 0; w /= 2 {
		for l := range w {
			s[l] += s[l+w]
		}
	}
	return s[0]
}
