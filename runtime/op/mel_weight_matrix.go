package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// MelWeightMatrix is ONNX's: a matrix [dft_length/2+1 num_mel_bins] of
// triangular filters, equally wide on the mel scale. The inputs are scalars:
// num_mel_bins, dft_length, sample_rate, lower_edge_hertz, upper_edge_hertz.
type MelWeightMatrix struct{ DType tensor.DType }

// Infer returns the output's type.
func (o *MelWeightMatrix) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 5, 5); err != nil {
		return nil, err
	}
	if err := wantScalars(in, 0, 1, 2); err != nil {
		return nil, err
	}
	for i := 3; i < 5; i++ {
		if err := wantFloats(in, i); err != nil {
			return nil, err
		}
		if in[i].Static() && in[i].Len() != 1 {
			return nil, errorf("input %d has shape %v, want one number", i, in[i].Shape)
		}
	}
	if o.DType == tensor.None || o.DType == tensor.I4 {
		return nil, Unsupported("a matrix of type %s", o.DType)
	}
	mels, err := scalarOf(in, 0, 0, 0)
	if err != nil {
		return nil, err
	}
	length, err := scalarOf(in, 1, 0, 0)
	if err != nil {
		return nil, err
	}
	if _, err := scalarOf(in, 2, 0, 1); err != nil {
		return nil, err
	}
	if length != tensor.Dynamic {
		length = length/2 + 1
	}
	return []tensor.Type{tensor.Of(o.DType, length, mels)}, nil
}

// Ref fills one filter after the other.
func (*MelWeightMatrix) Ref(in, out []tensor.View) error {
	length, err := intAt(&in[1], 0)
	if err != nil {
		return err
	}
	rate, err := intAt(&in[2], 0)
	if err != nil {
		return err
	}
	y := &out[0]
	clear(y.Data)
	bins, mels := y.Shape[0], y.Shape[1]
	lo, hi := melOf(floatAt(&in[3], 0)), melOf(floatAt(&in[4], 0))
	step := (hi - lo) / float64(mels+2)
	edge := func(i int) (int, error) {
		hertz := 700 * (quant.Pow64(10, (float64(float64(i)*step)+lo)/2595) - 1)
		f := math.Floor(float64(length+1) * hertz / float64(rate))
		if !(f >= 0 && f < float64(bins)) {
			return 0, dataf("edge %d of the mel filters is in bin %v of %d", i, f, bins)
		}
		return int(f), nil
	}
	for i := range mels {
		var at [3]int
		for k := range at {
			if at[k], err = edge(i + k); err != nil {
				return err
			}
		}
		melFilter(y, i, at[0], at[1], at[2])
	}
	return nil
}

// melFilter rises from bin left to center and falls to right, in column i.
func melFilter(y *tensor.View, i, left, center, right int) {
	mels := y.Shape[1]
	if left == center {
		setNumber(y, center*mels+i, 1)
	} else {
		for j := left; j <= center; j++ {
			setNumber(y, j*mels+i, float64(j-left)/float64(center-left))
		}
	}
	for j := center; j < right; j++ {
		setNumber(y, j*mels+i, float64(right-j)/float64(right-center))
	}
}

func melOf(hertz float64) float64 { return 2595 * (quant.Log64(1+hertz/700) / math.Ln10) }
