//go:build !purego

package amd64

import "github.com/edgeinfer/edgeinfer/kernels"

// columnsF32Slices512 is ColumnsF32. Columns are taken by 64, and the rest by 16 of
// which the assembly masks those that there are not.
func columnsF32Slices512(f kernels.ColumnFn, y, x, d, c []float32, rows, ld int) {
	if rows == 0 || len(y) == 0 {
		return
	}
	c, d = columnOperands(f, y, x, d, c, rows, ld)
	for j := 0; j < len(y); {
		py, px, pd, pc := &y[j], &x[j], &d[j], &c[j]
		n := min(len(y)-j, 16)
		mask := 1<<n - 1
		wide := len(y)-j >= 64
		switch {
		case f == kernels.ColumnSum && wide:
			columnSumx64F32AVX512(py, px, pd, pc, rows, 4*ld)
		case f == kernels.ColumnSum:
			columnSumx16F32AVX512(py, px, pd, pc, rows, 4*ld, mask)
		case f == kernels.ColumnSquares && wide:
			columnSquaresx64F32AVX512(py, px, pd, pc, rows, 4*ld)
		case f == kernels.ColumnSquares:
			columnSquaresx16F32AVX512(py, px, pd, pc, rows, 4*ld, mask)
		case wide:
			columnProductsx64F32AVX512(py, px, pd, pc, rows, 4*ld)
		default:
			columnProductsx16F32AVX512(py, px, pd, pc, rows, 4*ld, mask)
		}
		if j += n; wide {
			j += 48
		}
	}
}

//go:noescape
func columnSumx64F32AVX512(y, x, d, c *float32, rows, ld int)

//go:noescape
func columnSumx16F32AVX512(y, x, d, c *float32, rows, ld int, mask int)

//go:noescape
func columnSquaresx64F32AVX512(y, x, d, c *float32, rows, ld int)

//go:noescape
func columnSquaresx16F32AVX512(y, x, d, c *float32, rows, ld int, mask int)

//go:noescape
func columnProductsx64F32AVX512(y, x, d, c *float32, rows, ld int)

//go:noescape
func columnProductsx16F32AVX512(y, x, d, c *float32, rows, ld int, mask int)
