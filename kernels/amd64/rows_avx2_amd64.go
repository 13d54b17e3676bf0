//go:build !purego

package amd64

import "github.com/edgeinfer/edgeinfer/kernels"

// rowSlotsAVX2 returns the slots of rows.
func rowSlotsAVX2(r kernels.Rows) kernels.Rows {
	r.UnaryF32 = unaryF32Slices
	r.UnaryGradF32 = unaryGradF32Slices
	r.ExpSumF32 = expSumF32Slices
	r.BinaryF32 = binaryF32Slices
	r.ReduceF32 = reduceF32Slice
	r.NormF32 = normF32Slices
	r.ColumnsF32 = columnsF32Slices(r.ColumnsF32)
	r.DropF32 = dropF32Slices(r.DropF32, dropF32AVX2, 32)
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
func rowSlotsAVX512(base kernels.Rows) kernels.Rows {
	r := rowSlotsAVX2(base)
	r.UnaryF32 = unaryF32Slices512
	r.UnaryGradF32 = unaryGradF32Slices512
	r.ExpSumF32 = expSumF32Slices512
	r.SoftmaxF32 = softmaxF32Slices512
	r.BinaryF32 = binaryF32Slices512
	r.ReduceF32 = reduceF32Slice512
	r.QuantF32 = quantF32Slices512
	r.ColumnsF32 = columnsF32Slices512
	r.DropF32 = dropF32Slices(base.DropF32, dropF32AVX512, 64)
	return r
}
