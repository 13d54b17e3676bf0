package data

import "fmt"

// Shift moves pictures [h w c] by up to so many pixels in each direction. What moves
// in is 0. It is also what padding and then cutting out at random does.
type Shift struct{ Y, X int }

// Augment moves the picture.
func (s Shift) Augment(x []float32, shape []int, key uint64) {
	if s.Fits(shape) != nil {
		return
	}
	h, row, c := shape[0], shape[1]*shape[2], shape[2]
	d := draws{key: key}
	dy, dx := d.within(s.Y), d.within(s.X)*c
	for k := range h {
		y := k
		if dy > 0 { // from the bottom, lest a row is overwritten before it moves
			y = h - 1 - k
		}
		dst := x[y*row : (y+1)*row]
		if from := y - dy; from < 0 || from >= h {
			clear(dst)
		} else {
			slide(dst, x[from*row:(from+1)*row], dx)
		}
	}
}

// slide copies src to dst, which may be the same, n places further on; zeros follow.
func slide(dst, src []float32, n int) {
	size := len(src)
	if n >= 0 {
		n = min(n, size)
		copy(dst[n:], src[:size-n])
		clear(dst[:n])
		return
	}
	n = min(-n, size)
	copy(dst, src[n:])
	clear(dst[size-n:])
}

// Fits takes [h w c].
func (Shift) Fits(shape []int) error { return wantPicture(shape) }

func wantPicture(shape []int) error {
	if len(shape) != 3 {
		return fmt.Errorf("samples of shape %v are no pictures: [h w c] are", shape)
	}
	return nil
}

// Flip mirrors every other picture [h w c], left to right.
type Flip struct{}

// Augment mirrors the picture, or doesn't.
func (Flip) Augment(x []float32, shape []int, key uint64) {
	d := draws{key: key}
	if wantPicture(shape) != nil || d.below(2) == 0 {
		return
	}
	w, c := shape[1], shape[2]
	for at := 0; at < len(x); at += w * c {
		for a, b := at, at+(w-1)*c; a < b; a, b = a+c, b-c {
			for k := range c {
				x[a+k], x[b+k] = x[b+k], x[a+k]
			}
		}
	}
}

// Fits takes [h w c].
func (Flip) Fits(shape []int) error { return wantPicture(shape) }
