package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// The inputs of ONNX's products and convolutions of integers. Each sum is that
// of (x − zero point)·(w − zero point), plus the bias, in int32. Without scales
// that is the output. With scales of x and w it is multiplied by both; with a
// scale of the output too, it is multiplied in float32 by their quotient,
// rounded with ties to even, and moved by the output's zero point.
const (
	isX         = iota
	isW         // weights
	isXZero     // one, or one for each row of a matrix
	isWZero     // one, or one for each output
	isXScale    // as isXZero
	isWScale    // as isWZero
	isYScale    // as isXZero
	isYZero     // as isXZero
	isBias      // int32
	isBiasFloat // float32, for a float32 output
	isInputs
)

// integerForm is what becomes of sums.
type integerForm uint8

const (
	integerPlain integerForm = iota // int32
	integerFloat
	integerQuantised
)

// integerOf checks the inputs but x's and w's shapes. rows and outputs are the
// numbers of rows and outputs that may have parameters of their own; those of
// each matrix come first, those of all of them second; -1 where not known.
func integerOf(in []tensor.View, d tensor.DType, rows, outputs [2]int) (form integerForm, err error) {
	if len(in) > isInputs {
		return 0, errorf("%d inputs, want at most %d", len(in), isInputs)
	}
	for i := range 2 {
		if err := wantType(in, i, tensor.I8, tensor.U8); err != nil {
			return 0, err
		}
	}
	switch d {
	case tensor.I32:
	case tensor.F32:
		form = integerFloat
	case tensor.I8, tensor.U8:
		form = integerQuantised
	default:
		return 0, Unsupported("%s as type of the output", d)
	}
	for i := isXZero; i < len(in); i++ {
		if in[i].Absent() {
			continue
		}
		if err := integerParameter(in, i, d, rows, outputs); err != nil {
			return 0, err
		}
	}
	has := func(i int) bool { v := input(in, i); return !v.Absent() }
	scaled := form != integerPlain
	if has(isXScale) != scaled || has(isWScale) != scaled || has(isYScale) != (form == integerQuantised) ||
		has(isYZero) && form != integerQuantised || has(isBiasFloat) && form != integerFloat {
		return 0, errorf("scales and zero points given do not fit an output of type %s", d)
	}
	return form, nil
}

// integerParameter checks the type and number of scales, zero points, biases.
func integerParameter(in []tensor.View, i int, d tensor.DType, rows, outputs [2]int) error {
	types, want := []tensor.DType{tensor.F32, tensor.F16}, rows
	switch i {
	case isXZero:
		types = []tensor.DType{in[isX].DType}
	case isWZero:
		types, want = []tensor.DType{in[isW].DType}, outputs
	case isWScale:
		want = outputs
	case isYZero:
		types = []tensor.DType{d}
	case isBias:
		types, want = []tensor.DType{tensor.I32}, outputs
	case isBiasFloat:
		types, want = []tensor.DType{tensor.F32}, outputs
	}
	if err := wantType(in, i, types...); err != nil {
		return err
	}
	if !in[i].Static() || want[0] < 0 || want[1] < 0 {
		return nil // the run infers again
	}
	if n := in[i].Len(); n != 1 && n != want[0] && n != want[1] {
		return errorf("input %d has shape %v, want 1 or %d elements", i, in[i].Shape, want[0])
	}
	return nil
}

// integerCycle is where a parameter of rows or outputs is found: element
// i modulo its number, whether it has one, one for each or one for each of all.
func integerCycle(v *tensor.View, i int) int {
	if n := v.Len(); n > 0 {
		return i % n
	}
	return 0
}

// integerRef computes a filter plainly: it defines what the products and
// convolutions of integers mean. xs and ws are where its image and weights
// begin, row and output the numbers of its first row and output among those of
// all matrices, at where its results begin.
func (f *filter) integerRef(form integerForm, alpha float32, s Saturation, in []tensor.View, y *tensor.View, xs, ws, row, output, at int) {
	v := func(i int) tensor.View { return input(in, i) }
	x, w, xz, wz, bias := v(isX), v(isW), v(isXZero), v(isWZero), v(isBias)
	e := integerEpilogue{form: form, alpha: alpha, Saturation: s}
	e.read(in)
	for o := range f.oc {
		f.each(func(p, batch, y0, x0 int) {
			sum := int32(0)
			if !bias.Absent() {
				sum = bias.I32()[integerCycle(&bias, output+o)]
			}
			zx, zw := linearZero(&xz, integerCycle(&xz, row+p)), linearZero(&wz, integerCycle(&wz, output+o))
			for t := range f.kh * f.kw {
				from, ok := f.at(o, batch, y0+t/f.kw*f.dh, x0+t%f.kw*f.dw)
				for i := 0; ok && i < f.kc; i++ {
					sum += (linearZero(&x, xs+from+i) - zx) * (linearZero(&w, ws+o*f.wo+t*f.wt+i*f.wi) - zw)
				}
			}
			e.store(y, at+p*f.oc+o, sum, row+p, output+o)
		})
	}
}
