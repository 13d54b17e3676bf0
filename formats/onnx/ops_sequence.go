package onnx

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// sequenceRows are the operators on sequences and optional values.
func sequenceRows() map[string]row {
	return map[string]row{
		"SequenceEmpty":      func(n *node) (graph.Op, error) { return nil, n.defineList(&sequence{}) },
		"SequenceConstruct":  sequenceConstructRow,
		"SequenceAt":         sequenceAtRow,
		"SequenceInsert":     sequenceInsertRow,
		"SequenceErase":      sequenceEraseRow,
		"SequenceLength":     sequenceLengthRow,
		"SequenceMap":        sequenceMapRow,
		"SplitToSequence":    splitToSequenceRow,
		"ConcatFromSequence": concatFromSequenceRow,
		"Optional":           optionalRow,
		"OptionalGetElement": identityRow,
		"OptionalHasElement": optionalHasElementRow,
	}
}

// takesSequences are the operators that may have sequences as inputs.
var takesSequences = map[string]bool{
	"Identity": true, "Loop": true, "SequenceAt": true, "SequenceInsert": true, "SequenceErase": true, "SequenceLength": true,
	"ConcatFromSequence": true, "SequenceMap": true, "Optional": true, "OptionalGetElement": true, "OptionalHasElement": true,
}

// firstSequence returns the sequence that is input 0.
func (n *node) firstSequence() (*sequence, error) {
	if len(n.Inputs) == 0 || n.sequenceNamed(n.Inputs[0]) == nil {
		return nil, errorf("input 0 is no sequence")
	}
	return n.sequenceNamed(n.Inputs[0]), nil
}

func sequenceConstructRow(n *node) (graph.Op, error) {
	if len(n.in) == 0 || len(n.in) < len(n.Inputs) || slices.Contains(n.in, graph.None) {
		return nil, errorf("%d inputs, of which none may be left out, want 1 or more", len(n.in))
	}
	return nil, n.defineList(&sequence{names: n.Inputs})
}

func sequenceAtRow(n *node) (graph.Op, error) {
	l, err := n.firstSequence()
	if err != nil {
		return nil, err
	}
	if len(n.in) != 2 {
		return nil, errorf("%d inputs, want 2", len(n.in))
	}
	if l.stack == "" {
		at, known, err := n.position(1, len(l.names))
		if err != nil {
			return nil, err
		}
		if known {
			v, err := n.lookup(l.names[at])
			if err != nil {
				return nil, err
			}
			return nil, n.define(v)
		}
	}
	stack, err := n.stackOf(l)
	if err != nil {
		return nil, err
	}
	n.in[0] = stack
	return &op.Gather{Negative: true}, nil
}

func sequenceInsertRow(n *node) (graph.Op, error) {
	l, err := n.firstSequence()
	if err != nil {
		return nil, err
	}
	if _, err := n.sequenceElements(l); err != nil {
		return nil, err
	}
	if len(n.in) < 2 || n.in[1] == graph.None {
		return nil, errorf("%d inputs, want 2 or 3", len(n.in))
	}
	at := len(l.names)
	if len(n.in) > 2 {
		var known bool
		if at, known, err = n.insertion(len(l.names)); err != nil {
			return nil, err
		} else if !known {
			return nil, op.Undecided("a position that depends on data")
		}
	}
	return nil, n.defineList(&sequence{names: slices.Insert(slices.Clone(l.names), at, n.Inputs[1])})
}

// insertion returns the position that input 2 names: the end is one too.
func (n *node) insertion(count int) (at int, known bool, err error) {
	if v := n.view(2); v.Known() && v.DType == tensor.I64 && v.Len() == 1 && v.I64()[0] == int64(count) {
		return count, true, nil
	}
	return n.position(2, count)
}

func sequenceEraseRow(n *node) (graph.Op, error) {
	l, err := n.firstSequence()
	if err != nil {
		return nil, err
	}
	if _, err := n.sequenceElements(l); err != nil {
		return nil, err
	}
	at := len(l.names) - 1
	if len(n.in) > 1 {
		var known bool
		if at, known, err = n.position(1, len(l.names)); err != nil {
			return nil, err
		} else if !known {
			return nil, op.Undecided("a position that depends on data")
		}
	}
	if at < 0 {
		return nil, errorf("the sequence is empty")
	}
	return nil, n.defineList(&sequence{names: slices.Delete(slices.Clone(l.names), at, at+1)})
}

func sequenceLengthRow(n *node) (graph.Op, error) {
	l, err := n.firstSequence()
	if err != nil {
		return nil, err
	}
	if l.stack == "" {
		return nil, n.define(n.b.Const(n.label(), tensor.Of(tensor.I64), tensor.Bytes([]int64{int64(len(l.names))})))
	}
	stack, err := n.lookup(l.stack)
	if err != nil {
		return nil, err
	}
	shape, err := n.one(&op.Shape{DType: tensor.I64}, stack)
	if err != nil {
		return nil, err
	}
	n.in = []graph.Value{shape, n.b.Const(n.label(), tensor.Of(tensor.I64), tensor.Bytes([]int64{0}))}
	return &op.Gather{}, nil
}

// splitToSequenceRow cuts where the sizes are known. Slices of size 1 may be as
// many as there are.
func splitToSequenceRow(n *node) (graph.Op, error) {
	axis, err := n.int("axis", 0)
	if err != nil {
		return nil, err
	}
	keep, err := n.bool("keepdims", true)
	if err != nil {
		return nil, err
	}
	if len(n.in) < 1 || n.in[0] == graph.None {
		return nil, errorf("input 0 is left out")
	}
	t := n.typ(0)
	if axis < 0 {
		axis += len(t.Shape)
	}
	if axis < 0 || axis >= len(t.Shape) {
		return nil, errorf("axis %d of %s", axis, t)
	}
	each, err := n.singles()
	if err != nil {
		return nil, err
	}
	if each || t.Shape[axis] == tensor.Dynamic {
		if !each {
			return nil, op.Undecided("cutting a dimension of unknown size into parts of more than 1")
		}
		return nil, n.unstackSequence(axis, keep || len(n.in) > 1)
	}
	sizes, err := n.sequenceCuts(t.Shape[axis])
	if err != nil {
		return nil, err
	}
	l := &sequence{}
	at := 0
	for i, size := range sizes {
		begin, length := make([]int64, len(t.Shape)), slices.Repeat([]int64{-1}, len(t.Shape))
		begin[axis], length[axis] = int64(at), int64(size)
		v, err := n.one(&op.Slice{}, n.in[0], n.sequenceInts(begin...), n.sequenceInts(length...))
		if err != nil {
			return nil, err
		}
		l.names = append(l.names, n.hide(n.Outputs[0], i, v))
		at += size
	}
	return nil, n.defineList(l)
}

// singles reports whether the parts are of size 1, one for each element.
func (n *node) singles() (bool, error) {
	if len(n.Outputs) != 1 {
		return false, errorf("%d outputs, want 1", len(n.Outputs))
	}
	v := n.view(1)
	if len(n.in) < 2 || n.in[1] == graph.None {
		return true, nil
	}
	if !v.Known() || v.DType != tensor.I64 && v.DType != tensor.I32 {
		return false, op.Undecided("parts whose sizes depend on data")
	}
	return len(v.Shape) == 0 && slices.Max(sequenceIntegers(&v)) == 1, nil
}

// sequenceIntegers returns the elements of an int32 or int64 tensor.
func sequenceIntegers(v *tensor.View) []int64 {
	if v.DType == tensor.I64 {
		return v.I64()
	}
	var out []int64
	for _, x := range v.I32() {
		out = append(out, int64(x))
	}
	return out
}

// sequenceCuts returns the sizes that input 1 asks for: one for all, the last part being
// smaller, or each.
func (n *node) sequenceCuts(total int) (sizes []int, err error) {
	v := n.view(1)
	list := sequenceIntegers(&v)
	if len(v.Shape) == 0 {
		if list[0] < 1 || total/int(min(list[0], 1<<30)) > maxNodes {
			return nil, errorf("parts of %d from %d", list[0], total)
		}
		for left := total; left > 0; left -= int(min(list[0], int64(left))) {
			sizes = append(sizes, int(min(list[0], int64(left))))
		}
		return sizes, nil
	}
	left := int64(total)
	for _, x := range list {
		if x < 0 || x > left || len(list) > maxNodes {
			return nil, errorf("parts %v of %d", list[:min(len(list), 16)], total)
		}
		left -= x
		sizes = append(sizes, int(x))
	}
	if left != 0 {
		return nil, errorf("parts %v of %d", list[:min(len(list), 16)], total)
	}
	return sizes, nil
}

// unstackSequence makes a sequence of the elements along an axis.
func (n *node) unstackSequence(axis int, keep bool) error {
	v, err := n.moveAxis(n.in[0], axis, true)
	if err != nil {
		return err
	}
	if keep {
		if v, err = n.one(&op.ExpandDims{}, v, n.scalarAxis(axis+1)); err != nil {
			return err
		}
	}
	name := n.Outputs[0]
	count := n.b.Type(v).Shape[0]
	if count == tensor.Dynamic || count > 1024 {
		return n.defineList(&sequence{stack: n.hide(name, -1, v)})
	}
	l := &sequence{}
	for i := range count {
		part, err := n.one(&op.Gather{}, v, n.b.Const(n.label(), tensor.Of(tensor.I64), tensor.Bytes([]int64{int64(i)})))
		if err != nil {
			return err
		}
		l.names = append(l.names, n.hide(name, i, part))
	}
	return n.defineList(l)
}

func (n *node) scalarAxis(axis int) graph.Value {
	return n.b.Const(n.label(), tensor.Of(tensor.I32), tensor.Bytes([]int32{int32(axis)}))
}

func concatFromSequenceRow(n *node) (graph.Op, error) {
	l, err := n.firstSequence()
	if err != nil {
		return nil, err
	}
	axis, err := n.int("axis", 0)
	if err != nil {
		return nil, err
	}
	fresh, err := n.bool("new_axis", false)
	if err != nil {
		return nil, err
	}
	if l.stack == "" {
		if n.in, err = n.sequenceElements(l); err != nil {
			return nil, err
		}
		if len(n.in) == 0 {
			return nil, errorf("the sequence is empty")
		}
		if fresh {
			return &op.Pack{Axis: axis}, nil
		}
		return &op.Concatenation{Axis: axis}, nil
	}
	stack, err := n.lookup(l.stack)
	if err != nil {
		return nil, err
	}
	if fresh {
		v, err := n.moveAxis(stack, axis, false)
		if err != nil {
			return nil, err
		}
		return nil, n.define(v)
	}
	return nil, n.joinStack(stack, axis)
}

// joinStack makes of a stack [n, …, d, …] the value [… n·d …] that has its elements
// one after the other along an axis.
func (n *node) joinStack(stack graph.Value, axis int) error {
	rank := len(n.b.Type(stack).Shape) - 1
	if axis < 0 {
		axis += rank
	}
	if axis < 0 || axis >= rank {
		return errorf("axis %d of elements of %d dimensions", axis, rank)
	}
	v, err := n.moveAxis(stack, axis, false)
	if err != nil {
		return err
	}
	shape := slices.Delete(slices.Clone(n.b.Type(v).Shape), axis, axis+1)
	shape[axis] = -1
	for d, size := range shape {
		if d != axis && size == tensor.Dynamic {
			return op.Undecided("joining elements of unknown sizes, %s", n.b.Type(v))
		}
	}
	out, err := n.one(&op.Reshape{Shape: shape}, v)
	if err != nil {
		return err
	}
	return n.define(out)
}

// sequenceMapRow adds the body's nodes once for each element.
func sequenceMapRow(n *node) (graph.Op, error) {
	body, err := n.graph("body")
	if err != nil {
		return nil, err
	}
	l, err := n.firstSequence()
	if err != nil {
		return nil, err
	}
	if _, err := n.sequenceElements(l); err != nil {
		return nil, err
	}
	results := make([]*sequence, min(len(body.Outputs), len(n.Outputs)))
	for k := range results {
		results[k] = &sequence{}
	}
	for i := range l.names {
		in, err := n.mapInputs(i)
		if err != nil {
			return nil, err
		}
		sub, err := n.inlineGraph(body, in)
		if err != nil {
			return nil, err
		}
		for k, r := range results {
			v, err := sub.lookup(body.Outputs[k].Name)
			if err != nil {
				return nil, err
			}
			r.names = append(r.names, n.hide(n.Outputs[k], i, v))
		}
	}
	for k, r := range results {
		if err := n.setList(n.Outputs[k], r); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// mapInputs returns element i of each sequence, and the tensors as they are.
func (n *node) mapInputs(i int) ([]graph.Value, error) {
	in := slices.Clone(n.in)
	for k, name := range n.Inputs {
		l := n.sequenceNamed(name)
		if l == nil {
			continue
		}
		if l.stack != "" || i >= len(l.names) {
			return nil, op.Unsupported("sequences of different lengths")
		}
		v, err := n.lookup(l.names[i])
		if err != nil {
			return nil, err
		}
		for len(in) <= k {
			in = append(in, graph.None)
		}
		in[k] = v
	}
	return in, nil
}

// optionalRow gives its input another name; without one, the value is left out.
func optionalRow(n *node) (graph.Op, error) {
	if len(n.Inputs) == 0 && len(n.Outputs) == 1 {
		return nil, n.define(graph.None)
	}
	return identityRow(n)
}

// optionalHasElementRow is decided while the graph is built.
func optionalHasElementRow(n *node) (graph.Op, error) {
	has := byte(0)
	if len(n.Inputs) > 0 && (n.sequenceNamed(n.Inputs[0]) != nil || len(n.in) > 0 && n.in[0] != graph.None) {
		has = 1
	}
	return nil, n.define(n.b.Const(n.label(), tensor.Of(tensor.Bool), []byte{has}))
}
