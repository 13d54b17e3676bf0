package data

import (
	"math"
	"sync"
)

// Crop cuts a part out of pictures [h w c], drawn at random, whose sides are at
// least this share of the picture's, and enlarges it to the whole again, with
// straight lines between pixels.
type Crop float32

// cropRoom is room for what a picture was: of *[]float32.
var cropRoom = sync.Pool{New: func() any { return new([]float32) }}

// Augment cuts the part out.
func (c Crop) Augment(x []float32, shape []int, key uint64) {
	if c.Fits(shape) != nil || !(c >= 0) || c >= 1 {
		return
	}
	d := draws{key: key}
	share := 1 - float64((1-float64(c))*d.unit())
	room := cropRoom.Get().(*[]float32)
	defer cropRoom.Put(room)
	*room = append((*room)[:0], x...)
	h, w, n := shape[0], shape[1], shape[2]
	rows := cropAxis{h, share, float64(float64(h) * (1 - share) * d.unit())}
	columns := cropAxis{w, share, float64(float64(w) * (1 - share) * d.unit())}
	at := 0
	for k := range h {
		y0, y1, fy := rows.source(k)
		for j := range w {
			x0, x1, fx := columns.source(j)
			for i := range n {
				from := func(y, x int) float32 { return (*room)[(y*w+x)*n+i] }
				top := float32(from(y0, x0)*(1-fx)) + float32(from(y0, x1)*fx)
				low := float32(from(y1, x0)*(1-fx)) + float32(from(y1, x1)*fx)
				x[at] = float32(top*(1-fy)) + float32(low*fy)
				at++
			}
		}
	}
}

// Fits takes [h w c].
func (Crop) Fits(shape []int) error { return wantPicture(shape) }

// cropAxis is a side of a picture, of which a share from start on is enlarged.
type cropAxis struct {
	size         int
	share, start float64
}

// source returns the two pixels that pixel k of the result lies between, and how
// near it is to the second.
func (a cropAxis) source(k int) (from, to int, part float32) {
	at := float64((float64(k)+.5)*a.share) + a.start - .5
	at = min(max(at, 0), float64(a.size-1))
	floor := math.Floor(at)
	from = int(floor)
	return from, min(from+1, a.size-1), float32(at - floor)
}
