package onnx

import (
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// treeEnsembleRow reads trees whose inner nodes and leaves are lists of their own.
func treeEnsembleRow(n *node) (graph.Op, error) {
	o := op.TreeEnsemble{DType: n.typ(0).DType}
	leaves, err := n.leaves()
	if err != nil {
		return nil, err
	}
	o.Leaves = leaves
	if o.Targets, err = n.int("n_targets", 1); err != nil {
		return nil, err
	}
	aggregate, err := n.int("aggregate_function", int(op.TreeSum))
	if err != nil {
		return nil, err
	}
	transform, err := n.int("post_transform", 0)
	if err != nil {
		return nil, err
	}
	if aggregate < 0 || aggregate > int(op.TreeMax) || transform < 0 || transform > int(op.ScoresProbit) {
		return nil, op.Unsupported("aggregate_function %d, post_transform %d", aggregate, transform)
	}
	o.Aggregate = op.TreeAggregate(aggregate)
	if err := n.innerNodes(&o); err != nil {
		return nil, err
	}
	return n.trees(o, op.ScoreTransform(transform))
}

// leaves reads leaves, of one vote each.
func (n *node) leaves() ([][]op.TreeVote, error) {
	targets, err := n.ints("leaf_targetids")
	if err != nil {
		return nil, err
	}
	weights, err := n.reals("leaf_weights", "")
	if err != nil {
		return nil, err
	}
	if len(weights) != len(targets) {
		return nil, errorf("%d leaf_weights for %d leaf_targetids", len(weights), len(targets))
	}
	out := make([][]op.TreeVote, len(targets))
	for i, t := range targets {
		out[i] = []op.TreeVote{{Target: t, Weight: weights[i]}}
	}
	return out, nil
}

func (n *node) innerNodes(o *op.TreeEnsemble) error {
	l, err := n.treeLists("nodes_featureids", "nodes_truenodeids", "nodes_falsenodeids", "nodes_trueleafs", "nodes_falseleafs")
	if err != nil {
		return err
	}
	splits, err := n.reals("nodes_splits", "")
	if err != nil {
		return err
	}
	modes, err := n.treeModes(len(l[0]))
	if err != nil {
		return err
	}
	missing, err := n.ints("nodes_missing_value_tracks_true")
	if err != nil {
		return err
	}
	if len(splits) != len(l[0]) || missing != nil && len(missing) != len(l[0]) {
		return errorf("lists of tree nodes, of which there are %d, differ in length", len(l[0]))
	}
	for i, f := range l[0] {
		o.Nodes = append(o.Nodes, op.TreeNode{
			Feature: f, Mode: op.TreeMode(modes[i]), MissingTrue: missing != nil && missing[i] != 0, Value: splits[i],
			True: treeBranch(l[1][i], l[3][i] != 0), False: treeBranch(l[2][i], l[4][i] != 0),
		})
	}
	if err := n.members(o); err != nil {
		return err
	}
	return n.roots(o)
}

// treeBranch returns a branch as op.TreeNode has it. What can be no index
// stays out of range.
func treeBranch(index int, leaf bool) int {
	switch {
	case index < 0:
		return math.MaxInt32
	case leaf:
		return -1 - index
	}
	return index
}

// treeModes reads the modes of want nodes.
func (n *node) treeModes(want int) ([]uint8, error) {
	t, err := n.tensor("nodes_modes")
	if err != nil {
		return nil, err
	}
	if t == nil {
		return nil, errorf("attribute \"nodes_modes\", a tensor, is missing")
	}
	v, err := View(t)
	if err != nil {
		return nil, err
	}
	if v.DType != tensor.U8 || v.Len() != want {
		return nil, errorf("nodes_modes are %s, want uint8[%d]", v.Type, want)
	}
	return v.U8(), nil
}

// members gives each node that asks for membership its set: they follow one
// another, each with NaN at its end.
func (n *node) members(o *op.TreeEnsemble) error {
	all, err := n.reals("membership_values", "")
	if err != nil {
		return err
	}
	for i := range o.Nodes {
		if o.Nodes[i].Mode != op.TreeMember {
			continue
		}
		end := 0
		for end < len(all) && all[end] == all[end] {
			end++
		}
		if end == len(all) {
			return errorf("membership_values has no set for tree node %d", i)
		}
		o.Nodes[i].Members, all = all[:end], all[end+1:]
	}
	return nil
}

// roots reads the roots, all of them nodes: a tree of one leaf is a node with
// that leaf on both sides.
func (n *node) roots(o *op.TreeEnsemble) error {
	roots, err := n.ints("tree_roots")
	if err != nil {
		return err
	}
	for i, r := range roots {
		if r < 0 || r >= len(o.Nodes) {
			return errorf("tree %d has root %d of %d nodes", i, r, len(o.Nodes))
		}
	}
	o.Roots = roots
	return nil
}
