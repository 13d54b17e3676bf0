package op

import "slices"

// Permuter is implemented by operators that commute with a permutation of
// dimensions. If every input that is not a constant is Transpose(x, perm), the
// output is Transpose(o'(x …), perm), where o' is what Permuted returns: the
// planner uses it to move transposes along until they meet their inverses.
// Constants are permuted by the planner, and given all dimensions first.
type Permuter interface {
	// Permuted returns o', or nil if there is none. perm is as in Transpose.
	Permuted(perm []int) Operator
}

// Elementwise operators look at no position.

func (o Add) Permuted([]int) Operator               { return o }
func (o Sub) Permuted([]int) Operator               { return o }
func (o Mul) Permuted([]int) Operator               { return o }
func (o Div) Permuted([]int) Operator               { return o }
func (o Pow) Permuted([]int) Operator               { return o }
func (o Maximum) Permuted([]int) Operator           { return o }
func (o Minimum) Permuted([]int) Operator           { return o }
func (o SquaredDifference) Permuted([]int) Operator { return o }
func (o Compare) Permuted([]int) Operator           { return o }
func (o And) Permuted([]int) Operator               { return o }
func (o Or) Permuted([]int) Operator                { return o }
func (o Not) Permuted([]int) Operator               { return o }
func (o Clamp) Permuted([]int) Operator             { return o }
func (o Elementary) Permuted([]int) Operator        { return o }
func (o Exp) Permuted([]int) Operator               { return o }
func (o Elu) Permuted([]int) Operator               { return o }
func (o Gelu) Permuted([]int) Operator              { return o }
func (o HardSwish) Permuted([]int) Operator         { return o }
func (o LeakyRelu) Permuted([]int) Operator         { return o }
func (o PRelu) Permuted([]int) Operator             { return o }
func (o Logistic) Permuted([]int) Operator          { return o }
func (o Tanh) Permuted([]int) Operator              { return o }
func (o Cast) Permuted([]int) Operator              { return o }
func (o Abs) Permuted([]int) Operator               { return o }
func (o Neg) Permuted([]int) Operator               { return o }
func (o Sign) Permuted([]int) Operator              { return o }
func (o Rsqrt) Permuted([]int) Operator             { return o }
func (o FloorDiv) Permuted([]int) Operator          { return o }
func (o FloorMod) Permuted([]int) Operator          { return o }

// Permuted is for one scale: where there are several, they run along an axis.
func (o Quantize) Permuted([]int) Operator {
	if o.Quant.PerChannel() {
		return nil
	}
	return o
}

// Permuted moves the axis.
func (o Concatenation) Permuted(perm []int) Operator {
	axis := o.Axis
	if axis < 0 {
		axis += len(perm)
	}
	if axis < 0 || axis >= len(perm) {
		return nil
	}
	o.Axis = perm[axis]
	return o
}

// Compose returns the permutation of Transpose(Transpose(x, first), second).
func Compose(first, second []int) []int {
	out := make([]int, len(second))
	for i, p := range second {
		out[i] = first[p]
	}
	return out
}

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
