package op

import (
	"math/bits"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// SignalRfft is the discrete Fourier transform of real numbers, int16, int32
// or float32, over the innermost dimension, which is filled up to Length with
// zeros. The output has Length/2+1 complex numbers, real and imaginary parts
// in turn; integers are fractions, and their spectrum is divided by Length.
type SignalRfft struct{ Length int }

// Infer returns the spectrum's type.
func (o *SignalRfft) Infer(in []tensor.View) ([]tensor.Type, error) {
	last, err := wantRows(in, o.Length)
	if err != nil {
		return nil, err
	}
	if last > o.Length {
		return nil, errorf("rows of %d elements are longer than the FFT's %d", last, o.Length)
	}
	return []tensor.Type{withLast(in[0].Type, o.Length+2)}, nil
}

// Ref transforms row by row.
func (o *SignalRfft) Ref(in, out []tensor.View) error {
	return refFFT(o.Length, false, in, out)
}

// Prepare computes the tables.
func (o *SignalRfft) Prepare(p *Prep) (Prepared, error) { return prepareFFT(o.Length, false, p) }

// Work counts butterflies.
func (o *SignalRfft) Work(in, out []tensor.Type) int64 { return workFFT(out[0], o.Length) }

// SignalIrfft is the inverse of SignalRfft: it reads the first Length/2+1
// complex numbers of the innermost dimension, and gives Length real ones.
// Integers are not multiplied by Length again but once more divided by it.
type SignalIrfft struct{ Length int }

// Infer returns the type in time.
func (o *SignalIrfft) Infer(in []tensor.View) ([]tensor.Type, error) {
	last, err := wantRows(in, o.Length)
	if err != nil {
		return nil, err
	}
	if last != tensor.Dynamic && (last < o.Length+2 || last%2 != 0) {
		return nil, errorf("rows of %d elements are no spectrum of an FFT of length %d, which has %d", last, o.Length, o.Length+2)
	}
	return []tensor.Type{withLast(in[0].Type, o.Length)}, nil
}

// Ref transforms row by row.
func (o *SignalIrfft) Ref(in, out []tensor.View) error {
	return refFFT(o.Length, true, in, out)
}

// Prepare computes the tables.
func (o *SignalIrfft) Prepare(p *Prep) (Prepared, error) { return prepareFFT(o.Length, true, p) }

// Work counts butterflies.
func (o *SignalIrfft) Work(in, out []tensor.Type) int64 { return workFFT(out[0], o.Length) }

// wantRows checks a transform's input and returns the length of its rows.
func wantRows(in []tensor.View, length int) (last int, err error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return 0, err
	}
	if err := wantType(in, 0, tensor.I16, tensor.I32, tensor.F32); err != nil {
		return 0, err
	}
	if in[0].Rank() == 0 {
		return 0, errorf("input 0 is a scalar, want rows")
	}
	return in[0].Shape[in[0].Rank()-1], wantFFT(length)
}

// withLast returns t with another innermost dimension.
func withLast(t tensor.Type, last int) tensor.Type {
	shape := slices.Clone(t.Shape)
	shape[len(shape)-1] = last
	return tensor.Type{DType: t.DType, Shape: shape}
}

// eachRow transforms every row of in to one of out.
func eachRow(f realFFT, inverse bool, in, out *tensor.View, tmp []byte) {
	size := in.DType.Size()
	from, to := in.Shape[in.Rank()-1]*size, out.Shape[out.Rank()-1]*size
	for src, dst := in.Data, out.Data; len(dst) > 0; src, dst = src[from:], dst[to:] {
		if inverse {
			f.inverse(dst[:to], src[:from], tmp)
		} else {
			f.forward(dst[:to], src[:from], tmp)
		}
	}
}

func refFFT(length int, inverse bool, in, out []tensor.View) error {
	tmp := tensor.Bytes(make([]uint32, length))[:length*in[0].DType.Size()]
	eachRow(fftFor(fftKey{in[0].DType, length, inverse}), inverse, &in[0], &out[0], tmp)
	return nil
}

func prepareFFT(length int, inverse bool, p *Prep) (Prepared, error) {
	f := fftFor(fftKey{p.In[0].DType, length, inverse})
	n := length * p.In[0].DType.Size()
	return Prepared{Kernel: "go", Scratch: n, Bind: func(m *Mem) (Step, error) {
		return func() error {
			eachRow(f, inverse, &m.In[0], &m.Out[0], m.Scratch[:n])
			return nil
		}, nil
	}}, nil
}

func workFFT(out tensor.Type, length int) int64 {
	return int64(out.Len()) * int64(bits.Len(uint(length)))
}
