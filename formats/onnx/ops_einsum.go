package onnx

import (
	"slices"
	"strings"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// einsumRow makes a product of matrices of what is one, which has fast kernels.
func einsumRow(n *node) (graph.Op, error) {
	equation, err := n.str("equation", "")
	if err != nil {
		return nil, err
	}
	if p, ok := n.contraction(strings.ReplaceAll(equation, " ", "")); ok {
		y, err := p.add(n)
		if err != nil {
			return nil, err
		}
		return nil, n.define(y)
	}
	return &op.Einsum{Equation: equation}, nil
}

// contraction is an Einsum of two inputs that is a batch of matrix products.
// Each label is of one group: both inputs and the output have those of batch,
// the left one and the output rows, the right one and the output columns, and
// only the inputs sums.
type contraction struct {
	left, right, out           string // labels
	batch, rows, columns, sums string
	size                       map[rune]int
}

// contraction reads the equation. It is not ok if that is no such product.
func (n *node) contraction(equation string) (p contraction, ok bool) {
	terms, out, ok := strings.Cut(equation, "->")
	if !ok || len(n.in) != 2 || n.in[0] == graph.None || n.in[1] == graph.None {
		return p, false
	}
	if p.left, p.right, ok = strings.Cut(terms, ","); !ok || strings.Contains(p.right, ",") {
		return p, false
	}
	types := []tensor.DType{tensor.F32, tensor.F64, tensor.I32, tensor.U32, tensor.I64, tensor.U64}
	if d := n.typ(0).DType; d != n.typ(1).DType || !slices.Contains(types, d) {
		return p, false
	}
	p.out, p.size = out, map[rune]int{}
	if !p.take(p.left, n.typ(0).Shape) || !p.take(p.right, n.typ(1).Shape) || !p.group() {
		return p, false
	}
	if p.rows == "" && p.columns == "" || p.sums == "" && (p.rows == "" || p.columns == "") {
		return p, false // dot products, or element by element: a kernel gains nothing
	}
	single := len(p.rows) == 1 && len(p.columns) == 1 && len(p.sums) == 1
	return p, single || n.typ(0).Static() && n.typ(1).Static()
}

// take notes the sizes of a term's labels: letters, each once, whose sizes agree.
func (p *contraction) take(term string, shape []int) bool {
	if len(term) != len(shape) {
		return false
	}
	for i, c := range term {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z') || strings.Count(term, string(c)) != 1 {
			return false
		}
		if d, seen := p.size[c]; seen && d != shape[i] {
			return false
		}
		p.size[c] = shape[i]
	}
	return true
}

// group sorts the labels: the output's order decides, then the left input's.
func (p *contraction) group() bool {
	for _, c := range p.out {
		s, l, r := string(c), strings.ContainsRune(p.left, c), strings.ContainsRune(p.right, c)
		switch {
		case strings.Count(p.out, s) != 1 || !l && !r:
			return false
		case l && r:
			p.batch += s
		case l:
			p.rows += s
		default:
			p.columns += s
		}
	}
	for _, c := range p.left {
		switch {
		case strings.ContainsRune(p.out, c):
		case strings.ContainsRune(p.right, c):
			p.sums += string(c)
		default:
			return false // a sum of one input alone
		}
	}
	for _, c := range p.right {
		if !strings.ContainsRune(p.out, c) && !strings.ContainsRune(p.left, c) {
			return false
		}
	}
	return true
}

// add adds the product to the graph.
func (p *contraction) add(n *node) (graph.Value, error) {
	a, err := p.arranged(n, n.in[0], p.left, p.batch+p.rows+p.sums)
	if err != nil {
		return 0, err
	}
	b, err := p.arranged(n, n.in[1], p.right, p.batch+p.sums+p.columns)
	if err != nil {
		return 0, err
	}
	if a, err = p.grouped(n, a, p.rows, p.sums); err != nil {
		return 0, err
	}
	if b, err = p.grouped(n, b, p.sums, p.columns); err != nil {
		return 0, err
	}
	y, err := n.matrixProduct(a, b, false, false)
	if err != nil {
		return 0, err
	}
	if len(p.rows) != 1 || len(p.columns) != 1 {
		if y, err = n.one(&op.Reshape{Shape: p.shape(p.batch + p.rows + p.columns)}, y); err != nil {
			return 0, err
		}
	}
	return p.arranged(n, y, p.batch+p.rows+p.columns, p.out)
}

// arranged transposes v from one order of labels to another.
func (p *contraction) arranged(n *node, v graph.Value, from, to string) (graph.Value, error) {
	if from == to {
		return v, nil
	}
	var perm []int
	for _, c := range to {
		perm = append(perm, strings.IndexRune(from, c))
	}
	return n.one(&op.Transpose{Perm: perm}, v)
}

// grouped makes one dimension each of the labels of first and second.
func (p *contraction) grouped(n *node, v graph.Value, first, second string) (graph.Value, error) {
	if len(first) == 1 && len(second) == 1 {
		return v, nil
	}
	shape := p.shape(p.batch)
	for _, group := range []string{first, second} {
		size := 1
		for _, d := range p.shape(group) {
			size *= d
		}
		shape = append(shape, size)
	}
	return n.one(&op.Reshape{Shape: shape}, v)
}

// shape returns the sizes of labels.
func (p *contraction) shape(labels string) []int {
	s := []int{}
	for _, c := range labels {
		s = append(s, p.size[c])
	}
	return s
}
