package onnx

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// reals returns a list of floats, or the tensor of the same name with a suffix.
func (n *node) reals(name, suffix string) ([]float64, error) {
	if suffix != "" {
		if a := n.attr(name); a != nil {
			return widenAll(a.Floats), nil
		}
	}
	t, err := n.tensor(name + suffix)
	if t == nil || err != nil {
		return nil, err
	}
	v, err := View(t)
	switch {
	case err != nil:
		return nil, err
	case v.DType == tensor.F64:
		return v.F64(), nil
	case v.DType != tensor.F32:
		return nil, op.Unsupported("attribute %q of type %s", name+suffix, v.DType)
	}
	return widenAll(v.F32()), nil
}

func widenAll(x []float32) []float64 {
	if x == nil {
		return nil
	}
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

// treeLists reads lists of integers, all as long as the first.
func (n *node) treeLists(names ...string) ([][]int, error) {
	out := make([][]int, len(names))
	for i, name := range names {
		var err error
		if out[i], err = n.ints(name); err != nil {
			return nil, err
		}
		if len(out[i]) != len(out[0]) {
			return nil, errorf("attribute %q has %d elements, and %q has %d", name, len(out[i]), names[0], len(out[0]))
		}
	}
	return out, nil
}

// treeKey is how trees of the older operators name a node.
type treeKey struct{ tree, node int }

// oldTrees reads the nodes, and the votes of the given prefix: "class" or
// "target".
func (n *node) oldTrees(prefix string) (o op.TreeEnsemble, votes []op.TreeVote, err error) {
	l, err := n.treeLists("nodes_treeids", "nodes_nodeids", "nodes_featureids", "nodes_truenodeids", "nodes_falsenodeids")
	if err != nil {
		return o, nil, err
	}
	values, err := n.reals("nodes_values", "_as_tensor")
	if err != nil {
		return o, nil, err
	}
	missing, err := n.ints("nodes_missing_value_tracks_true")
	if err != nil {
		return o, nil, err
	}
	modes := n.attr("nodes_modes")
	if modes == nil || len(modes.Strings) != len(l[0]) || len(values) != len(l[0]) || missing != nil && len(missing) != len(l[0]) {
		return o, nil, errorf("lists of tree nodes, of which there are %d, differ in length", len(l[0]))
	}
	branch, err := n.oldBranches(&o, l, modes.Strings)
	if err != nil {
		return o, nil, err
	}
	for i, mode := range modes.Strings {
		if string(mode) == "LEAF" {
			continue
		}
		m, ok := treeModes[string(mode)]
		if !ok {
			return o, nil, op.Unsupported("a tree node of mode %q", mode)
		}
		yes, a := branch[treeKey{l[0][i], l[3][i]}]
		no, b := branch[treeKey{l[0][i], l[4][i]}]
		if !a || !b {
			return o, nil, errorf("tree %d: node %d has branches %d and %d, which do not exist", l[0][i], l[1][i], l[3][i], l[4][i])
		}
		o.Nodes = append(o.Nodes, op.TreeNode{
			Feature: l[2][i], Mode: m, MissingTrue: missing != nil && missing[i] != 0, Value: values[i], True: yes, False: no,
		})
	}
	votes, err = n.oldVotes(&o, prefix, branch)
	return o, votes, err
}

var treeModes = map[string]op.TreeMode{
	"BRANCH_LEQ": op.TreeLEQ, "BRANCH_LT": op.TreeLT, "BRANCH_GTE": op.TreeGTE, "BRANCH_GT": op.TreeGT, "BRANCH_EQ": op.TreeEQ, "BRANCH_NEQ": op.TreeNEQ,
}

// oldBranches numbers nodes and leaves, and finds roots: a tree's first node.
func (n *node) oldBranches(o *op.TreeEnsemble, l [][]int, modes [][]byte) (map[treeKey]int, error) {
	branch, seen, inner := map[treeKey]int{}, map[int]bool{}, 0
	for i, mode := range modes {
		key := treeKey{l[0][i], l[1][i]}
		if _, twice := branch[key]; twice {
			return nil, errorf("tree %d has node %d twice", key.tree, key.node)
		}
		if string(mode) == "LEAF" {
			o.Leaves = append(o.Leaves, nil)
			branch[key] = -len(o.Leaves)
		} else {
			branch[key] = inner
			inner++
		}
		if !seen[key.tree] {
			seen[key.tree] = true
			o.Roots = append(o.Roots, branch[key])
		}
	}
	return branch, nil
}

func (n *node) oldVotes(o *op.TreeEnsemble, prefix string, branch map[treeKey]int) ([]op.TreeVote, error) {
	l, err := n.treeLists(prefix+"_treeids", prefix+"_nodeids", prefix+"_ids")
	if err != nil {
		return nil, err
	}
	weights, err := n.reals(prefix+"_weights", "_as_tensor")
	if err != nil {
		return nil, err
	}
	if len(weights) != len(l[0]) {
		return nil, errorf("%d weights for %d votes", len(weights), len(l[0]))
	}
	var votes []op.TreeVote
	for i, w := range weights {
		at, ok := branch[treeKey{l[0][i], l[1][i]}]
		if !ok || at >= 0 {
			return nil, errorf("tree %d: node %d votes, and is no leaf", l[0][i], l[1][i])
		}
		v := op.TreeVote{Target: l[2][i], Weight: w}
		o.Leaves[-1-at] = append(o.Leaves[-1-at], v)
		votes = append(votes, v)
	}
	o.Base, err = n.reals("base_values", "_as_tensor")
	if len(o.Base) == 0 {
		o.Base = nil
	}
	return votes, err
}

func treeRegressorRow(n *node) (graph.Op, error) {
	o, _, err := n.oldTrees("target")
	if err != nil {
		return nil, err
	}
	o.DType = tensor.F32
	if o.Targets, err = n.int("n_targets", 1); err != nil {
		return nil, err
	}
	name, err := n.str("aggregate_function", "SUM")
	if err != nil {
		return nil, err
	}
	aggregate, ok := map[string]op.TreeAggregate{"SUM": op.TreeSum, "AVERAGE": op.TreeAverage, "MIN": op.TreeMin, "MAX": op.TreeMax}[name]
	if !ok {
		return nil, op.Unsupported("aggregate_function %q", name)
	}
	o.Aggregate = aggregate
	transform, err := n.postTransform()
	if err != nil {
		return nil, err
	}
	return n.trees(o, transform)
}

// trees adds the ensemble and what becomes of its scores.
func (n *node) trees(o op.TreeEnsemble, transform op.ScoreTransform) (graph.Op, error) {
	if err := n.float32Input(0, tensor.F64); err != nil {
		return nil, err
	}
	y, err := n.one(new(o), n.in[0])
	if err != nil {
		return nil, err
	}
	if transform != op.ScoresAsTheyAre {
		if y, err = n.one(&op.Scores{Transform: transform}, y); err != nil {
			return nil, err
		}
	}
	return nil, n.define(y)
}

// treeClassifierRow: where all votes of two classes are for the same one, they
// are its score. The other's is then the rest or, if there are negative votes or
// a transformation, the opposite.
func treeClassifierRow(n *node) (graph.Op, error) {
	o, votes, err := n.oldTrees("class")
	if err != nil {
		return nil, err
	}
	labels, err := n.classLabels("classlabels_int64s")
	if err != nil {
		return nil, err
	}
	transform, err := n.postTransform()
	if err != nil {
		return nil, err
	}
	if err := n.float32Input(0, tensor.F64); err != nil {
		return nil, err
	}
	o.DType, o.Aggregate, o.Targets = tensor.F32, op.TreeSum, len(labels)
	one, second := len(labels) == 2 && len(votes) > 0, op.SecondScoreRest
	if transform != op.ScoresAsTheyAre && transform != op.ScoresProbit {
		second = op.SecondScoreLess
	}
	for _, v := range votes {
		one = one && v.Target == votes[0].Target
		if v.Weight < 0 {
			second = op.SecondScoreLess
		}
	}
	if one {
		o.Targets = 1
		for _, leaf := range o.Leaves {
			for i := range leaf {
				leaf[i].Target = 0
			}
		}
		if len(o.Base) == 2 {
			o.Base = o.Base[1:]
		}
	}
	scores, err := n.one(new(o), n.in[0])
	if err != nil {
		return nil, err
	}
	if one {
		if scores, err = n.one(&op.Scores{Second: second}, scores); err != nil {
			return nil, err
		}
	}
	return nil, n.classify(labels, scores, scores, transform)
}
