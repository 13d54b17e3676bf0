package overlay

import (
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/tasks"
)

func plainPicture(w, h int, c color.NRGBA) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

func named(class int) string { return []string{"cat", "dog", ""}[class%3] }

// TestBoxes holds that a box is drawn on its edge, above its label's colour, and
// nothing elsewhere, on any ground.
func TestBoxes(t *testing.T) {
	for _, ground := range []color.NRGBA{{0, 0, 0, 255}, {255, 255, 255, 255}, {255, 59, 48, 255}} {
		img := plainPicture(400, 300, ground)
		b := tasks.Box{X0: 100, Y0: 100, X1: 200, Y1: 180, Score: 0.5, Points: []tasks.Point{{X: 150, Y: 140}}}
		out := Boxes(img, []tasks.Box{b}, named)
		require.Equal(t, img.Rect, out.Rect)
		assert.Equal(t, Colour(0), out.NRGBAAt(100, 140))
		assert.Equal(t, color.NRGBA{0, 0, 0, 255}, out.NRGBAAt(99, 140), "a dark line outside")
		assert.Equal(t, color.NRGBA{255, 255, 255, 255}, out.NRGBAAt(102, 140), "a light line inside")
		assert.Equal(t, color.NRGBA{255, 255, 255, 255}, out.NRGBAAt(150, 140), "a landmark")
		assert.Equal(t, Colour(0), out.NRGBAAt(101, 98), "the label's ground")
		assert.Equal(t, ground, out.NRGBAAt(120, 120), "inside")
		assert.Equal(t, ground, out.NRGBAAt(300, 250), "outside")
		assert.Equal(t, ground, img.NRGBAAt(100, 140), "the picture itself is not changed")
	}
}

// TestLabelsKeepApart holds that labels of boxes at one place do not cover each
// other while there is room, and stay in the picture.
func TestLabelsKeepApart(t *testing.T) {
	c := newCanvas(plainPicture(400, 300, color.NRGBA{A: 255}))
	var taken []image.Rectangle
	for i, b := range []tasks.Box{{X0: 100, Y0: 100, X1: 250, Y1: 200}, {X0: 102, Y0: 101, X1: 251, Y1: 201}, {X0: 104, Y0: 102, X1: 252, Y1: 202}, {X0: -5, Y0: -5, X1: 50, Y1: 60}, {X0: 380, Y0: 250, X1: 400, Y1: 300}} {
		r := c.label(&b, named(i), taken)
		assert.True(t, r.In(c.Rect), "%v", r)
		for _, o := range taken {
			assert.False(t, r.Overlaps(o), "%v and %v", r, o)
		}
		taken = append(taken, r)
	}
}

// TestExtremes draws what decoders can give: huge boxes, tiny pictures.
func TestExtremes(t *testing.T) {
	huge := float32(math.MaxFloat32)
	boxes := []tasks.Box{{X0: -huge, Y0: -huge, X1: huge, Y1: huge, Class: 1 << 30}, {X0: huge, X1: huge, Y1: 1}, {X0: 0.5, Y0: 0.5, X1: 0.5, Y1: 0.5, Points: []tasks.Point{{X: huge, Y: -huge}}}}
	for _, size := range []image.Point{{1, 1}, {1, 300}, {32, 32}, {900, 20}} {
		out := Boxes(plainPicture(size.X, size.Y, color.NRGBA{9, 9, 9, 255}), boxes, func(int) string { return "a very long label\nof Ångström, 日本" })
		assert.Zero(t, out.Rect.Dx()%size.X)
		assert.Zero(t, out.Rect.Dy()%size.Y)
		assert.GreaterOrEqual(t, max(out.Rect.Dx(), out.Rect.Dy()), min(leastSide, maxZoom*max(size.X, size.Y)))
	}
}

func TestPrintable(t *testing.T) {
	assert.Equal(t, "a Angstrom, ?? ?", printable("a\tÅngström, 日本 \u007f"))
	require.Len(t, plain, 'ÿ'-'À'+1)
}

func TestTransparentGround(t *testing.T) {
	img := plainPicture(300, 300, color.NRGBA{255, 0, 0, 0})
	out := Boxes(img, nil, named)
	assert.Equal(t, checker(0, 0), out.NRGBAAt(0, 0))
	img = plainPicture(300, 300, color.NRGBA{255, 0, 0, 255})
	assert.Equal(t, img.Pix, Boxes(img, nil, named).Pix)
}

// halves is a mask whose left half is of one class, and whose right of another.
func halves(w, h, classes int, left, right uint16) *tasks.Mask {
	m := &tasks.Mask{Rect: image.Rect(0, 0, w, h), Classes: classes}
	for i := range w * h {
		if i%w < w/2 {
			m.Class = append(m.Class, left)
		} else {
			m.Class = append(m.Class, right)
		}
	}
	return m
}

func TestMask(t *testing.T) {
	grey := color.NRGBA{100, 100, 100, 255}
	out := Mask(plainPicture(300, 200, grey), halves(300, 200, 3, 0, 2), 0, named)
	assert.Equal(t, 300, out.Rect.Dx())
	assert.Greater(t, out.Rect.Dy(), 200, "a legend")
	assert.Equal(t, grey, out.NRGBAAt(10, 100), "the background is not coloured")
	assert.Equal(t, blend(grey, Colour(2), part), out.NRGBAAt(290, 100))
	assert.Equal(t, color.NRGBA{255, 255, 255, 255}, out.NRGBAAt(149, 100), "the edge")
	assert.Equal(t, Colour(2), out.NRGBAAt(10, 210), "the legend's")

	out = Mask(plainPicture(300, 200, grey), halves(300, 200, 3, tasks.Outside, 0), 0, named)
	assert.Equal(t, image.Rect(0, 0, 300, 200), out.Rect, "nothing to list")
	assert.Equal(t, blend(grey, color.NRGBA{0, 0, 0, 255}, part), out.NRGBAAt(10, 100), "dimmed")
}

func TestLegend(t *testing.T) {
	entries := legendOf(halves(8, 4, 30, 1, 2), -1, named)
	require.Len(t, entries, 2)
	assert.Equal(t, "dog 50.0%", entries[0].text)
	assert.Equal(t, "class 2 50.0%", entries[1].text)
}

func TestClasses(t *testing.T) {
	p := Classes(halves(4, 2, 3, 1, tasks.Outside), 1).(*image.Paletted)
	assert.Equal(t, []uint8{1, 1, 255, 255, 1, 1, 255, 255}, p.Pix)
	assert.Equal(t, color.NRGBA{0, 0, 0, 255}, p.Palette[1])
	g := Classes(halves(4, 1, 700, 600, 3), -1).(*image.Gray16)
	assert.Equal(t, []uint16{600, 600, 3, 3}, []uint16{g.Gray16At(0, 0).Y, g.Gray16At(1, 0).Y, g.Gray16At(2, 0).Y, g.Gray16At(3, 0).Y})
}

func TestColours(t *testing.T) {
	seen := map[color.NRGBA]bool{}
	for class := range 48 {
		seen[Colour(class)] = true
	}
	assert.Len(t, seen, 48)
	assert.Equal(t, color.NRGBA{0, 0, 0, 255}, ink(color.NRGBA{255, 204, 0, 255}))
	assert.Equal(t, color.NRGBA{255, 255, 255, 255}, ink(color.NRGBA{10, 20, 30, 255}))
}
