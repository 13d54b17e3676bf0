package tasks

import (
	"image"
	"math"

	"github.com/edgeinfer/edgeinfer/quant"
)

// Box is an object that was found. Its corners are in pixels, with the origin
// at the upper left corner of the upper left pixel.
type Box struct {
	X0, Y0, X1, Y1 float32
	Class          int
	Score          float32 // 0 to 1
	Points         []Point // landmarks, such as eyes
}

// Point is a place in pixels.
type Point struct{ X, Y float32 }

// Size is the size of a model's input in pixels.
type Size struct{ W, H int }

// finite reports whether all numbers of the box are.
func (b *Box) finite() bool {
	ok := finite(b.X0) && finite(b.Y0) && finite(b.X1) && finite(b.Y1) && finite(b.Score)
	for _, p := range b.Points {
		ok = ok && finite(p.X) && finite(p.Y)
	}
	return ok
}

func finite(x float32) bool { return x-x == 0 }

// area is exact enough for any finite corners, and never overflows.
func (b *Box) area() float64 {
	return float64(max(0, float64(b.X1)-float64(b.X0)) * max(0, float64(b.Y1)-float64(b.Y0)))
}

// IoU returns the intersection of two boxes divided by their union; 0 if both
// are empty.
func IoU(a, b *Box) float64 {
	both := Box{X0: max(a.X0, b.X0), Y0: max(a.Y0, b.Y0), X1: min(a.X1, b.X1), Y1: min(a.Y1, b.Y1)}
	i := both.area()
	u := a.area() + b.area() - i
	if !(i > 0) || !(u > 0) {
		return 0
	}
	return i / u
}

// around returns the box of a centre, width and height.
func around(cx, cy, w, h float32) Box {
	w, h = float32(w/2), float32(h/2)
	return Box{X0: cx - w, Y0: cy - h, X1: cx + w, Y1: cy + h}
}

// scale multiplies coordinates.
func (b *Box) scale(x, y float32) {
	b.X0, b.X1, b.Y0, b.Y1 = float32(b.X0*x), float32(b.X1*x), float32(b.Y0*y), float32(b.Y1*y)
	for i, p := range b.Points {
		b.Points[i] = Point{float32(p.X * x), float32(p.Y * y)}
	}
}

// Fit is where a picture lies in a model's input: Source, a part of the
// picture, was resized to fill Target, a part of the input.
type Fit struct{ Source, Target image.Rectangle }

// Point brings a place in the input back to the picture.
func (f Fit) Point(p Point) Point {
	return Point{
		back(p.X, f.Target.Min.X, f.Target.Dx(), f.Source.Min.X, f.Source.Dx()),
		back(p.Y, f.Target.Min.Y, f.Target.Dy(), f.Source.Min.Y, f.Source.Dy()),
	}
}

func back(x float32, from, fromLen, to, toLen int) float32 {
	return float32((float64(x)-float64(from))*float64(toLen)/float64(fromLen)) + float32(to)
}

// Boxes brings boxes back to a picture of the given bounds. Boxes are cut at
// its edges; those outside are dropped.
func (f Fit) Boxes(boxes []Box, picture image.Rectangle) []Box {
	var out []Box
	for _, b := range boxes {
		lo, hi := f.Point(Point{b.X0, b.Y0}), f.Point(Point{b.X1, b.Y1})
		b.X0, b.X1 = cut(lo.X, picture.Min.X, picture.Max.X), cut(hi.X, picture.Min.X, picture.Max.X)
		b.Y0, b.Y1 = cut(lo.Y, picture.Min.Y, picture.Max.Y), cut(hi.Y, picture.Min.Y, picture.Max.Y)
		if !(b.X1 > b.X0 && b.Y1 > b.Y0) {
			continue
		}
		points := make([]Point, 0, len(b.Points))
		for _, p := range b.Points {
			points = append(points, f.Point(p))
		}
		b.Points = points
		out = append(out, b)
	}
	return out
}

func cut(x float32, lo, hi int) float32 { return min(max(x, float32(lo)), float32(hi)) }

// exp is e^x, the same bits on every processor.
func exp(x float32) float32 { return quant.Exp32(x) }

func sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }
