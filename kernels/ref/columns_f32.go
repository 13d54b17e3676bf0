package ref

import "github.com/edgeinfer/edgeinfer/kernels"

func columnsF32(f kernels.ColumnFn, y, x, d, c []float32, rows, ld int) {
	n := len(y)
	if n == 0 {
		return
	}
	for i := range rows {
		row := x[i*ld:][:n]
		switch f {
		case kernels.ColumnSum:
			for j, v := range row {
				y[j] += v
			}
		case kernels.ColumnSquares:
			c := c[:n]
			for j, v := range row {
				v -= c[j]
				y[j] += float32(v * v)
			}
		default:
			c, d := c[:n], d[i*ld:][:n]
			for j, v := range row {
				y[j] += float32(d[j] * (v - c[j]))
			}
		}
	}
}
