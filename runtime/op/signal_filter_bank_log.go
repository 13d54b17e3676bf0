package op

import (
	"math"
	"math/bits"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// SignalFilterBankLog returns Scale·ln(x·2^CorrectionBits) of a uint32 [n], as
// int16 that saturate at the top; 0 where the logarithm is not positive.
// Scale has no fraction, and x·2^CorrectionBits wraps.
type SignalFilterBankLog struct{ CorrectionBits, Scale int }

// Infer returns the logarithms' type.
func (o *SignalFilterBankLog) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantSignal(in, tensor.U32); err != nil {
		return nil, err
	}
	if err := wantRank(in, 0, 1); err != nil {
		return nil, err
	}
	if err := wantShift("input_correction_bits", o.CorrectionBits, 31); err != nil {
		return nil, err
	}
	return []tensor.Type{tensor.Of(tensor.I16, in[0].Shape...)}, nil
}

// Ref takes the logarithms.
func (o *SignalFilterBankLog) Ref(in, out []tensor.View) error {
	y := out[0].I16()
	for i, x := range in[0].U32() {
		y[i] = 0
		if x <<= o.CorrectionBits & 31; x > 1 {
			y[i] = int16(min(fixedLog(x, uint32(o.Scale)), math.MaxInt16))
		}
	}
	return nil
}

const (
	logBits     = 16           // of the fraction
	logOne      = 1 << logBits // 1
	logSegments = 7            // bits that choose a segment of the curve
	ln2         = 45426        // ln 2 of 16 bits
	logRest     = logBits - logSegments
)

// logCurve is how far log2(1+x) lies above x at the ends of 128 segments of
// x from 0 to 1, of 16 bits.
var logCurve = func() (curve [1<<logSegments + 1]int32) {
	for i := range curve {
		x := float64(i) / (1 << logSegments)
		curve[i] = int32(math.Floor(float64(logOne*(quant.Log64(1+x)/math.Ln2-x)) + 0.5))
	}
	return curve
}()

// fixedLog returns scale·ln x for x ≥ 1; a product beyond 32 bits wraps.
// Between the ends of a segment, the reference shifts logCurve's rise by 16 bits
// where interpolating takes 9, so that it hardly counts: ln x is up to 0.0024 off.
func fixedLog(x, scale uint32) uint32 {
	whole := uint32(bits.Len32(x) - 1)
	frac := x - 1<<whole
	if whole < logBits {
		frac <<= logBits - whole
	} else {
		frac >>= whole - logBits
	}
	seg := frac >> logRest
	at, next := logCurve[seg], logCurve[seg+1]
	rise := (next - at) * int32(frac-seg<<logRest) >> logBits
	log2 := whole<<logBits + frac + uint32(at+rise)
	ln := uint32((ln2*uint64(log2) + logOne/2) >> logBits)
	return (scale*ln + logOne/2) >> logBits
}
