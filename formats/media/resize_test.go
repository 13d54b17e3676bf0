package media

import (
	"image"
	"image/color"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// bilinearModel is the formula of Resize in fractions of any size.
func bilinearModel(src *image.NRGBA, w, h, x, y, c int) uint8 {
	at := func(i, from, to int) (int, int, *big.Rat) {
		v := new(big.Rat).SetFrac64(int64(2*i+1)*int64(from)-int64(to), int64(2*to))
		floor := new(big.Int).Div(v.Num(), v.Denom())
		frac := new(big.Rat).Sub(v, new(big.Rat).SetInt(floor))
		lo := int(floor.Int64())
		return max(0, min(from-1, lo)), max(0, min(from-1, lo+1)), frac
	}
	x0, x1, fx := at(x, src.Rect.Dx(), w)
	y0, y1, fy := at(y, src.Rect.Dy(), h)
	mix := func(a, b, f *big.Rat) *big.Rat {
		d := new(big.Rat).Sub(b, a)
		return d.Add(a, d.Mul(d, f))
	}
	p := func(x, y int) *big.Rat { return new(big.Rat).SetInt64(int64(src.Pix[y*src.Stride+4*x+c])) }
	v := mix(mix(p(x0, y0), p(x1, y0), fx), mix(p(x0, y1), p(x1, y1), fx), fy)
	v.Add(v, big.NewRat(1, 2))
	return uint8(new(big.Int).Div(v.Num(), v.Denom()).Int64())
}

func TestBilinearIsTheFormula(t *testing.T) {
	src := chart(7, 5)
	for _, size := range [][2]int{{1, 1}, {7, 5}, {3, 4}, {14, 10}, {9, 2}, {20, 17}} {
		w, h := size[0], size[1]
		got, err := Resize(src, w, h, Stretch)
		require.NoError(t, err)
		for y := range h {
			for x := range w {
				for c := range 4 {
					require.Equal(t, bilinearModel(src, w, h, x, y, c), got.Pix[y*got.Stride+4*x+c], "%v: %d,%d channel %d", size, x, y, c)
				}
			}
		}
	}
}

func greys(w int, v ...uint8) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, len(v)/w))
	for i, g := range v {
		img.SetNRGBA(i%w, i/w, color.NRGBA{R: g, G: g, B: g, A: 255})
	}
	return img
}

func reds(img *image.NRGBA) []uint8 {
	var out []uint8
	for i := 0; i < len(img.Pix); i += 4 {
		out = append(out, img.Pix[i])
	}
	return out
}

func TestArea(t *testing.T) {
	for _, c := range []struct {
		name string
		src  *image.NRGBA
		w, h int
		want []uint8
	}{
		{"whole boxes", greys(4, 0, 10, 100, 200, 20, 30, 100, 200), 2, 1, []uint8{15, 150}},
		{"shared pixels", greys(3, 30, 60, 90), 2, 1, []uint8{40, 80}},
		{"one axis shrinks, one grows", greys(2, 0, 100), 1, 2, []uint8{50, 50}},
		{"half up", greys(2, 0, 1), 1, 1, []uint8{1}},
	} {
		got, err := Resize(c.src, c.w, c.h, Stretch|Area)
		require.NoError(t, err)
		assert.Equal(t, c.want, reds(got), c.name)
	}
	got, err := Resize(greys(4, 0, 10, 100, 200), 1, 1, Stretch)
	require.NoError(t, err)
	assert.Equal(t, []uint8{55}, reds(got), "bilinear reads the two in the middle only")
}

func TestCropAndPad(t *testing.T) {
	wide := greys(4, 1, 2, 3, 4, 5, 6, 7, 8)
	got, err := Resize(wide, 2, 2, Crop)
	require.NoError(t, err)
	assert.Equal(t, []uint8{2, 3, 6, 7}, reds(got))
	got, err = Resize(wide, 4, 4, Pad)
	require.NoError(t, err)
	assert.Equal(t, []uint8{0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0}, reds(got))
	assert.Equal(t, color.NRGBA{A: 255}, got.NRGBAAt(0, 0), "bars are black, not transparent")
	tall := greys(2, 1, 2, 3, 4, 5, 6, 7, 8)
	got, err = Resize(tall, 2, 2, Crop)
	require.NoError(t, err)
	assert.Equal(t, []uint8{3, 4, 5, 6}, reds(got))
	got, err = Resize(greys(1, make([]uint8, 1000)...), 2, 2, Pad)
	require.NoError(t, err, "a thread keeps one column")
	assert.Equal(t, image.Rect(0, 0, 2, 2), got.Rect)
	got, err = Resize(greys(1, make([]uint8, 1000)...), 1000, 1, Crop|Area)
	require.NoError(t, err)
	assert.Equal(t, image.Rect(0, 0, 1000, 1), got.Rect)
}

func TestResizeRefuses(t *testing.T) {
	_, err := Resize(chart(2, 2), 0, 5, Stretch)
	require.ErrorContains(t, err, "resize: target of 0×5")
	_, err = Resize(chart(2, 2), 1<<20, 5, Stretch)
	require.ErrorContains(t, err, "is not within 1 to 32768")
	_, err = Resize(chart(2, 2), 2, 2, 3)
	require.ErrorContains(t, err, "mode 3 is none")
	_, err = Resize(image.NewNRGBA(image.Rectangle{}), 2, 2, Crop)
	require.ErrorContains(t, err, "no pixels")
}

func TestPixels(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 2, 1))
	copy(img.Pix, []uint8{255, 100, 0, 9, 255, 255, 255, 255})
	for _, c := range []struct {
		channels int
		order    Order
		want     []float32
	}{
		{1, RGB, []float32{135, 255}}, // 0.299·255 + 0.587·100 = 134.9
		{3, RGB, []float32{255, 100, 0, 255, 255, 255}},
		{3, BGR, []float32{0, 100, 255, 255, 255, 255}},
		{4, BGR, []float32{0, 100, 255, 9, 255, 255, 255, 255}},
	} {
		floats, bytes := make([]float32, len(c.want)), make([]uint8, len(c.want))
		require.NoError(t, Pixels(img, c.channels, c.order, floats))
		require.NoError(t, Pixels(img, c.channels, c.order, bytes))
		assert.Equal(t, c.want, floats)
		for i, v := range c.want {
			assert.Equal(t, uint8(v), bytes[i])
		}
	}
	require.EqualError(t, Pixels(img, 3, RGB, make([]uint8, 5)), "pixels: shape [1 2 3] does not fit a tensor of 5 elements: resize first")
	require.ErrorContains(t, Pixels(img, 2, RGB, make([]uint8, 4)), "2 channels")
	require.ErrorContains(t, Pixels(img, 3, 7, make([]uint8, 6)), "channel order 7")
}

func TestPixelsOfAPart(t *testing.T) {
	part := chart(5, 4).SubImage(image.Rect(1, 2, 3, 4)).(*image.NRGBA)
	got := make([]uint8, 2*2*3)
	require.NoError(t, Pixels(part, 3, RGB, got))
	require.Equal(t, []uint8{40, 120, 33, 80, 120, 40, 40, 180, 46, 80, 180, 53}, got)
}

func TestNormalise(t *testing.T) {
	v := []float32{1, 2, 3, 4}
	require.NoError(t, Normalise(v, []float32{1, 0}, []float32{2, 4}))
	require.Equal(t, []float32{0, 0.5, 1, 1}, v)
	require.NoError(t, Normalise(v, []float32{1}, []float32{1}))
	require.Equal(t, []float32{-1, -0.5, 0, 0}, v)
	require.ErrorContains(t, Normalise(v, []float32{1, 2, 3}, []float32{1, 1, 1}), "3 means")
	require.ErrorContains(t, Normalise(v, []float32{1}, []float32{0}), "not positive")
}
