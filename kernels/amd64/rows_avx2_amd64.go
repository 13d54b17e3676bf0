//go:build !purego

package amd64

import "github.com/edgeinfer/edgeinfer/kernels"

// rowSlotsAVX2 returns the slots of rows.
func rowSlotsAVX2(r kernels.Rows) kernels.Rows {
	r.UnaryF32 = orBase(unaryF32Slices, r.UnaryF32)
	r.ExpSumF32 = expSumF32Slices
	r.BinaryF32 = binaryF32Slices
	r.ReduceF32 = reduceF32Slice
	r.NormF32 = normF32Slices
	r.QuantF32 = quantF32Slices
	r.DequantX8 = dequantX8Slices
	r.SubS8 = subS8Slices
	r.MulS8 = mulS8Slices
	r.MaxS8 = maxS8Slices
	r.SumS8 = sumS8Slices
	r.TransposeX4 = transposeX4Slices
	r.TransposeX1 = transposeX1Slices
	return r
}

// rowSlotsAVX512 returns the slots of rows, with those that AVX-512 makes faster.
func rowSlotsAVX512(r kernels.Rows) kernels.Rows {
	base := r.UnaryF32
	r = rowSlotsAVX2(r)
	r.UnaryF32 = orBase(unaryF32Slices512, base)
	r.ExpSumF32 = expSumF32Slices512
	r.BinaryF32 = binaryF32Slices512
	r.ReduceF32 = reduceF32Slice512
	r.QuantF32 = quantF32Slices512
	return r
}

// orBase leaves functions that have no assembly to base.
func orBase(f, base func(f kernels.UnaryFn, y, x []float32, a float32)) func(f kernels.UnaryFn, y, x []float32, a float32) {
	return func(fn kernels.UnaryFn, y, x []float32, a float32) {
		if fn > kernels.UnaryHardSwish {
			base(fn, y, x, a)
			return
		}
		f(fn, y, x, a)
	}
}
