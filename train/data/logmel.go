package data

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/edgeinfer/edgeinfer/quant"
)

// LogMelOptions describe a logarithmic mel spectrum: the power spectrum of windowed
// frames, summed in overlapping triangular bands that are equally wide in mel
// (2595·log10(1 + f/700)), and its natural logarithm ln(max(power + 1e-6, Floor)).
type LogMelOptions struct {
	Rate  int // samples a second
	Frame int // samples of a frame, under a periodic Hann window
	Hop   int // samples from one frame's start to the next's
	FFT   int // a power of 2, at least Frame; frames are filled up with zeros
	Bands int
	// Low and High are the ends of the lowest and highest band in Hz.
	Low, High float64
	Floor     float64
	// Centre takes the mean of a sample's features out of them.
	Centre bool
	// Scale divides the features; 0 means 1.
	Scale float64
}

// SpokenDigits suit short recordings at 8 kHz: [8000] becomes [49 32].
var SpokenDigits = LogMelOptions{Rate: 8000, Frame: 256, Hop: 160, FFT: 256, Bands: 32, Low: 80, High: 3800, Floor: 1e-4, Centre: true}

// SpeechCommands suit a second at 16 kHz: [16000] becomes [49 40].
var SpeechCommands = LogMelOptions{Rate: 16000, Frame: 480, Hop: 320, FFT: 512, Bands: 40, Low: 20, High: 4000}

// LogMel is a Transform of sound, [samples], into features, [frames bands]. It gives
// the same bits on every processor.
type LogMel struct {
	o      LogMelOptions
	window []float64
	fft    *fourier
	bands  []band
}

// band is a triangle over bins of the spectrum.
type band struct {
	first  int
	weight []float64
}

// NewLogMel computes the tables.
func NewLogMel(o LogMelOptions) (*LogMel, error) {
	const longest = 1 << 20
	switch {
	case o.FFT < 2 || o.FFT > longest || bits.OnesCount(uint(o.FFT)) != 1:
		return nil, fmt.Errorf("log-mel: FFT of %d: give a power of 2 up to %d", o.FFT, longest)
	case o.Frame < 1 || o.Frame > o.FFT || o.Hop < 1:
		return nil, fmt.Errorf("log-mel: frames of %d samples, %d apart: give 1 to the FFT's %d, and a distance from 1", o.Frame, o.Hop, o.FFT)
	case o.Rate < 1 || !(o.Low >= 0) || !(o.High > o.Low) || o.High > float64(o.Rate)/2:
		return nil, fmt.Errorf("log-mel: bands from %g to %g Hz at %d samples a second: give two frequencies up to half the rate", o.Low, o.High, o.Rate)
	case o.Bands < 1 || o.Bands > o.FFT || !(o.Floor >= 0) || !(o.Scale >= 0):
		return nil, fmt.Errorf("log-mel: %d bands, floor %g, scale %g: give 1 to %d bands, and numbers that are not negative", o.Bands, o.Floor, o.Scale, o.FFT)
	}
	if o.Scale == 0 {
		o.Scale = 1
	}
	l := &LogMel{o: o, window: make([]float64, o.Frame), fft: newFourier(o.FFT)}
	for i := range l.window {
		l.window[i] = 0.5 - float64(0.5*quant.Cos64(2*math.Pi*float64(i)/float64(o.Frame)))
	}
	l.bands = melBands(o)
	return l, nil
}

func mel(f float64) float64 { return float64(2595 / math.Ln10 * quant.Log64(1+f/700)) }

func fromMel(m float64) float64 { return float64(700 * (quant.Exp64(float64(m*math.Ln10)/2595) - 1)) }

// melBands places triangles, whose sides are straight lines over frequency.
func melBands(o LogMelOptions) []band {
	edge := make([]float64, o.Bands+2) // in Hz
	low, high := mel(o.Low), mel(o.High)
	for i := range edge {
		edge[i] = fromMel(low + float64((high-low)*float64(i)/float64(o.Bands+1)))
	}
	out := make([]band, o.Bands)
	for b := range out {
		left, centre, right := edge[b], edge[b+1], edge[b+2]
		for k := range o.FFT/2 + 1 {
			f := float64(float64(k)*float64(o.Rate)) / float64(o.FFT)
			w := min((f-left)/(centre-left), (right-f)/(right-centre))
			if w <= 0 {
				continue
			}
			if out[b].weight == nil {
				out[b].first = k
			}
			out[b].weight = append(out[b].weight, w)
		}
	}
	return out
}

// Shape returns [frames bands] for [samples]: as many whole frames as there are.
func (l *LogMel) Shape(in []int) ([]int, error) {
	if len(in) != 1 && !(len(in) == 2 && in[1] == 1) || in[0] < l.o.Frame {
		return nil, fmt.Errorf("log-mel: sound of shape %v: give [samples], at least %d", in, l.o.Frame)
	}
	return []int{(in[0]-l.o.Frame)/l.o.Hop + 1, l.o.Bands}, nil
}

// Scratch is room for one spectrum.
func (l *LogMel) Scratch([]int) int { return 2 * l.o.FFT }

// Apply computes the features.
func (l *LogMel) Apply(out, in []float32, scratch []float64) {
	n := l.o.FFT
	re, im := scratch[:n], scratch[n:2*n]
	sum := 0.0
	for f := range len(out) / l.o.Bands {
		clear(scratch)
		frame := in[f*l.o.Hop:][:l.o.Frame]
		for i, w := range l.window {
			re[i] = float64(float64(frame[i]) * w)
		}
		l.fft.transform(re, im)
		for k := range n/2 + 1 {
			re[k] = float64(re[k]*re[k]) + float64(im[k]*im[k])
		}
		for b := range l.bands {
			power := 0.0
			for i, w := range l.bands[b].weight {
				power += float64(w * re[l.bands[b].first+i])
			}
			v := quant.Log64(max(power+1e-6, l.o.Floor))
			sum += v
			out[f*l.o.Bands+b] = float32(v)
		}
	}
	mean := 0.0
	if l.o.Centre {
		mean = sum / float64(len(out))
	}
	for i, v := range out {
		out[i] = float32((float64(v) - mean) / l.o.Scale)
	}
}
