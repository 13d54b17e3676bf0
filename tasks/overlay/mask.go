package overlay

import (
	"cmp"
	"fmt"
	"image"
	"image/color"
	"slices"

	"github.com/edgeinfer/edgeinfer/tasks"
)

// maxLegend is how many classes the legend lists, the largest.
const maxLegend = 12

// part is how much of a class's colour covers the picture, of 256.
const part = 120

// Mask returns a copy of a picture with a colour over each class but
// background, which may be -1, edges drawn, and a legend below it with the
// classes' names and parts of the picture.
func Mask(img *image.NRGBA, m *tasks.Mask, background int, name func(class int) string) *image.NRGBA {
	c := newCanvas(img)
	for y := range c.Rect.Dy() {
		for x := range c.Rect.Dx() {
			at := image.Pt(x/c.zoom, y/c.zoom)
			class := m.At(m.Rect.Min.X+at.X, m.Rect.Min.Y+at.Y)
			under := c.NRGBAAt(x, y)
			switch {
			case class == tasks.Outside:
				c.SetNRGBA(x, y, blend(under, color.NRGBA{0, 0, 0, 255}, part))
			case c.edge(m, x, y, class):
				c.SetNRGBA(x, y, color.NRGBA{255, 255, 255, 255})
			case int(class) != background:
				c.SetNRGBA(x, y, blend(under, Colour(int(class)), part))
			}
		}
	}
	return c.legend(m, background, name)
}

// edge reports whether a pixel of the canvas is within a unit of one of a higher class: the
// line between two classes belongs to the lower one.
func (c *canvas) edge(m *tasks.Mask, x, y int, class uint16) bool {
	for _, d := range []image.Point{{c.unit, 0}, {-c.unit, 0}, {0, c.unit}, {0, -c.unit}} {
		p := image.Pt(x, y).Add(d)
		if !p.In(c.Rect) {
			continue
		}
		other := m.At(m.Rect.Min.X+p.X/c.zoom, m.Rect.Min.Y+p.Y/c.zoom)
		if other > class && other != tasks.Outside {
			return true
		}
	}
	return false
}

// legend returns the canvas with a strip below it.
func (c *canvas) legend(m *tasks.Mask, background int, name func(class int) string) *image.NRGBA {
	entries := legendOf(m, background, name)
	line := (glyphH + 6) * c.unit
	pad := 6 * c.unit
	width := c.Rect.Dx()
	var at []image.Point
	x, y := pad, c.Rect.Dy()+pad
	for _, e := range entries {
		w := line + c.textSize(e.text).X + 2*pad
		if x > pad && x+w > width {
			x, y = pad, y+line
		}
		at = append(at, image.Pt(x, y))
		x += w
	}
	if len(entries) == 0 {
		return c.NRGBA
	}
	out := &canvas{image.NewNRGBA(image.Rect(0, 0, width, y+line+pad/2)), c.unit, c.zoom}
	out.fill(out.Rect, color.NRGBA{0x1c, 0x1c, 0x1e, 255})
	copy(out.Pix, c.Pix)
	for i, e := range entries {
		side := glyphH * c.unit
		box := image.Rectangle{at[i], at[i].Add(image.Pt(side, side))}
		out.fill(box, e.colour)
		out.frame(box, c.unit, color.NRGBA{255, 255, 255, 255})
		out.text(image.Pt(box.Max.X+pad, box.Min.Y), e.text, color.NRGBA{255, 255, 255, 255})
	}
	return out.NRGBA
}

type legendEntry struct {
	text   string
	colour color.NRGBA
}

// legendOf lists the classes in the picture, the largest first.
func legendOf(m *tasks.Mask, background int, name func(class int) string) []legendEntry {
	areas := m.Areas()
	total := 0
	var classes []int
	for c, n := range areas {
		total += n
		if n > 0 && c != background {
			classes = append(classes, c)
		}
	}
	slices.SortStableFunc(classes, func(a, b int) int { return cmp.Compare(areas[b], areas[a]) })
	var out []legendEntry
	for _, c := range classes[:min(maxLegend, len(classes))] {
		label := name(c)
		if label == "" {
			label = fmt.Sprintf("class %d", c)
		}
		out = append(out, legendEntry{fmt.Sprintf("%s %.1f%%", label, 100*float64(areas[c])/float64(total)), Colour(c)})
	}
	return out
}

// Classes returns a mask as a picture whose pixels are the classes' numbers: a
// palette's indices up to 255 classes, 16 bits of grey beyond. Pixels that the
// model did not see have the highest number. The background, -1 if there is
// none, is black.
func Classes(m *tasks.Mask, background int) image.Image {
	r := image.Rect(0, 0, m.Rect.Dx(), m.Rect.Dy())
	if m.Classes > 255 {
		out := image.NewGray16(r)
		for i, c := range m.Class {
			out.Pix[2*i], out.Pix[2*i+1] = uint8(c>>8), uint8(c)
		}
		return out
	}
	colours := make(color.Palette, 256)
	for i := range colours {
		colours[i] = Colour(i)
	}
	colours[255] = color.NRGBA{0x80, 0x80, 0x80, 255}
	if background >= 0 && background < 255 {
		colours[background] = color.NRGBA{0, 0, 0, 255}
	}
	out := image.NewPaletted(r, colours)
	for i, c := range m.Class {
		out.Pix[i] = uint8(min(c, 255))
	}
	return out
}
