package data

import (
	"hash/fnv"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// ramp is 1, 2, 3, …
func ramp(n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(i + 1)
	}
	return x
}

var augmented = []struct {
	name  string
	f     Augmenter
	shape []int
	wrong []int // a shape that doesn't fit
}{
	{"noise", Noise(0.1), []int{7}, nil},
	{"gain", Gain(0.3), []int{7}, nil},
	{"shift", Shift{2, 3}, []int{5, 6, 2}, []int{30}},
	{"flip", Flip{}, []int{5, 6, 2}, []int{5, 6}},
	{"slide", Slide(3), []int{9, 2}, []int{1, 2, 3}},
	{"mask", Mask{Time: 3, Bands: 2}, []int{9, 5}, []int{9, 5, 2}},
	{"turn", Turn(1), []int{4, 6}, []int{4, 5}},
	{"several", Augmenters{Shift{1, 1}, Flip{}, Noise(0.01)}, []int{5, 6, 2}, []int{60}},
	{"crop", Crop(0.5), []int{5, 6, 2}, []int{5, 6}},
}

func TestAugmentersFollowTheirKeys(t *testing.T) {
	h := fnv.New64a()
	for _, c := range augmented {
		t.Run(c.name, func(t *testing.T) {
			require.NoError(t, c.f.Fits(c.shape))
			n := count(c.shape)
			results := map[string]bool{}
			for k := range 20 {
				a, b := ramp(n), ramp(n)
				c.f.Augment(a, c.shape, Key(1, 2, k))
				c.f.Augment(b, c.shape, Key(1, 2, k))
				require.Equal(t, a, b)
				var text []byte
				for _, v := range a {
					u := math.Float32bits(v)
					text = append(text, byte(u), byte(u>>8), byte(u>>16), byte(u>>24))
				}
				results[string(text)] = true
				h.Write(text)
			}
			require.Greater(t, len(results), 1, "the key decides")
			x := ramp(n)
			require.Zero(t, testing.AllocsPerRun(10, func() { c.f.Augment(x, c.shape, 5) }))
			if c.wrong != nil {
				require.Error(t, c.f.Fits(c.wrong))
			}
		})
	}
	require.Equal(t, uint64(0x2def1e83b6344580), h.Sum64(), "the same bits on every processor")
}

func TestShiftMovesPixelsTogether(t *testing.T) {
	const h, w, c = 4, 5, 2
	for k := range uint64(60) {
		x := ramp(h * w * c)
		s := Shift{2, 6}
		d := draws{key: k}
		dy, dx := d.within(s.Y), d.within(s.X)
		s.Augment(x, []int{h, w, c}, k)
		for y := range h {
			for p := range w {
				for q := range c {
					want := float32(0)
					if fy, fx := y-dy, p-dx; fy >= 0 && fy < h && fx >= 0 && fx < w {
						want = float32((fy*w+fx)*c + q + 1)
					}
					require.Equal(t, want, x[(y*w+p)*c+q], "shift %d %d, pixel %d %d", dy, dx, y, p)
				}
			}
		}
	}
}

func TestFlipMirrorsOrNot(t *testing.T) {
	flipped := 0
	for k := range uint64(100) {
		x := ramp(12)
		Flip{}.Augment(x, []int{2, 3, 2}, k)
		if x[0] == 1 {
			require.Equal(t, ramp(12), x)
			continue
		}
		flipped++
		require.Equal(t, []float32{5, 6, 3, 4, 1, 2, 11, 12, 9, 10, 7, 8}, x)
	}
	require.InDelta(t, 50, flipped, 20)
}

// A picture that rises evenly still does when a part of it is enlarged: by the part's
// share, in both directions, within the whole.
func TestCropEnlargesAPart(t *testing.T) {
	const h, w, least = 9, 12, 0.4
	smallest, largest := 1., 0.
	for k := range uint64(200) {
		x := make([]float32, h*w)
		for i := range x {
			x[i] = float32(100*(i/w) + i%w)
		}
		Crop(least).Augment(x, []int{h, w, 1}, k)
		const y, j = 4, 6 // the middle, which no edge has flattened
		share := float64(x[y*w+j+1] - x[y*w+j])
		require.InDelta(t, share, float64(x[(y+1)*w+j]-x[y*w+j])/100, 1e-4)
		smallest, largest = min(smallest, share), max(largest, share)
		require.GreaterOrEqual(t, x[0], float32(0))
		require.LessOrEqual(t, x[h*w-1], float32(100*(h-1)+w-1))
	}
	require.InDelta(t, least, smallest, .02)
	require.InDelta(t, 1, largest, .02)
	x := ramp(12)
	Crop(1).Augment(x, []int{2, 3, 2}, 1)
	require.Equal(t, ramp(12), x, "the whole")
}

func TestTurnKeepsLengthsAndAngles(t *testing.T) {
	x := []float32{3, 4, 0, 0, 0, 2}
	Turn(3).Augment(x, []int{2, 3}, 9)
	dot := func(a, b []float32) float64 {
		return float64(a[0])*float64(b[0]) + float64(a[1])*float64(b[1]) + float64(a[2])*float64(b[2])
	}
	require.InDelta(t, 25, dot(x[:3], x[:3]), 1e-5)
	require.InDelta(t, 4, dot(x[3:], x[3:]), 1e-5)
	require.InDelta(t, 0, dot(x[:3], x[3:]), 1e-5)
	require.NotEqual(t, float32(3), x[0])
}

func TestNoiseIsNormal(t *testing.T) {
	x := make([]float32, 20000)
	Noise(2).Augment(x, nil, 3)
	sum, squares, beyond := 0.0, 0.0, 0
	for _, v := range x {
		sum += float64(v)
		squares += float64(v) * float64(v)
		if math.Abs(float64(v)) > 4 {
			beyond++
		}
	}
	require.InDelta(t, 0, sum/20000, 0.06)
	require.InDelta(t, 4, squares/20000, 0.15)
	require.InDelta(t, 0.0455*20000, beyond, 120)
}

func TestMaskHidesSpans(t *testing.T) {
	most := 0
	for k := range uint64(50) {
		x := ramp(60)
		Mask{Time: 2, Bands: 3, Fill: -1}.Augment(x, []int{10, 6}, k)
		hidden := 0
		for i, v := range x {
			if v == -1 {
				hidden++
			} else {
				require.Equal(t, float32(i+1), v)
			}
		}
		most = max(most, hidden)
		require.LessOrEqual(t, hidden, 2*6+3*10-2*3)
	}
	require.Equal(t, 2*6+3*10-2*3, most)
	x := ramp(4)
	Mask{Time: 100, Bands: 100}.Augment(x, []int{2, 2}, 1)
	require.True(t, slices.Contains(x, 0) || slices.Equal(x, ramp(4)))
}
