package kernels

// ColumnFn is a way to combine the rows of a matrix, column by column.
type ColumnFn uint8

// The ways, in each row i and column j:
//
//	ColumnSum       y[j] += x[i,j]
//	ColumnSquares   y[j] += (x[i,j] − c[j])·(x[i,j] − c[j])
//	ColumnProducts  y[j] += d[i,j]·(x[i,j] − c[j])
const (
	ColumnSum ColumnFn = iota
	ColumnSquares
	ColumnProducts
	ColumnFns // how many there are
)

// ColumnsF32 combines rows with y, of which there is one number for each of
// len(y) columns: one chain in the order of rows, each operation rounded. Row i
// of x, and of d where f has one, begins at element i*ld; c is as long as y
// where f has it. y shares no memory with the others.
type ColumnsF32 func(f ColumnFn, y, x, d, c []float32, rows, ld int)
