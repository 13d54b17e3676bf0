package op

import (
	"math"
	"slices"
	"strings"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Einsum multiplies elements whose labels agree and sums over the labels that
// the result lacks, as Equation says: "ij,jk->ik". A label that occurs twice in
// a term means the diagonal; "..." stands for leading dimensions that
// broadcast. Without "->" the result has the labels that occur once, in
// alphabetical order, behind the ellipsis.
type Einsum struct{ Equation string }

// einsum is an equation for shapes: one loop for each label, those of the
// output first. Ellipses have labels from einsumEllipsis on, counted from
// their last dimension.
type einsum struct {
	labels []int
	size   []int   // of each loop
	outs   int     // loops that are dimensions of the output
	step   [][]int // of each input in each loop, in elements
}

const einsumEllipsis = 256

// Infer returns the sizes of the output's labels.
func (o *Einsum) Infer(in []tensor.View) ([]tensor.Type, error) {
	if len(in) == 0 {
		return nil, errorf("no inputs")
	}
	if err := wantInputs(in, len(in), len(in)); err != nil {
		return nil, err
	}
	types := make([]tensor.Type, len(in))
	for i := range in {
		if err := wantType(in, i, tensor.F32, tensor.F64, tensor.I8, tensor.U8, tensor.I16, tensor.U16, tensor.I32, tensor.U32, tensor.I64, tensor.U64); err != nil {
			return nil, err
		}
		if err := wantSame(in, 0, i); err != nil {
			return nil, err
		}
		types[i] = in[i].Type
	}
	e, err := o.plan(types)
	if err != nil {
		return nil, errorf("equation %q: %w", o.Equation, err)
	}
	return []tensor.Type{tensor.Of(in[0].DType, slices.Clone(e.size[:e.outs])...)}, nil
}

// plan reads the equation.
func (o *Einsum) plan(in []tensor.Type) (*einsum, error) {
	left, right, explicit := strings.Cut(strings.ReplaceAll(o.Equation, " ", ""), "->")
	terms := strings.Split(left, ",")
	if len(terms) != len(in) {
		return nil, errorf("%d terms for %d inputs", len(terms), len(in))
	}
	labels, ellipsis := make([][]int, len(in)), 0
	for i, t := range terms {
		rank := in[i].Rank()
		named := len(strings.Replace(t, "...", "", 1))
		if named > rank || named < rank && !strings.Contains(t, "...") {
			return nil, errorf("term %q for shape %v", t, in[i].Shape)
		}
		var err error
		if labels[i], err = einsumLabels(t, rank-named); err != nil {
			return nil, err
		}
		if strings.Contains(t, "...") {
			ellipsis = max(ellipsis, rank-named)
		}
	}
	out := einsumImplicit(labels, ellipsis)
	if explicit {
		var err error
		if out, err = einsumLabels(right, ellipsis); err != nil {
			return nil, err
		}
	}
	return newEinsum(in, labels, out)
}

// einsumLabels returns the labels of a term whose ellipsis has n dimensions.
func einsumLabels(term string, n int) ([]int, error) {
	var out []int
	before, after, dots := strings.Cut(term, "...")
	for _, c := range []byte(before) {
		out = append(out, int(c))
	}
	if dots {
		for i := n - 1; i >= 0; i-- {
			out = append(out, einsumEllipsis+i)
		}
	}
	for _, c := range []byte(after) {
		out = append(out, int(c))
	}
	for _, c := range out {
		if c < einsumEllipsis && !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') {
			return nil, errorf("label %q, want a letter", rune(c))
		}
	}
	return out, nil
}

// einsumImplicit returns the output's labels where the equation doesn't.
func einsumImplicit(terms [][]int, ellipsis int) []int {
	count := map[int]int{}
	var out []int
	for i := ellipsis - 1; i >= 0; i-- {
		out = append(out, einsumEllipsis+i)
	}
	for _, t := range terms {
		for _, c := range t {
			count[c]++
		}
	}
	for c := range einsumEllipsis {
		if count[c] == 1 {
			out = append(out, c)
		}
	}
	return out
}

// newEinsum finds the sizes of labels, and how each input is walked.
func newEinsum(in []tensor.Type, terms [][]int, out []int) (*einsum, error) {
	e := &einsum{labels: slices.Clone(out), outs: len(out)}
	for i, c := range out {
		if slices.Contains(out[:i], c) {
			return nil, errorf("label %q occurs twice in the output", rune(c))
		}
	}
	for _, t := range terms {
		for _, c := range t {
			if !slices.Contains(e.labels, c) {
				e.labels = append(e.labels, c)
			}
		}
	}
	e.size = slices.Repeat([]int{1}, len(e.labels))
	seen := make([]bool, len(e.labels))
	for i, t := range terms {
		for j, c := range t {
			l, d := slices.Index(e.labels, c), in[i].Shape[j]
			switch s := &e.size[l]; {
			case *s == d, d == 1, d == tensor.Dynamic && *s != 1:
			case *s == 1, *s == tensor.Dynamic:
				*s = d
			default:
				return nil, errorf("a label has sizes %d and %d", *s, d)
			}
			seen[l] = true
		}
	}
	for l, c := range out {
		if !seen[l] && c < einsumEllipsis {
			return nil, errorf("label %q of the output is in no input", rune(c))
		}
	}
	for i, t := range terms {
		e.step = append(e.step, e.steps(in[i].Shape, t))
	}
	return e, nil
}

// steps returns how far each loop moves in an input: labels add up.
func (e *einsum) steps(shape, labels []int) []int {
	steps, stride := make([]int, len(e.labels)), 1
	for j := len(shape) - 1; j >= 0; j-- {
		if shape[j] != 1 {
			steps[slices.Index(e.labels, labels[j])] += stride
		}
		stride *= shape[j]
	}
	return steps
}

// Work counts the products.
func (o *Einsum) Work(in, out []tensor.Type) int64 {
	e, err := o.plan(in)
	if err != nil {
		return 0
	}
	n := int64(len(in))
	for _, s := range e.size {
		if s > 0 && n > math.MaxInt64/int64(s) {
			return math.MaxInt64
		}
		n *= int64(s)
	}
	return n
}
