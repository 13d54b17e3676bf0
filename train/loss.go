package train

import (
	"fmt"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Loss says how far predictions are from their targets. A sample's loss is the
// mean over its last dimension, as in Keras; a batch's the weighted mean over
// samples.
type Loss struct {
	name      string
	classes   bool // targets may be classes: whole numbers
	smoothing float64
	delta     float64
}

// The losses. Both cross-entropies of categories take targets as classes or as
// probabilities, whichever the data has. They and BinaryCrossentropy are computed
// from what goes into a last softmax or sigmoid, if there is one, which is exact
// also for very sure predictions.
var (
	CategoricalCrossentropy       = Loss{name: "categorical_crossentropy", classes: true}
	SparseCategoricalCrossentropy = Loss{name: "sparse_categorical_crossentropy", classes: true}
	BinaryCrossentropy            = Loss{name: "binary_crossentropy"}
	MeanSquaredError              = Loss{name: "mean_squared_error"}
	MeanAbsoluteError             = Loss{name: "mean_absolute_error"}
	Huber                         = Loss{name: "huber", delta: 1}
)

// losses are the losses by name.
var losses = []Loss{CategoricalCrossentropy, SparseCategoricalCrossentropy, BinaryCrossentropy, MeanSquaredError, MeanAbsoluteError, Huber}

// ParseLoss returns the loss of Keras' name.
func ParseLoss(name string) (Loss, error) {
	for _, l := range losses {
		if l.name == name {
			return l, nil
		}
	}
	return Loss{}, fmt.Errorf("train: loss %q is not known", name)
}

// String returns Keras' name.
func (l Loss) String() string { return l.name }

// Smoothing takes the share s of each target and spreads it over all classes
// (Szegedy et al., 2016).
func (l Loss) Smoothing(s float64) Loss {
	l.smoothing = s
	return l
}

// Delta sets from which error on Huber's loss grows linearly.
func (l Loss) Delta(d float64) Loss {
	l.delta = d
	return l
}

// targets describes what a loss compares predictions with.
type targets struct {
	sparse bool
	shape  []int // without the batch
	rows   []int // dimensions of a sample's weights: none, or its steps
}

// targets returns what targets of the given number of elements are, for
// predictions of the given shape.
func (l *Loss) targets(prediction []int, n int) (t targets, err error) {
	if len(prediction) == 0 {
		return t, fmt.Errorf("train: predictions are single numbers and must have a dimension of features: end with Dense(1)")
	}
	last := len(prediction) - 1
	t.rows = slices.Clone(prediction[:last])
	switch {
	case l.classes && n == length(t.rows) && prediction[last] > 1:
		t.sparse, t.shape = true, t.rows
	case n == length(prediction) && !(l.classes && prediction[last] == 1):
		t.shape = slices.Clone(prediction)
	case l.classes && prediction[last] == 1:
		return t, fmt.Errorf("train: %s needs predictions of at least 2 classes, and these have shape %v: end with one output for each class, or use binary_crossentropy", l.name, prediction)
	case !l.classes && n == length(t.rows) && prediction[last] > 1:
		return t, fmt.Errorf("train: %s needs as many targets as predictions of shape %v, and there are %d: if these are classes, take sparse_categorical_crossentropy", l.name, prediction, n)
	default:
		return t, fmt.Errorf("train: targets of %d numbers do not fit predictions of shape %v", n, prediction)
	}
	return t, nil
}

// add adds the loss of prediction y to s, and returns it with what y is to be
// read from: softmax and sigmoid may go into the loss.
func (l *Loss) add(s *Scope, y, target, weight graph.Value, sparse bool) (loss, prediction graph.Value) {
	s.path = "loss"
	smoothing := float32(l.smoothing)
	switch l.name {
	case "categorical_crossentropy", "sparse_categorical_crossentropy":
		if logits, ok := s.logits(y, func(o graph.Op) bool { _, ok := o.(*op.Softmax); return ok }); ok {
			out := s.AddAll(&op.SoftmaxCrossEntropy{Sparse: sparse, Smoothing: smoothing}, logits, target, weight)
			if len(out) == 2 {
				return out[0], out[1]
			}
			return 0, 0
		}
		if smoothing != 0 {
			return s.Fail("label smoothing needs a network that ends in a softmax"), y
		}
		return s.Add(&op.CrossEntropy{Sparse: sparse}, y, target, weight), y
	case "binary_crossentropy":
		if logits, ok := s.logits(y, func(o graph.Op) bool { _, ok := o.(*op.Logistic); return ok }); ok {
			return s.Add(&op.SigmoidCrossEntropy{Smoothing: smoothing}, logits, target, weight), y
		}
		if smoothing != 0 {
			return s.Fail("label smoothing needs a network that ends in a sigmoid"), y
		}
		return s.Add(&op.BinaryCrossEntropy{}, y, target, weight), y
	case "mean_squared_error":
		return s.Add(&op.MeanSquaredError{}, y, target, weight), y
	case "mean_absolute_error":
		return s.Add(&op.MeanAbsoluteError{}, y, target, weight), y
	case "huber":
		return s.Add(&op.Huber{Delta: float32(l.delta)}, y, target, weight), y
	}
	return s.Fail("no loss"), y
}

// logits returns what goes into the operator that makes y, if it is one that is
// wanted.
func (s *Scope) logits(y graph.Value, is func(graph.Op) bool) (graph.Value, bool) {
	if s.Err() != nil {
		return 0, false
	}
	nodes := s.b.Nodes()
	for i := len(nodes) - 1; i >= 0; i-- {
		if slices.Contains(nodes[i].Out, y) {
			return nodes[i].In[0], is(nodes[i].Op)
		}
	}
	return 0, false
}

// dtype returns the element type of targets.
func (t *targets) dtype() tensor.DType {
	if t.sparse {
		return tensor.I32
	}
	return tensor.F32
}
