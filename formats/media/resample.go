package media

import (
	"fmt"
	"math"
)

const (
	// sincZeros is how many zero crossings of the sinc are kept on each side.
	sincZeros = 24
	// sincCutoff is the pass band's end, as a part of the lower Nyquist frequency.
	sincCutoff = 0.95
	// maxRatio bounds the filter's length and the growth of a recording.
	maxRatio = 64
	// maxSamples bounds what resampling may produce.
	maxSamples = 1 << 28
	// maxPhaseTable bounds the stored coefficients (8 bytes each).
	maxPhaseTable = 1 << 20
)

// Resample returns the sound at another sample rate, band-limited by a sinc with
// a Blackman window (stop band below −70 dB). Output frame n lies exactly at
// input time n·(old rate)/rate: there is no delay. Outside the recording is silence.
func (a *Audio) Resample(rate int) (*Audio, error) {
	if rate < 1 || rate > maxRate || a.Rate < 1 || a.Channels < 1 {
		return nil, fmt.Errorf("resample: from %d to %d Hz: rates must be within 1 to %d", a.Rate, rate, maxRate)
	}
	if rate == a.Rate {
		return a, nil
	}
	if int64(rate) > maxRatio*int64(a.Rate) || int64(a.Rate) > maxRatio*int64(rate) {
		return nil, fmt.Errorf("resample: %d and %d Hz differ by more than %d times", a.Rate, rate, maxRatio)
	}
	g := gcd(a.Rate, rate)
	up, down := int64(rate/g), int64(a.Rate/g)
	frames := (int64(a.Frames())*up + down - 1) / down
	if frames*int64(a.Channels) > maxSamples {
		return nil, fmt.Errorf("resample: %d frames at %d Hz are too long", frames, rate)
	}
	out := &Audio{Rate: rate, Channels: a.Channels, Samples: make([]float32, frames*int64(a.Channels))}
	filter := newSincFilter(int(up), int(down))
	for n := range frames {
		coefficients := filter.phase(int(n * down % up))
		first := int(n*down/up) - filter.half + 1
		for c := range a.Channels {
			out.Samples[int(n)*a.Channels+c] = a.convolve(coefficients, first, c)
		}
	}
	return out, nil
}

// convolve sums channel c from frame first on, in order, each product rounded.
func (a *Audio) convolve(coefficients []float64, first, c int) float32 {
	lo, hi := max(0, -first), min(len(coefficients), a.Frames()-first)
	sum := 0.0
	for i := lo; i < hi; i++ {
		sum += float64(coefficients[i] * float64(a.Samples[(first+i)*a.Channels+c]))
	}
	return float32(sum)
}

// sincFilter makes and remembers the coefficients of each of up phases: phase p
// interpolates p/up of the way from tap half−1 to tap half.
type sincFilter struct {
	up     int
	half   int     // taps on each side
	cutoff float64 // in cycles per input frame, times 2
	table  [][]float64
	row    []float64 // scratch where the table would be too large
}

func newSincFilter(up, down int) *sincFilter {
	f := &sincFilter{up: up, cutoff: sincCutoff}
	if down > up {
		f.cutoff = float64(sincCutoff*float64(up)) / float64(down)
	}
	f.half = int(math.Ceil(sincZeros / f.cutoff))
	if int64(up)*int64(2*f.half) <= maxPhaseTable {
		f.table = make([][]float64, up)
	}
	return f
}

func (f *sincFilter) phase(p int) []float64 {
	if f.table == nil {
		if f.row == nil {
			f.row = make([]float64, 2*f.half)
		}
		f.fill(f.row, p)
		return f.row
	}
	if f.table[p] == nil {
		f.table[p] = make([]float64, 2*f.half)
		f.fill(f.table[p], p)
	}
	return f.table[p]
}

// fill computes one phase and scales it to pass a constant unchanged.
func (f *sincFilter) fill(row []float64, p int) {
	sum := 0.0
	for i := range row {
		x := float64((i-f.half+1)*f.up-p) / float64(f.up) // distance in input frames
		row[i] = float64(sinc(float64(f.cutoff*x)) * blackman(x/float64(f.half)))
		sum += row[i]
	}
	for i := range row {
		row[i] /= sum
	}
}

// sinc is sin(πx)/(πx).
func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return sinPi(x) / float64(math.Pi*x)
}

// blackman is the window of F. J. Harris, "On the use of windows for harmonic
// analysis", 1978, over [−1, 1], with its usual rounded coefficients.
func blackman(x float64) float64 {
	if x <= -1 || x >= 1 {
		return 0
	}
	w := 0.42 + float64(0.5*sinPi(x+0.5))
	return w + float64(0.08*sinPi(float64(2*x)+0.5))
}

// sinPi is sin(πx) by its Taylor series on [−½, ½], every product rounded:
// math.Sin may differ in its last bit between processors that fuse and others.
func sinPi(x float64) float64 {
	whole := math.RoundToEven(x)
	y := float64(math.Pi * (x - whole))
	square := float64(y * y)
	const last = 23 // (π/2)²⁵/25! is below 1e-20
	sum := 1.0
	for k := float64(last); k > 1; k -= 2 {
		sum = 1 - float64(float64(square*sum)/float64(k*(k-1)))
	}
	if math.Mod(whole, 2) != 0 {
		return -float64(y * sum)
	}
	return float64(y * sum)
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
