package onnx

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// postTransform reads what becomes of scores.
func (n *node) postTransform() (op.ScoreTransform, error) {
	name, err := n.str("post_transform", "NONE")
	if err != nil {
		return 0, err
	}
	t, ok := map[string]op.ScoreTransform{
		"NONE": op.ScoresAsTheyAre, "SOFTMAX": op.ScoresSoftmax, "LOGISTIC": op.ScoresLogistic,
		"SOFTMAX_ZERO": op.ScoresSoftmaxZero, "PROBIT": op.ScoresProbit,
	}[name]
	if !ok {
		return 0, op.Unsupported("post_transform %q", name)
	}
	return t, nil
}

// linear adds a dense layer of the node's coefficients, targets rows of them.
func (n *node) linear(targets int) (graph.Value, error) {
	if err := n.float32Input(0); err != nil {
		return 0, err
	}
	w, err := n.floats("coefficients")
	if err != nil {
		return 0, err
	}
	if targets < 1 || len(w) == 0 || len(w)%targets != 0 {
		return 0, errorf("%d coefficients for %d targets", len(w), targets)
	}
	if n.typ(0).Rank() == 1 {
		row, err := n.unsqueezed(n.in[0], 0)
		if err != nil {
			return 0, err
		}
		n.in[0] = row
	}
	bias, err := n.floats("intercepts")
	if err != nil {
		return 0, err
	}
	c := graph.None
	if len(bias) > 0 {
		if c = n.floatsConst(bias, len(bias)); len(bias) != targets {
			return 0, errorf("%d intercepts for %d targets", len(bias), targets)
		}
	}
	return n.dense(n.in[0], n.floatsConst(w, targets, len(w)/targets), c, false, true)
}

func linearRegressorRow(n *node) (graph.Op, error) {
	targets, err := n.int("targets", 1)
	if err != nil {
		return nil, err
	}
	transform, err := n.postTransform()
	if err != nil {
		return nil, err
	}
	y, err := n.linear(targets)
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

// linearClassifierRow has one row of coefficients for each class, or for the
// second of two.
func linearClassifierRow(n *node) (graph.Op, error) {
	labels, err := n.classLabels("classlabels_ints")
	if err != nil {
		return nil, err
	}
	transform, err := n.postTransform()
	if err != nil {
		return nil, err
	}
	one, err := n.isOneScore(labels)
	if err != nil {
		return nil, err
	}
	if !one {
		scores, err := n.linear(len(labels))
		if err != nil {
			return nil, err
		}
		return nil, n.classify(labels, scores, scores, transform)
	}
	scores, err := n.linear(1)
	if err != nil {
		return nil, err
	}
	both, err := n.one(&op.Scores{Second: op.SecondScoreLess}, scores)
	if err != nil {
		return nil, err
	}
	shown := both
	if transform == op.ScoresAsTheyAre || transform == op.ScoresProbit {
		if shown, err = n.one(&op.Scores{Second: op.SecondScoreRest}, scores); err != nil {
			return nil, err
		}
	}
	return nil, n.classify(labels, both, shown, transform)
}

// isOneScore reports whether there are coefficients for one of two classes.
func (n *node) isOneScore(labels []int64) (bool, error) {
	bias, err := n.floats("intercepts")
	if err != nil || len(labels) != 2 {
		return false, err
	}
	w, err := n.floats("coefficients")
	if err != nil {
		return false, err
	}
	x := n.typ(0).Shape
	return len(bias) == 1 || len(bias) == 0 && len(x) > 0 && x[len(x)-1] == len(w), nil
}

// classLabels returns the classes.
func (n *node) classLabels(name string) ([]int64, error) {
	a := n.attr(name)
	switch {
	case a == nil && n.attr("classlabels_strings") != nil:
		return nil, op.Unsupported("class labels that are strings")
	case a == nil || len(a.Ints) == 0:
		return nil, errorf("attribute %q, the classes, is missing", name)
	}
	return a.Ints, nil
}

// classify makes the label of the greatest score output 0, and the scores that
// are shown, transformed, output 1.
func (n *node) classify(labels []int64, scores, shown graph.Value, transform op.ScoreTransform) error {
	if c := n.b.Type(scores).Shape[1]; c != len(labels) {
		return errorf("%d scores for %d classes", c, len(labels))
	}
	best, err := n.one(&op.ArgMax{Axis: 1, Index: tensor.I64}, scores)
	if err != nil {
		return err
	}
	table := n.b.Const(n.label(), tensor.Of(tensor.I64, len(labels)), tensor.Bytes(labels))
	label, err := n.one(&op.Gather{}, table, best)
	if err != nil {
		return err
	}
	if transform != op.ScoresAsTheyAre {
		if shown, err = n.one(&op.Scores{Transform: transform}, shown); err != nil {
			return err
		}
	}
	return n.define(label, shown)
}
