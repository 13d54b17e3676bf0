package tasks

import (
	"image"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTensorFlowAnchors has the numbers of ssd_mobilenet_v1's pipeline: 1917
// anchors, whose scales are 0.2, 0.35, 0.5, 0.65, 0.8, 0.95, 1.
func TestTensorFlowAnchors(t *testing.T) {
	s := &Scales{Min: 0.2, Max: 0.95, Ratios: []float32{1, 2, 0.5, 3, 0.3333}, ReduceLowest: true}
	var grids []Grid
	for i, n := range []int{19, 10, 5, 3, 2, 1} {
		grids = append(grids, Grid{n, n, s.Sizes(i, 6)})
	}
	a := GridAnchors(grids...)
	require.Len(t, a, 1917)
	near := func(want, got Anchor) {
		t.Helper()
		assert.InDeltaSlice(t, []float32{want.X, want.Y, want.W, want.H}, []float32{got.X, got.Y, got.W, got.H}, 1e-5)
	}
	near(Anchor{0.5 / 19, 0.5 / 19, 0.1, 0.1}, a[0])
	near(Anchor{0.5 / 19, 0.5 / 19, 0.282843, 0.141421}, a[1])
	near(Anchor{1.5 / 19, 0.5 / 19, 0.141421, 0.282843}, a[5])
	near(Anchor{0.5 / 19, 1.5 / 19, 0.1, 0.1}, a[3*19])
	second := a[19*19*3:]
	near(Anchor{0.05, 0.05, 0.35, 0.35}, second[0])
	near(Anchor{0.05, 0.05, 0.606218, 0.202073}, second[3])
	near(Anchor{0.05, 0.05, 0.418330, 0.418330}, second[5])
	near(Anchor{0.5, 0.5, 0.974679, 0.974679}, a[1916])
}

// TestCaffePriors has the layout of SSD300: 8732 priors.
func TestCaffePriors(t *testing.T) {
	in := Size{300, 300}
	var grids []Grid
	least := []float32{30, 60, 111, 162, 213, 264, 315}
	for i, n := range []int{38, 19, 10, 5, 3, 1} {
		ratios := []float32{2, 3}
		if i == 0 || i > 3 {
			ratios = []float32{2}
		}
		grids = append(grids, Grid{n, n, PriorSizes(least[i], least[i+1], ratios, in)})
	}
	a := GridAnchors(grids...)
	require.Len(t, a, 8732)
	assert.InDelta(t, 0.1, a[0].W, 1e-6)
	assert.InDelta(t, 0.141421, a[1].W, 1e-6)
	assert.InDelta(t, 0.141421, a[2].W, 1e-6)
	assert.InDelta(t, 0.070711, a[2].H, 1e-6)
	assert.InDelta(t, 0.070711, a[3].W, 1e-6)
}

func TestOneScale(t *testing.T) {
	s := &Scales{Min: 0.2, Max: 0.9, Ratios: []float32{1}}
	assert.Equal(t, []AnchorSize{{0.2, 0.2}, sized(sqrt(0.2), 1)}, s.Sizes(0, 1))
}

func TestFit(t *testing.T) {
	picture := image.Rect(0, 0, 200, 100)
	for _, c := range []struct {
		name string
		fit  Fit
		box  Box
		want []float32
	}{
		{"stretch", Fit{picture, image.Rect(0, 0, 50, 50)}, Box{X0: 5, Y0: 10, X1: 25, Y1: 40}, []float32{20, 20, 100, 80}},
		{"pad", Fit{picture, image.Rect(0, 25, 100, 75)}, Box{X0: 10, Y0: 30, X1: 20, Y1: 50}, []float32{20, 10, 40, 50}},
		{"crop", Fit{image.Rect(50, 0, 150, 100), image.Rect(0, 0, 10, 10)}, Box{X0: 1, Y0: 1, X1: 2, Y1: 5}, []float32{60, 10, 70, 50}},
		{"cut at the edges", Fit{picture, image.Rect(0, 25, 100, 75)}, Box{X0: -9, Y0: 20, X1: 200, Y1: 90}, []float32{0, 0, 200, 100}},
		{"outside", Fit{picture, image.Rect(0, 25, 100, 75)}, Box{X0: 10, Y0: 1, X1: 20, Y1: 20}, nil},
	} {
		got := c.fit.Boxes([]Box{c.box}, picture)
		if c.want == nil {
			assert.Empty(t, got, c.name)
			continue
		}
		require.Len(t, got, 1, c.name)
		assert.Equal(t, c.want, []float32{got[0].X0, got[0].Y0, got[0].X1, got[0].Y1}, c.name)
	}
}

// TestMaskIsFullInterpolation compares the mask, which looks at classes before
// it interpolates, with interpolation of every score at every pixel.
func TestMaskIsFullInterpolation(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for trial := range 60 {
		w, h, c := 1+r.IntN(6), 1+r.IntN(6), 1+r.IntN(4)
		first := trial%2 == 0
		shape := []int{1, h, w, c}
		if first {
			shape = []int{1, c, h, w}
		}
		x := tensorOf("m", 0, shape...)
		for i := range x.Data {
			x.Data[i] = float32(r.IntN(5)) / 4
		}
		s := &Segmenter{ChannelsFirst: first, ChannelsLast: !first}
		m, err := s.Segment([]Tensor{x})
		require.NoError(t, err)
		picture := image.Rect(0, 0, 1+r.IntN(40), 1+r.IntN(40))
		in := Size{16, 8}
		mask := m.Mask(picture, Fit{picture, image.Rect(0, 0, 16, 8)}, in)
		for y := range picture.Max.Y {
			for px := range picture.Max.X {
				score := func(k int) float64 {
					sx := max(0, (float64(px)+0.5)*float64(w)/float64(picture.Max.X)-0.5)
					sy := max(0, (float64(y)+0.5)*float64(h)/float64(picture.Max.Y)-0.5)
					x0, y0 := int(sx), int(sy)
					at := func(x1, y1 int) float64 {
						x1, y1 = min(x1, w-1), min(y1, h-1)
						if first {
							return float64(x.Data[(k*h+y1)*w+x1])
						}
						return float64(x.Data[(y1*w+x1)*c+k])
					}
					fx, fy := sx-float64(x0), sy-float64(y0)
					return (1-fy)*((1-fx)*at(x0, y0)+fx*at(x0+1, y0)) + fy*((1-fx)*at(x0, y0+1)+fx*at(x0+1, y0+1))
				}
				got := int(mask.At(px, y))
				if c == 1 {
					if v := score(0); v > 0.5+1e-6 || v < 0.5-1e-6 {
						require.Equal(t, int(truth(v > 0.5)), got)
					}
					continue
				}
				for k := range c { // ties may go either way
					require.GreaterOrEqual(t, score(got)+1e-6, score(k))
				}
			}
		}
	}
}

func TestMaskOutside(t *testing.T) {
	x := tensorOf("m", 1, 1, 4, 4, 1)
	m, err := (&Segmenter{}).Segment([]Tensor{x})
	require.NoError(t, err)
	picture := image.Rect(0, 0, 8, 4)
	mask := m.Mask(picture, Fit{image.Rect(2, 0, 6, 4), image.Rect(0, 0, 4, 4)}, Size{4, 4}) // as crop does
	assert.Equal(t, []int{0, 16}, mask.Areas())
	assert.Equal(t, uint16(Outside), mask.At(1, 0))
	assert.Equal(t, uint16(1), mask.At(2, 0))
	assert.Equal(t, uint16(Outside), mask.At(6, 3))
}

func TestSegmentLayouts(t *testing.T) {
	for _, c := range []struct {
		s     Segmenter
		shape []int
		fill  float32
		want  []int // width, height, classes; nil for an error
	}{
		{Segmenter{}, []int{1, 6, 5, 3}, 0, []int{5, 6, 3}},
		{Segmenter{}, []int{1, 3, 6, 5}, 0, []int{5, 6, 3}},
		{Segmenter{}, []int{1, 6, 5, 1}, 0, []int{5, 6, 2}},
		{Segmenter{}, []int{1, 1, 6, 5}, 0, []int{5, 6, 2}},
		{Segmenter{}, []int{1, 6, 5}, 0, []int{5, 6, 2}},
		{Segmenter{}, []int{6, 5}, 0, []int{5, 6, 2}},
		{Segmenter{Indices: true}, []int{1, 6, 5}, 7, []int{5, 6, 8}},
		{Segmenter{ChannelsFirst: true}, []int{1, 9, 2, 4}, 0, []int{4, 2, 9}},
		{Segmenter{ChannelsLast: true}, []int{1, 2, 4, 9}, 0, []int{4, 2, 9}},
		{Segmenter{}, []int{2, 6, 5, 3}, 0, nil},
		{Segmenter{}, []int{7}, 0, nil},
		{Segmenter{}, []int{1, 0, 5, 3}, 0, nil},
		{Segmenter{Indices: true}, []int{1, 6, 5, 3}, 0, nil},
		{Segmenter{Indices: true}, []int{1, 6, 5}, -1, nil},
	} {
		m, err := c.s.Segment([]Tensor{tensorOf("m", c.fill, c.shape...)})
		if c.want == nil {
			assert.ErrorContains(t, err, `output "m"`, "%v", c.shape)
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, c.want, []int{m.W, m.H, m.Classes}, "%v %+v", c.shape, c.s)
	}
}

// TestSegmentThreshold holds that numbers beyond 0 to 1 are taken for a
// sigmoid's argument.
func TestSegmentThreshold(t *testing.T) {
	classes := func(s Segmenter, x ...float32) (out []uint16) {
		m, err := s.Segment([]Tensor{{"m", []int{1, 1, len(x), 1}, x}})
		require.NoError(t, err)
		for i := range x {
			out = append(out, m.class(i, 0))
		}
		return out
	}
	assert.Equal(t, []uint16{0, 1, 1}, classes(Segmenter{}, 0.4, 0.5, 0.6))
	assert.Equal(t, []uint16{0, 1, 1}, classes(Segmenter{}, -0.1, 0, 2))
	assert.Equal(t, []uint16{0, 0, 1}, classes(Segmenter{Threshold: 0.8}, -0.1, 1.3, 1.5), "ln 4 is 1.386")
	assert.Equal(t, []uint16{0, 0, 1}, classes(Segmenter{Threshold: 0.8, Activation: None}, -0.1, 0.7, 1.5))
}
