package host

import (
	"testing"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// BenchmarkRows measures slots of rows on operands that stay in the caches.
// MB/s counts the bytes of the result.
func BenchmarkRows(b *testing.B) {
	const n = 4096
	x, y, bytes, c := make([]float32, n), make([]float32, n), make([]byte, n), make([]int32, n)
	for i := range x {
		x[i] = float32(i%200)/50 - 2
	}
	q := &kernels.QuantF32{Scale: 0.02, Lo: -128, Hi: 127}
	drop := kernels.Drop{Least: 1 << 30, Scale: 1}
	var table [256]byte
	for _, s := range Sets() {
		for _, k := range []struct {
			name  string
			bytes int
			run   func()
		}{
			{"Add", 4 * n, func() { s.BinaryF32(kernels.BinaryAdd, y, x, x, -1, 1) }},
			{"Exp", 4 * n, func() { s.UnaryF32(kernels.UnaryExp, y, x, 1) }},
			{"Gelu", 4 * n, func() { s.UnaryF32(kernels.UnaryGelu, y, x, 1) }},
			{"Sum", 4 * n, func() { s.ReduceF32(kernels.ReduceSum, x, 0) }},
			{"Max", 4 * n, func() { s.ReduceF32(kernels.ReduceMax, x, 0) }},
			{"ExpSum128", 4 * 128, func() { s.ExpSumF32(y[:128], x, 0, 1) }},
			{"Norm", 4 * n, func() { s.NormF32(y, x, 0, 1, x, x) }},
			{"Columns16", 4 * n, func() { s.ColumnsF32(kernels.ColumnProducts, y[:16], x, x, x, n/16, 16) }},
			{"Columns128", 4 * n, func() { s.ColumnsF32(kernels.ColumnSum, y[:128], x, nil, nil, n/128, 128) }},
			{"Drop", 4 * n, func() { s.DropF32(y, x, 1, &drop) }},
			{"Quant", n, func() { s.QuantF32(bytes, x, q) }},
			{"Dequant", 4 * n, func() { s.DequantX8(y, bytes, true, 1, 0.5) }},
			{"Lookup", n, func() { s.Lookup(bytes, bytes, &table) }},
			{"TransposeX4", 4 * n, func() { s.TransposeX4(c, c2(c), 64, 32, 64, 32) }},
		} {
			b.Run(k.name+"/"+s.Name, func(b *testing.B) {
				b.SetBytes(int64(k.bytes))
				for b.Loop() {
					k.run()
				}
			})
		}
	}
}

// c2 is the upper half of c.
func c2(c []int32) []int32 { return c[len(c)/2:] }
