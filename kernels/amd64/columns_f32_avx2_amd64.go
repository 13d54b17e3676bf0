//go:build !purego

package amd64

import "github.com/edgeinfer/edgeinfer/kernels"

// columnOperands checks the operands, and puts others in the place of those that f
// doesn't have.
func columnOperands(f kernels.ColumnFn, y, x, d, c []float32, rows, ld int) (cs, ds []float32) {
	size := (rows-1)*ld + len(y)
	need(len(x), size)
	if f != kernels.ColumnProducts {
		d = x
	}
	if f == kernels.ColumnSum {
		c = y
	}
	need(len(d), size)
	need(len(c), len(y))
	return c, d
}

// columnsF32Slices returns ColumnsF32. Columns are taken by 32, then by 8, and the
// rest by rest.
func columnsF32Slices(rest kernels.ColumnsF32) kernels.ColumnsF32 {
	return func(f kernels.ColumnFn, y, x, d, c []float32, rows, ld int) {
		if rows == 0 || len(y) == 0 {
			return
		}
		c, d = columnOperands(f, y, x, d, c, rows, ld)
		j := 0
		for len(y)-j >= 8 {
			py, px, pd, pc := &y[j], &x[j], &d[j], &c[j]
			wide := len(y)-j >= 32
			switch {
			case f == kernels.ColumnSum && wide:
				columnSumx32F32AVX2(py, px, pd, pc, rows, 4*ld)
			case f == kernels.ColumnSum:
				columnSumx8F32AVX2(py, px, pd, pc, rows, 4*ld)
			case f == kernels.ColumnSquares && wide:
				columnSquaresx32F32AVX2(py, px, pd, pc, rows, 4*ld)
			case f == kernels.ColumnSquares:
				columnSquaresx8F32AVX2(py, px, pd, pc, rows, 4*ld)
			case wide:
				columnProductsx32F32AVX2(py, px, pd, pc, rows, 4*ld)
			default:
				columnProductsx8F32AVX2(py, px, pd, pc, rows, 4*ld)
			}
			if j += 8; wide {
				j += 24
			}
		}
		if j < len(y) {
			rest(f, y[j:], x[j:], d[j:], c[j:], rows, ld)
		}
	}
}

//go:noescape
func columnSumx32F32AVX2(y, x, d, c *float32, rows, ld int)

//go:noescape
func columnSumx8F32AVX2(y, x, d, c *float32, rows, ld int)

//go:noescape
func columnSquaresx32F32AVX2(y, x, d, c *float32, rows, ld int)

//go:noescape
func columnSquaresx8F32AVX2(y, x, d, c *float32, rows, ld int)

//go:noescape
func columnProductsx32F32AVX2(y, x, d, c *float32, rows, ld int)

//go:noescape
func columnProductsx8F32AVX2(y, x, d, c *float32, rows, ld int)
