package arm64

// half returns about half of the longer side, if there is more to transpose than
// one call should last, and else 0.
func half(rows, cols int) int {
	const most = 64 << 10
	if rows*cols <= most {
		return 0
	}
	return max(rows, cols) / 2 &^ 15
}

func transposeX1(y, x []int8, rows, cols, ldy, ldx int) {
	if rows == 0 || cols == 0 {
		return
	}
	if h := half(rows, cols); h > 0 && cols > rows {
		transposeX1(y, x, rows, h, ldy, ldx)
		transposeX1(y[h*ldy:], x[h:], rows, cols-h, ldy, ldx)
		return
	} else if h > 0 {
		transposeX1(y, x, h, cols, ldy, ldx)
		transposeX1(y[h:], x[h*ldx:], rows-h, cols, ldy, ldx)
		return
	}
	py, px := first(y, (cols-1)*ldy+rows), first(x, (rows-1)*ldx+cols)
	switch full := cols / 16; {
	case full > 0 && ldy == rows && rows == 2:
		interleaveX1NEON2(py, px, ldx, full)
	case full > 0 && ldy == rows && rows == 3:
		interleaveX1NEON3(py, px, ldx, full)
	case full > 0 && ldy == rows && rows == 4:
		interleaveX1NEON4(py, px, ldx, full)
	default:
		separateX1(y, x, rows, cols, ldy, ldx)
		return
	}
	transposeRest(y, x, 0, rows, cols/16*16, cols, ldy, ldx)
}

// separateX1 is transposeX1 for few columns that lie close together, and any others.
func separateX1(y, x []int8, rows, cols, ldy, ldx int) {
	py, px := &y[0], &x[0]
	switch full := rows / 16; {
	case full > 0 && ldx == cols && cols == 2:
		separateX1NEON2(py, px, ldy, full)
	case full > 0 && ldx == cols && cols == 3:
		separateX1NEON3(py, px, ldy, full)
	case full > 0 && ldx == cols && cols == 4:
		separateX1NEON4(py, px, ldy, full)
	default:
		const side = 8
		i, j := rows/side*side, cols/side*side
		for c := 0; c < j && i > 0; c += side {
			transposeX1NEON(at(py, c*ldy), at(px, c), ldy, ldx, i/side)
		}
		transposeRest(y, x, 0, i, j, cols, ldy, ldx)
		transposeRest(y, x, i, rows, 0, cols, ldy, ldx)
		return
	}
	transposeRest(y, x, rows/16*16, rows, 0, cols, ldy, ldx)
}

func transposeX4(y, x []int32, rows, cols, ldy, ldx int) {
	if rows == 0 || cols == 0 {
		return
	}
	if h := half(rows, cols); h > 0 && cols > rows {
		transposeX4(y, x, rows, h, ldy, ldx)
		transposeX4(y[h*ldy:], x[h:], rows, cols-h, ldy, ldx)
		return
	} else if h > 0 {
		transposeX4(y, x, h, cols, ldy, ldx)
		transposeX4(y[h:], x[h*ldx:], rows-h, cols, ldy, ldx)
		return
	}
	py, px := first(y, (cols-1)*ldy+rows), first(x, (rows-1)*ldx+cols)
	switch full := cols / 4; {
	case full > 0 && ldy == rows && rows == 2:
		interleaveX4NEON2(py, px, 4*ldx, full)
	case full > 0 && ldy == rows && rows == 3:
		interleaveX4NEON3(py, px, 4*ldx, full)
	case full > 0 && ldy == rows && rows == 4:
		interleaveX4NEON4(py, px, 4*ldx, full)
	default:
		separateX4(y, x, rows, cols, ldy, ldx)
		return
	}
	transposeRest(y, x, 0, rows, cols/4*4, cols, ldy, ldx)
}

// separateX4 is transposeX4 for few columns that lie close together, and any others.
func separateX4(y, x []int32, rows, cols, ldy, ldx int) {
	py, px := &y[0], &x[0]
	switch full := rows / 4; {
	case full > 0 && ldx == cols && cols == 2:
		separateX4NEON2(py, px, 4*ldy, full)
	case full > 0 && ldx == cols && cols == 3:
		separateX4NEON3(py, px, 4*ldy, full)
	case full > 0 && ldx == cols && cols == 4:
		separateX4NEON4(py, px, 4*ldy, full)
	default:
		const side = 4
		i, j := rows/side*side, cols/side*side
		for c := 0; c < j && i > 0; c += side {
			transposeX4NEON(at(py, c*ldy), at(px, c), 4*ldy, 4*ldx, i/side)
		}
		transposeRest(y, x, 0, i, j, cols, ldy, ldx)
		transposeRest(y, x, i, rows, 0, cols, ldy, ldx)
		return
	}
	transposeRest(y, x, rows/4*4, rows, 0, cols, ldy, ldx)
}

// transposeRest transposes rows [i0, i1) of columns [j0, j1).
func transposeRest[T int8 | int32](y, x []T, i0, i1, j0, j1, ldy, ldx int) {
	for j := j0; j < j1; j++ {
		for i := i0; i < i1; i++ {
			y[j*ldy+i] = x[i*ldx+j]
		}
	}
}
