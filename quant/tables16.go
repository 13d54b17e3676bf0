package quant

import (
	"math"
	"sync"
)

// SoftmaxExpTable returns the table of exp(x) for −10 ≤ x ≤ 0 that int16 softmax
// uses, 1 being 2^15 (nearly). It is shared; don't write to it.
var SoftmaxExpTable = sync.OnceValue(func() *Table16 {
	return NewTable16(float32(10)/65535, math.MaxInt16, float32(2)/65535, 0, Exp32)
})

// SoftmaxReciprocalTable returns the table of 1/(1+x) for 0 ≤ x ≤ 1 that int16
// softmax uses. It is shared; don't write to it.
var SoftmaxReciprocalTable = sync.OnceValue(func() *Table16 {
	return NewTable16(float32(1)/65535, math.MinInt16, float32(2)/65535, 0,
		func(x float32) float32 { return 1 / (1 + x) })
})

// SigmoidTable returns the 256 samples of the logistic function, 1 being 2^16,
// at distances of 1/24 from 0 on, between which int16 LOGISTIC and TANH
// interpolate (sigmoid_table_uint16). It is shared; don't write to it.
//
// The reference has them as a list and doesn't say how they came about. They
// are f(x) − f″(x)·h²/16: between samples h apart a chord misses f by up to
// f″·h²/8, and half of that is given to the samples. The last one is the
// largest number, because what lies beyond it saturates.
var SigmoidTable = sync.OnceValue(func() *[256]uint16 {
	const h = 1.0 / 24
	t := new([256]uint16)
	for i := range t {
		y := Sigmoid64(float64(i) * h)
		curvature := float64(y*(1-y)) * (1 - 2*y)
		t[i] = uint16(math.Round(65536 * (y - float64(curvature*(h*h/16)))))
	}
	t[255] = math.MaxUint16
	return t
})
