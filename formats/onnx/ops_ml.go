package onnx

import (
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// mlRows are the operators of classical machine learning. There are no
// strings: models whose labels are strings are not supported. A ZipMap, which
// makes maps from labels to scores, gives the scores as they come.
func mlRows() map[string]row {
	return map[string]row{
		"TfIdfVectorizer":                   tfIdfRow,
		"ai.onnx.ml.ArrayFeatureExtractor":  extractorRow,
		"ai.onnx.ml.Binarizer":              binarizerRow,
		"ai.onnx.ml.Scaler":                 scalerRow,
		"ai.onnx.ml.Normalizer":             normalizerRow,
		"ai.onnx.ml.Imputer":                imputerRow,
		"ai.onnx.ml.FeatureVectorizer":      vectorizerRow,
		"ai.onnx.ml.ZipMap":                 func(n *node) (graph.Op, error) { return nil, n.define(n.in...) },
		"ai.onnx.ml.LabelEncoder":           labelEncoderRow,
		"ai.onnx.ml.LinearRegressor":        linearRegressorRow,
		"ai.onnx.ml.LinearClassifier":       linearClassifierRow,
		"ai.onnx.ml.TreeEnsemble":           viaFloat32(treeEnsembleRow),
		"ai.onnx.ml.TreeEnsembleRegressor":  treeRegressorRow,
		"ai.onnx.ml.TreeEnsembleClassifier": treeClassifierRow,
	}
}

// float32Input makes input i float32, unless it is of one of the types kept.
func (n *node) float32Input(i int, kept ...tensor.DType) error {
	if i >= len(n.in) || n.in[i] == graph.None {
		return errorf("input %d is left out, and must be there", i)
	}
	d := n.typ(i).DType
	for _, k := range append(kept, tensor.F32) {
		if d == k {
			return nil
		}
	}
	v, err := n.one(&op.Cast{DType: tensor.F32}, n.in[i])
	n.in[i] = v
	return err
}

// floatsConst adds a list of float32 to the graph.
func (n *node) floatsConst(x []float32, shape ...int) graph.Value {
	return n.b.Const(n.label(), tensor.Of(tensor.F32, shape...), tensor.Bytes(x))
}

// extractorRow picks elements of the last dimension; a vector's make a row.
func extractorRow(n *node) (graph.Op, error) {
	if len(n.in) != 2 || n.in[0] == graph.None {
		return nil, errorf("%d inputs, want 2", len(n.in))
	}
	list, err := n.one(&op.Reshape{Shape: []int{-1}}, n.in[1])
	if err != nil {
		return nil, err
	}
	y, err := n.one(&op.Gather{Axis: -1}, n.in[0], list)
	if err != nil {
		return nil, err
	}
	if n.typ(0).Rank() == 1 {
		if y, err = n.unsqueezed(y, 0); err != nil {
			return nil, err
		}
	}
	return nil, n.define(y)
}

func binarizerRow(n *node) (graph.Op, error) {
	threshold, err := n.float("threshold", 0)
	return &op.Binarizer{Threshold: threshold}, err
}

// scalerRow subtracts offset and multiplies by scale.
func scalerRow(n *node) (graph.Op, error) {
	if err := n.float32Input(0); err != nil {
		return nil, err
	}
	y, to := n.in[0], op.To{DType: tensor.F32}
	for _, a := range []struct {
		name string
		op   graph.Op
	}{{"offset", &op.Sub{To: to}}, {"scale", &op.Mul{To: to}}} {
		x, err := n.floats(a.name)
		if err != nil {
			return nil, err
		}
		if len(x) == 0 {
			continue
		}
		if y, err = n.one(a.op, y, n.floatsConst(x, len(x))); err != nil {
			return nil, err
		}
	}
	return nil, n.define(y)
}

func normalizerRow(n *node) (graph.Op, error) {
	if err := n.float32Input(0); err != nil {
		return nil, err
	}
	name, err := n.str("norm", "MAX")
	if err != nil {
		return nil, err
	}
	norm, ok := map[string]op.Norm{"MAX": op.NormMax, "L1": op.NormL1, "L2": op.NormL2}[name]
	if !ok {
		return nil, op.Unsupported("norm %q", name)
	}
	return &op.Normalizer{Norm: norm}, nil
}

func imputerRow(n *node) (graph.Op, error) {
	var o op.Imputer
	var err error
	if o.Values, err = n.floats("imputed_value_floats"); err != nil {
		return nil, err
	}
	if o.Replaced, err = n.float("replaced_value_float", float32(math.NaN())); err != nil {
		return nil, err
	}
	if a := n.attr("imputed_value_int64s"); a != nil {
		o.Whole = a.Ints
	}
	if a := n.attr("replaced_value_int64"); a != nil {
		o.ReplacedWhole = a.Int
	}
	return new(o), nil
}

// vectorizerRow puts columns side by side.
func vectorizerRow(n *node) (graph.Op, error) {
	for i := range n.in {
		if err := n.float32Input(i); err != nil {
			return nil, err
		}
		if n.typ(i).Rank() == 1 {
			row, err := n.unsqueezed(n.in[i], 0)
			if err != nil {
				return nil, err
			}
			n.in[i] = row
		}
	}
	return &op.Concatenation{Axis: 1}, nil
}

// labelEncoderRow reads keys and values, which are lists or tensors.
func labelEncoderRow(n *node) (graph.Op, error) {
	var o op.LabelEncoder
	var err error
	if o.Keys, err = n.labels("keys"); err != nil {
		return nil, err
	}
	if o.Values, err = n.labels("values"); err != nil {
		return nil, err
	}
	o.Default, err = n.labelDefault(o.Values.DType)
	return new(o), err
}

// labels returns a list attribute of any type, or a tensor.
func (n *node) labels(name string) (tensor.View, error) {
	if n.attr(name+"_strings") != nil {
		return tensor.View{}, op.Unsupported("%s_strings", name)
	}
	if a := n.attr(name + "_floats"); a != nil {
		return tensor.View{Type: tensor.Of(tensor.F32, len(a.Floats)), Data: tensor.Bytes(a.Floats)}, nil
	}
	if a := n.attr(name + "_int64s"); a != nil {
		return tensor.View{Type: tensor.Of(tensor.I64, len(a.Ints)), Data: tensor.Bytes(a.Ints)}, nil
	}
	t, err := n.tensor(name + "_tensor")
	if err != nil {
		return tensor.View{}, err
	}
	if t == nil {
		return tensor.View{}, errorf("no attribute %s_int64s, %s_floats or %s_tensor", name, name, name)
	}
	return View(t)
}

// labelDefault returns the label of what is no key.
func (n *node) labelDefault(d tensor.DType) (tensor.View, error) {
	t, err := n.tensor("default_tensor")
	if err != nil {
		return tensor.View{}, err
	}
	if t != nil {
		return View(t)
	}
	v := tensor.View{Type: tensor.Of(d)}
	switch d {
	case tensor.F32:
		x, err := n.float("default_float", float32(math.Copysign(0, -1)))
		v.Data = tensor.Bytes([]float32{x})
		return v, err
	case tensor.F64:
		v.Data = tensor.Bytes([]float64{math.Copysign(0, -1)})
	case tensor.I64:
		x := int64(-1)
		if a := n.attr("default_int64"); a != nil {
			x = a.Int
		}
		v.Data = tensor.Bytes([]int64{x})
	case tensor.I32:
		v.Data = tensor.Bytes([]int32{-1})
	case tensor.I16:
		v.Data = tensor.Bytes([]int16{-1})
	default:
		return v, op.Unsupported("labels of type %s without a default", d)
	}
	return v, nil
}
