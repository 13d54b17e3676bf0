package report

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/png"
)

const (
	maxSide   = 256 // pixels that a picture keeps of a longer side
	smallSide = 96  // up to which pixels are shown as squares
)

// heatColours are those of a spectrogram, from quiet to loud: dark blue, violet,
// red, orange, light yellow. Their lightness grows evenly, for readers who don't
// tell colours apart and for grey printers.
var heatColours = [5][3]float64{{10, 12, 40}, {84, 28, 116}, {178, 50, 98}, {243, 130, 55}, {252, 240, 170}}

// picture returns a sample as a PNG in a data URI, and whether its pixels are few.
func (s *Sample) picture() (uri string, small bool) {
	h, w := s.Shape[0], s.Shape[1]
	heat := s.kind() == Spectrogram
	if heat {
		h, w = w, h
	}
	oh, ow := min(h, maxSide), min(w, maxSide)
	if !heat { // keep the aspect
		longer := max(h, w)
		oh, ow = max(1, cut(h, longer, min(longer, maxSide))), max(1, cut(w, longer, min(longer, maxSide)))
	}
	im := image.NewRGBA(image.Rect(0, 0, ow, oh))
	lo, hi := s.span()
	for y := range oh {
		for x := range ow {
			y0, y1 := cut(y, oh, h), cut(y+1, oh, h)
			x0, x1 := cut(x, ow, w), cut(x+1, ow, w)
			if heat { // [t f]: a row is a step of time, and low frequencies are below
				im.SetRGBA(x, y, heatColour(s.mean(x0, x1, h-y1, h-y0, 0, lo, hi)))
				continue
			}
			im.SetRGBA(x, y, s.pixel(y0, y1, x0, x1, lo, hi))
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, im); err != nil {
		panic("BUG: a PNG of a checked size in memory: " + err.Error())
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes()), max(h, w) <= smallSide
}

// cut returns where part i of n begins in a length.
func cut(i, n, length int) int { return int(int64(i) * int64(length) / int64(n)) }

// depth is the number of channels of a picture.
func (s *Sample) depth() int {
	if len(s.Shape) == 3 {
		return s.Shape[2]
	}
	return 1
}

// pixel is the mean colour of rows y0 to y1 and columns x0 to x1.
func (s *Sample) pixel(y0, y1, x0, x1 int, lo, hi float64) color.RGBA {
	var c [3]uint8
	for k := range c {
		c[k] = uint8(255*s.mean(y0, y1, x0, x1, min(k, s.depth()-1), lo, hi) + 0.5)
	}
	return color.RGBA{c[0], c[1], c[2], 255}
}

// mean returns that of channel k over a part of the first two dimensions, as a
// share of the way from lo to hi. What is no number counts as lo.
func (s *Sample) mean(i0, i1, j0, j1, k int, lo, hi float64) float64 {
	if lo == hi {
		return 0.5
	}
	sum, depth := 0.0, s.depth()
	for i := i0; i < i1; i++ {
		for j := j0; j < j1; j++ {
			v := (float64(s.Values[(i*s.Shape[1]+j)*depth+k]) - lo) / (hi - lo)
			if v > 0 {
				sum += min(v, 1)
			}
		}
	}
	return sum / float64((i1-i0)*(j1-j0))
}

// heatColour returns the colour of a share between 0 and 1.
func heatColour(v float64) color.RGBA {
	at := v * float64(len(heatColours)-1)
	i := min(int(at), len(heatColours)-2)
	f := at - float64(i)
	var c [3]uint8
	for k := range c {
		a, b := heatColours[i][k], heatColours[i+1][k]
		c[k] = uint8(a + float64(f*(b-a)) + 0.5)
	}
	return color.RGBA{c[0], c[1], c[2], 255}
}
