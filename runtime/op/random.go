package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Draws are the random numbers of one operator. Number i is a function of the
// seed and i alone, SplitMix64's: the state is only how many have been drawn. The
// numbers are the same on every machine.
//
// Each operator that draws has a variable of one uint64, its first input: the
// count. A new session, or one that is reset, begins with number 0; further runs,
// and turns of loops, go on from there.
type Draws struct{ Seed uint64 }

// RandomState is the type of the variable.
var RandomState = tensor.Of(tensor.U64, 1)

// Writes lists the variable.
func (Draws) Writes() []int { return []int{0} }

func (Draws) wantState(in []tensor.View) error {
	if len(in) == 0 || !in[0].Type.Equal(RandomState) {
		return errorf("input 0 is no state of random numbers")
	}
	return nil
}

// take returns the number of the first of n draws.
func (Draws) take(state *tensor.View, n int) uint64 {
	count := &state.U64()[0]
	first := *count
	*count += uint64(n)
	return first
}

// bits returns draw i. The constants are of Steele, Lea and Flood, "Fast
// splittable pseudorandom number generators" (2014), variant 13 of Stafford.
func (d Draws) bits(i uint64) uint64 {
	z := d.Seed + (i+1)*0x9E3779B97F4A7C15
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// unit returns draw i as one of 2^53 numbers from 0 up to, but without, 1.
func (d Draws) unit(i uint64) float64 { return float64(d.bits(i)>>11) * 0x1p-53 }

// normal returns a number of the standard normal distribution, by Box and
// Muller's formula. It takes draws 2i and 2i+1.
func (d Draws) normal(i uint64) float64 {
	u := 1 - d.unit(2*i) // not 0
	return math.Sqrt(-2*quant.Log64(u)) * quant.Cos64(2*math.Pi*d.unit(2*i+1))
}

// Random fills its output with random numbers: of the normal distribution with
// mean A and standard deviation B, or else evenly from A up to, but without, B.
// The shape is Shape or, if there is an input 1, that one's.
type Random struct {
	Draws
	Normal bool
	A, B   float32
	DType  tensor.DType
	Shape  []int
}

// Infer returns the shape.
func (o *Random) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 2); err != nil {
		return nil, err
	}
	if err := o.wantState(in); err != nil {
		return nil, err
	}
	if !o.DType.Float() {
		return nil, Unsupported("random %s", o.DType)
	}
	if finite := o.B - o.A; !o.Normal && !(finite >= 0 && finite <= math.MaxFloat32) {
		return nil, errorf("random numbers from %v to %v", o.A, o.B)
	}
	t := tensor.Of(o.DType, o.Shape...)
	if like := input(in, 1); !like.Absent() {
		t = tensor.Of(o.DType, like.Shape...)
	}
	return []tensor.Type{t}, t.Check()
}

// Ref draws.
func (o *Random) Ref(in, out []tensor.View) error {
	y := &out[0]
	n := y.Len()
	a, b := float64(o.A), float64(o.B)
	if o.Normal {
		first := o.take(&in[0], n)
		for i := range n {
			setFloat64(y, i, a+float64(b*o.normal(first+uint64(i))))
		}
		return nil
	}
	first := o.take(&in[0], n)
	for i := range n {
		setFloat64(y, i, belowReal(y.DType, a+float64((b-a)*o.unit(first+uint64(i))), a, o.B))
	}
	return nil
}

// belowReal returns x, or the start a where rounding to d would make it high.
func belowReal(d tensor.DType, x, a float64, high float32) float64 {
	rounded := x
	switch d {
	case tensor.F32:
		rounded = float64(float32(x))
	case tensor.F16:
		rounded = float64(quant.Float16(quant.Float16Bits(float32(x))))
	}
	if rounded >= float64(high) {
		return a
	}
	return x
}

// setFloat64 sets element i of a tensor of floating-point numbers.
func setFloat64(v *tensor.View, i int, x float64) {
	switch v.DType {
	case tensor.F32:
		v.F32()[i] = float32(x)
	case tensor.F16:
		v.F16()[i] = quant.Float16Bits(float32(x))
	default:
		v.F64()[i] = x
	}
}

// float64At returns element i of a tensor of floating-point numbers.
func float64At(v *tensor.View, i int) float64 {
	switch v.DType {
	case tensor.F32:
		return float64(v.F32()[i])
	case tensor.F16:
		return float64(quant.Float16(v.F16()[i]))
	}
	return v.F64()[i]
}

// Bernoulli returns 1 as often as input 1, of floating-point numbers from 0 to 1,
// says, and 0 otherwise.
type Bernoulli struct {
	Draws
	DType tensor.DType
}

// Infer returns DType with input 1's shape.
func (o *Bernoulli) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := o.wantState(in); err != nil {
		return nil, err
	}
	if err := wantType(in, 1, arithFloats...); err != nil {
		return nil, err
	}
	if o.DType == tensor.I4 || o.DType == tensor.None {
		return nil, Unsupported("random %s", o.DType)
	}
	return []tensor.Type{tensor.Of(o.DType, in[1].Shape...)}, nil
}

// Ref draws.
func (o *Bernoulli) Ref(in, out []tensor.View) error {
	p, dst := &in[1], out[0].Data
	one, size := oneOf(o.DType), o.DType.Size()
	clear(dst)
	first := o.take(&in[0], p.Len())
	for i := range p.Len() {
		if o.unit(first+uint64(i)) < float64At(p, i) {
			copy(dst[i*size:(i+1)*size], one[:])
		}
	}
	return nil
}
