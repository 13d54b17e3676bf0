package overlay

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/tasks"
)

// Boxes returns a copy of a picture with boxes, the best on top, each with the
// label that name returns and its score. Boxes are in the picture's pixels.
func Boxes(img *image.NRGBA, boxes []tasks.Box, name func(class int) string) *image.NRGBA {
	c := newCanvas(img)
	var taken []image.Rectangle
	for _, b := range slices.Backward(boxes) {
		c.box(&b)
	}
	for i := range boxes { // labels lie above all frames
		taken = append(taken, c.label(&boxes[i], name(boxes[i].Class), taken))
	}
	return c.NRGBA
}

// pixel returns where a coordinate lies on the canvas.
func (c *canvas) pixel(x float32, origin, limit int) int {
	v := (float64(x) - float64(origin)) * float64(c.zoom)
	return int(math.RoundToEven(max(-1, min(v, float64(limit)+1))))
}

// rect returns where a box lies on the canvas, at least 1 pixel in size.
func (c *canvas) rect(b *tasks.Box) image.Rectangle {
	w, h := c.Rect.Dx(), c.Rect.Dy()
	r := image.Rect(c.pixel(b.X0, 0, w), c.pixel(b.Y0, 0, h), c.pixel(b.X1, 0, w), c.pixel(b.Y1, 0, h))
	r.Max.X, r.Max.Y = max(r.Max.X, r.Min.X+1), max(r.Max.Y, r.Min.Y+1)
	return r
}

// box draws a frame, two units of colour between dark and light lines, and landmarks.
func (c *canvas) box(b *tasks.Box) {
	r, colour := c.rect(b), Colour(b.Class)
	c.frame(r.Inset(-c.unit), c.unit, color.NRGBA{0, 0, 0, 255})
	c.frame(r, 2*c.unit, colour)
	if r.Dx() > 12*c.unit && r.Dy() > 12*c.unit {
		c.frame(r.Inset(2*c.unit), c.unit, color.NRGBA{255, 255, 255, 255})
	}
	for _, p := range b.Points {
		x, y := c.pixel(p.X, 0, c.Rect.Dx()), c.pixel(p.Y, 0, c.Rect.Dy())
		c.dot(x, y, 2*c.unit, color.NRGBA{0, 0, 0, 255})
		c.dot(x, y, c.unit, color.NRGBA{255, 255, 255, 255})
	}
}

// label writes a class and a score above a box, or below, inside or at the edge
// of the picture, wherever no other label is; it returns the place.
func (c *canvas) label(b *tasks.Box, name string, taken []image.Rectangle) image.Rectangle {
	text := fmt.Sprintf("%s %.0f%%", name, 100*b.Score)
	if name == "" {
		text = fmt.Sprintf("%d %.0f%%", b.Class, 100*b.Score)
	}
	size := c.textSize(text).Add(image.Pt(4*c.unit, 2*c.unit))
	r := c.rect(b)
	var place image.Rectangle
	for i, at := range []image.Point{
		{r.Min.X - c.unit, r.Min.Y - c.unit - size.Y}, {r.Min.X - c.unit, r.Max.Y + c.unit},
		{r.Max.X + c.unit - size.X, r.Min.Y - c.unit - size.Y}, {r.Min.X + 2*c.unit, r.Min.Y + 2*c.unit},
		{r.Min.X + 2*c.unit, r.Max.Y - 2*c.unit - size.Y},
	} {
		at.X = max(0, min(at.X, c.Rect.Dx()-size.X))
		p := image.Rectangle{at, at.Add(size)}
		if i == 0 { // where nothing fits
			place = p.Add(image.Pt(0, max(0, -p.Min.Y)))
		}
		if p.Min.Y >= 0 && p.Max.Y <= c.Rect.Dy() && !slices.ContainsFunc(taken, p.Overlaps) {
			place = p
			break
		}
	}
	colour := Colour(b.Class)
	c.fill(place, colour)
	c.text(place.Min.Add(image.Pt(2*c.unit, c.unit)), text, ink(colour))
	return place
}
