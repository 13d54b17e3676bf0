package overlay

import (
	"image"
	"image/color"
	"image/draw"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

// canvas is a picture to draw on. unit is the thickness of a fine line, which
// grows with the picture; zoom is by how much the picture was enlarged.
type canvas struct {
	*image.NRGBA
	unit, zoom int
}

const (
	leastSide = 240 // the longer side of a picture below which it is enlarged
	unitSide  = 720 // of the longer side for each further unit of thickness
	maxZoom   = 16  // of tiny pictures
	glyphW    = 7   // of the font, in units
	glyphH    = 13
)

// newCanvas copies a picture, laid on a checkerboard where it is transparent. Small
// pictures are enlarged by a whole factor, so that labels fit. extra pixels are
// added below, for each unit.
func newCanvas(img *image.NRGBA) *canvas {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	zoom := min(maxZoom, max(1, (leastSide+max(w, h)-1)/max(1, w, h)))
	c := &canvas{image.NewNRGBA(image.Rect(0, 0, w*zoom, h*zoom)), 1, zoom}
	c.unit = 1 + max(w, h)*zoom/unitSide
	for y := range h * zoom {
		for x := range w * zoom {
			p := img.NRGBAAt(img.Rect.Min.X+x/zoom, img.Rect.Min.Y+y/zoom)
			if p.A != 255 {
				p = blend(checker(x, y), p, int(p.A)+int(p.A>>7))
			}
			c.SetNRGBA(x, y, p)
		}
	}
	return c
}

// checker is the ground that shows through transparent pictures.
func checker(x, y int) color.NRGBA {
	if (x/8+y/8)%2 == 0 {
		return color.NRGBA{0xcc, 0xcc, 0xcc, 255}
	}
	return color.NRGBA{0xee, 0xee, 0xee, 255}
}

// fill paints a rectangle.
func (c *canvas) fill(r image.Rectangle, with color.NRGBA) {
	draw.Draw(c.NRGBA, r, image.NewUniform(with), image.Point{}, draw.Src)
}

// frame paints the edge of a rectangle, inside of it.
func (c *canvas) frame(r image.Rectangle, thick int, with color.NRGBA) {
	c.fill(image.Rect(r.Min.X, r.Min.Y, r.Max.X, min(r.Max.Y, r.Min.Y+thick)), with)
	c.fill(image.Rect(r.Min.X, max(r.Min.Y, r.Max.Y-thick), r.Max.X, r.Max.Y), with)
	c.fill(image.Rect(r.Min.X, r.Min.Y, min(r.Max.X, r.Min.X+thick), r.Max.Y), with)
	c.fill(image.Rect(max(r.Min.X, r.Max.X-thick), r.Min.Y, r.Max.X, r.Max.Y), with)
}

// dot paints a disc of some radius around a place.
func (c *canvas) dot(x, y, radius int, with color.NRGBA) {
	for dy := -radius; dy <= radius; dy++ {
		for dx := -radius; dx <= radius; dx++ {
			if p := image.Pt(x+dx, y+dy); dx*dx+dy*dy <= radius*radius+radius && p.In(c.Rect) {
				c.SetNRGBA(p.X, p.Y, with)
			}
		}
	}
}

// plain has the letters from À to ÿ without their accents, as the font is ASCII.
const plain = "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYTsaaaaaaaceeeeiiiidnooooo/ouuuuyty"

// printable replaces what the font lacks.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < ' ':
			return ' '
		case r <= '~':
			return r
		case r >= 'À' && r <= 'ÿ':
			return rune(plain[r-'À'])
		}
		return '?'
	}, s)
}

// textSize returns the size of a line of text.
func (c *canvas) textSize(s string) image.Point {
	return image.Pt(glyphW*c.unit*len([]rune(printable(s))), glyphH*c.unit)
}

// text writes a line whose upper left corner is at p.
func (c *canvas) text(p image.Point, s string, with color.NRGBA) {
	s = printable(s)
	mask := image.NewAlpha(image.Rect(0, 0, glyphW*len([]rune(s)), glyphH))
	d := font.Drawer{Dst: mask, Src: image.Opaque, Face: basicfont.Face7x13, Dot: fixed.P(0, basicfont.Face7x13.Ascent)}
	d.DrawString(s)
	for y := range glyphH {
		for x := range mask.Rect.Dx() {
			if mask.AlphaAt(x, y).A > 127 {
				at := p.Add(image.Pt(x*c.unit, y*c.unit))
				c.fill(image.Rectangle{at, at.Add(image.Pt(c.unit, c.unit))}, with)
			}
		}
	}
}
