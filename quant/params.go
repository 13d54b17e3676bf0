package quant

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Params is the affine quantisation of a tensor: real = Scale·(q − Zero). nil
// means not quantised.
type Params struct {
	Scale []float32 // one, or one per index along Axis
	Zero  []int32   // same length as Scale
	Axis  int       // dimension that Scale and Zero run along, if more than one
}

// PerTensor returns parameters with one scale and zero point for all elements.
func PerTensor(scale float32, zero int32) *Params {
	return &Params{Scale: []float32{scale}, Zero: []int32{zero}}
}

// PerChannel reports whether each index along Axis has a scale of its own.
func (p *Params) PerChannel() bool { return p != nil && len(p.Scale) > 1 }

// Equal reports whether p and q quantise alike. Axis counts only where there is
// more than one scale.
func (p *Params) Equal(q *Params) bool {
	if p == nil || q == nil {
		return p == q
	}
	return slices.Equal(p.Scale, q.Scale) && slices.Equal(p.Zero, q.Zero) &&
		(!p.PerChannel() || p.Axis == q.Axis)
}

// String returns "none", "0.5·(q − 3)", or for many channels their number, axis
// and range of scales.
func (p *Params) String() string {
	switch {
	case p == nil:
		return "none"
	case len(p.Scale) == 0 || len(p.Scale) != len(p.Zero):
		return fmt.Sprintf("invalid: %d scales, %d zero points", len(p.Scale), len(p.Zero))
	case p.PerChannel():
		var b strings.Builder
		fmt.Fprintf(&b, "%d channels along axis %d, scale %g to %g",
			len(p.Scale), p.Axis, slices.Min(p.Scale), slices.Max(p.Scale))
		if lo, hi := slices.Min(p.Zero), slices.Max(p.Zero); lo != 0 || hi != 0 {
			fmt.Fprintf(&b, ", zero %d to %d", lo, hi)
		}
		return b.String()
	case p.Zero[0] < 0:
		return fmt.Sprintf("%g·(q + %d)", p.Scale[0], -int64(p.Zero[0]))
	case p.Zero[0] > 0:
		return fmt.Sprintf("%g·(q − %d)", p.Scale[0], p.Zero[0])
	}
	return fmt.Sprintf("%g·q", p.Scale[0])
}

// Validate reports what keeps p from being the quantisation of a tensor of this
// shape: lengths, axis, or a scale that isn't positive and finite. A nil p is
// valid.
func (p *Params) Validate(shape []int) error {
	if p == nil {
		return nil
	}
	if len(p.Scale) == 0 {
		return fmt.Errorf("quantisation: no scale")
	}
	if len(p.Zero) != len(p.Scale) {
		return fmt.Errorf("quantisation: %d scales but %d zero points", len(p.Scale), len(p.Zero))
	}
	if p.PerChannel() {
		if p.Axis < 0 || p.Axis >= len(shape) {
			return fmt.Errorf("quantisation: axis %d is outside of shape %v", p.Axis, shape)
		}
		if shape[p.Axis] != len(p.Scale) {
			return fmt.Errorf("quantisation: %d scales for dimension %d of shape %v, need %d",
				len(p.Scale), p.Axis, shape, shape[p.Axis])
		}
	}
	for i, s := range p.Scale {
		if !(s > 0) || math.IsInf(float64(s), 0) {
			return fmt.Errorf("quantisation: scale %d is %g, must be positive and finite", i, s)
		}
	}
	return nil
}
