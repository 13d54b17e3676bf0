package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Elementwise is implemented by operators that make each element of their
// output, which may be broadcast, of the elements in the same place of their
// inputs, and look at no position: they commute with any permutation of
// dimensions, and a function of one element is all that matters of them.
type Elementwise interface{ Elementwise() }

func (*Add) Elementwise()               {}
func (*Sub) Elementwise()               {}
func (*Mul) Elementwise()               {}
func (*Div) Elementwise()               {}
func (*Pow) Elementwise()               {}
func (*Power) Elementwise()             {}
func (*Maximum) Elementwise()           {}
func (*Minimum) Elementwise()           {}
func (*SquaredDifference) Elementwise() {}
func (*Arithmetic) Elementwise()        {}
func (*Compare) Elementwise()           {}
func (*And) Elementwise()               {}
func (*Or) Elementwise()                {}
func (*Not) Elementwise()               {}
func (*Clamp) Elementwise()             {}
func (*Activation) Elementwise()        {}
func (*Unary) Elementwise()             {}
func (*Classify) Elementwise()          {}
func (*Elementary) Elementwise()        {}
func (*Exp) Elementwise()               {}
func (*Elu) Elementwise()               {}
func (*Gelu) Elementwise()              {}
func (*HardSwish) Elementwise()         {}
func (*LeakyRelu) Elementwise()         {}
func (*PRelu) Elementwise()             {}
func (*Logistic) Elementwise()          {}
func (*Tanh) Elementwise()              {}
func (*Cast) Elementwise()              {}
func (*Abs) Elementwise()               {}
func (*Neg) Elementwise()               {}
func (*Sign) Elementwise()              {}
func (*Rsqrt) Elementwise()             {}
func (*FloorDiv) Elementwise()          {}
func (*FloorMod) Elementwise()          {}
func (*Lookup) Elementwise()            {}

// Permuter is implemented by other operators that commute with a permutation
// of dimensions. The planner uses it to move transposes along until they meet
// their inverses.
type Permuter interface {
	// Permuted is about an operator whose data are each Transpose(x, perm). Its
	// output is then Transpose(o'(x …), out), where params are the inputs of o':
	// absent for data, and parameters, which stay or become other constants. o'
	// is nil if there is none. in is what is known of the inputs.
	Permuted(perm []int, in []tensor.View) (o graph.Op, params []tensor.View, out []int)
}

// dataIn returns params for inputs of which those listed are data.
func dataIn(in []tensor.View, data ...int) []tensor.View {
	params := slices.Clone(in)
	for _, i := range data {
		params[i] = tensor.View{}
	}
	return params
}

// permutedAxis returns the dimension of x that is axis of Transpose(x, perm).
func permutedAxis(axis int, perm []int) (int, bool) {
	axis, err := axisOf(axis, len(perm))
	if err != nil {
		return 0, false
	}
	return perm[axis], true
}

// Compose returns the permutation of Transpose(Transpose(x, first), second).
func Compose(first, second []int) []int { return pick(first, second) }

// Inverse returns the permutation that undoes perm.
func Inverse(perm []int) []int {
	out := make([]int, len(perm))
	for i, p := range perm {
		out[p] = i
	}
	return out
}

// Identity reports whether perm moves nothing.
func Identity(perm []int) bool {
	return !slices.ContainsFunc(perm, func(p int) bool { return perm[p] != p })
}
