package report

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCalibration(t *testing.T) {
	var c Calibration
	assert.Zero(t, c.Error())
	c.Add(math.NaN(), true)
	c.Add(1.5, true)
	c.Add(-0.1, true)
	assert.Zero(t, c.Samples())
	for i := range 10 {
		c.Add(0.9, i < 6)  // |0.9 - 0.6|
		c.Add(0.5, i < 5)  // right
		c.Add(1, true)     // right
		c.Add(0.02, i < 1) // |0.02 - 0.1|
	}
	assert.Equal(t, 40, c.Samples())
	assert.InDelta(t, (0.3+0.08)/4, c.Error(), 1e-12)

	page, all, text := write(t, &Report{Calibration: &c})
	assert.Equal(t, 8, count(all, "rect"), "four bins, twice")
	assert.Contains(t, text, "Expected calibration error 9.5\u202f%: the model is surer than it is right")
	assert.Contains(t, page, "60.0\u202f% of 10 predictions are right, at a mean probability of 90.0\u202f%")
}

func TestAxis(t *testing.T) {
	texts := func(a *axis) string {
		var s []string
		for _, x := range a.ticks {
			s = append(s, x.text)
		}
		return strings.Join(s, " ")
	}
	for _, c := range []struct {
		lo, hi float64
		log    bool
		want   string
	}{
		{0, 1, false, "0.0 0.2 0.4 0.6 0.8 1.0"},
		{0.93, 0.991, false, "0.92 0.94 0.96 0.98 1.00"},
		{-3, 12, false, "-5 0 5 10 15"},
		{0, 1432, false, "0 500 1000 1500"},
		{0.03, 2.1, true, "0.02 0.05 0.1 0.2 0.5 1 2 5"},
		{1, 100, true, "1 2 5 10 20 50 100"},
		{0.001, 2, true, "0.001 0.003 0.01 0.03 0.1 0.3 1 3"},
		{1e-7, 1, true, "1e-07 1e-06 1e-05 0.0001 0.001 0.01 0.1 1"},
	} {
		a := newAxis(c.lo, c.hi, 300, 20, c.log)
		assert.Equal(t, c.want, texts(a))
		assert.InDelta(t, 300, a.at(a.lo), 1e-9)
		assert.InDelta(t, 20, a.at(a.hi), 1e-9)
		assert.LessOrEqual(t, a.lo, c.lo*1.001)
		assert.GreaterOrEqual(t, a.hi, c.hi*0.999)
	}
	assert.Equal(t, "1 4 6 8 10 12 14 16 18 20 22 24", texts(epochAxis(1, 24)))
	assert.Equal(t, "7", texts(epochAxis(7, 7)))
	assert.Less(t, len(epochAxis(1, 1e9).ticks), 14)
}

func decode(t *testing.T, s *Sample) image.Image {
	t.Helper()
	uri, _ := s.picture()
	raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(uri, "data:image/png;base64,"))
	require.NoError(t, err)
	im, err := png.Decode(bytes.NewReader(raw))
	require.NoError(t, err)
	return im
}

func TestPictures(t *testing.T) {
	im := decode(t, &Sample{Shape: []int{1, 2, 3}, Values: []float32{0, 0.5, 1, 1, 0, 0}})
	assert.Equal(t, color.RGBA{0, 128, 255, 255}, color.RGBAModel.Convert(im.At(0, 0)))
	assert.Equal(t, color.RGBA{255, 0, 0, 255}, color.RGBAModel.Convert(im.At(1, 0)))

	im = decode(t, &Sample{Shape: []int{2, 2}, Kind: Picture, Values: []float32{0, 51, 300, float32(math.NaN())}, High: 255})
	for i, want := range []uint8{0, 51, 255, 0} {
		assert.Equal(t, color.RGBA{want, want, want, 255}, color.RGBAModel.Convert(im.At(i%2, i/2)), i)
	}

	im = decode(t, &Sample{Shape: []int{2, 3}, Kind: Spectrogram, Values: []float32{1, 0, 0, 0, 0, 0}})
	require.Equal(t, image.Rect(0, 0, 2, 3), im.Bounds())
	assert.Equal(t, heatColour(1), color.RGBAModel.Convert(im.At(0, 2)), "the first step's lowest frequency is left below")
	assert.Equal(t, heatColour(0), color.RGBAModel.Convert(im.At(1, 2)))

	wide := &Sample{Shape: []int{300, 1200, 1}, Values: make([]float32, 360_000)}
	assert.Equal(t, image.Rect(0, 0, maxSide, maxSide/4), decode(t, wide).Bounds())
}

func TestHeatGrowsLighter(t *testing.T) {
	last := -1.0
	for i := range 101 {
		c := heatColour(float64(i) / 100)
		light := 0.2126*float64(c.R) + 0.7152*float64(c.G) + 0.0722*float64(c.B)
		require.GreaterOrEqual(t, light, last-1)
		last = light
	}
}

func TestText(t *testing.T) {
	for x, want := range map[float64]string{0: "0", 0.5: "0.5000", 12.3456: "12.346", 1234.56: "1234.6", 1e-5: "1e-05", 2e7: "2e+07", math.Inf(-1): "–"} {
		assert.Equal(t, want, number(x))
	}
	assert.Equal(t, "1\u202f234\u202f567", grouped(1234567))
	assert.Equal(t, "-123", grouped(-123))
	assert.Equal(t, "-1\u202f234", grouped(-1234))
	assert.Equal(t, "99\u202f%", shortPercent(0.999))
	assert.Equal(t, "<1\u202f%", shortPercent(0.001))
	assert.Equal(t, "100\u202f%", shortPercent(1))
	assert.Equal(t, "3 min 20 s", duration(200))
	assert.Equal(t, "2 h 46 min", duration(10_000))
	assert.Equal(t, "0.52 s", duration(0.52))
	assert.Equal(t, "2 classes", plural(2, "class"))
	assert.Equal(t, "1 sample", plural(1, "sample"))
	assert.Equal(t, "ab…", shorten("abcd", 3))
	assert.Equal(t, "abc", shorten("abc", 3))
}
