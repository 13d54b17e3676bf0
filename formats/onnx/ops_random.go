package onnx

import (
	"hash/fnv"
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// randomRows are the operators that draw random numbers.
func randomRows() map[string]row {
	return map[string]row{
		"Bernoulli":         bernoulliRow,
		"Multinomial":       multinomialRow,
		"RandomNormal":      randomRow(true, false),
		"RandomNormalLike":  randomRow(true, true),
		"RandomUniform":     randomRow(false, false),
		"RandomUniformLike": randomRow(false, true),
	}
}

// draws returns the random numbers that the attribute seed means, a float or (of
// Dropout) an integer, and the variable that counts them. Without the attribute the node has a seed that
// is made of its name: it gives the same numbers whenever the model is loaded, and
// others than its neighbours.
func (n *node) draws() (op.Draws, graph.Value, error) {
	var d op.Draws
	switch a := n.attr("seed"); {
	case a == nil:
		h := fnv.New64a()
		h.Write([]byte(n.label()))
		d.Seed = h.Sum64()
	case a.Type == AttrFloat:
		d.Seed = uint64(math.Float32bits(a.Float))
	case a.Type == AttrInt:
		d.Seed = uint64(a.Int)
	default:
		return d, 0, wrongType(a, "a float")
	}
	state := n.b.Var(&graph.Var{Name: n.label() + " random numbers drawn", Type: op.RandomState})
	return d, state, n.b.Err()
}

// dtypeAttr reads the attribute dtype, a data type.
func (n *node) dtypeAttr(def tensor.DType) (tensor.DType, error) {
	if n.attr("dtype") == nil {
		return def, nil
	}
	d, err := n.int("dtype", 0)
	if err != nil {
		return 0, err
	}
	return dtypeOf(DataType(d))
}

//go:noinline
func randomRow(normal, like bool) row {
	from, to := "low", "high"
	if normal {
		from, to = "mean", "scale"
	}
	return func(n *node) (graph.Op, error) {
		o := &op.Random{Normal: normal, DType: tensor.F32}
		var err error
		if o.A, err = n.float(from, 0); err != nil {
			return nil, err
		}
		if o.B, err = n.float(to, 1); err != nil {
			return nil, err
		}
		if like {
			if err := n.want(1, 1); err != nil {
				return nil, err
			}
			o.DType = n.typ(0).DType
		} else if o.Shape, err = n.ints("shape"); err != nil {
			return nil, err
		} else if n.attr("shape") == nil || len(n.in) > 0 {
			return nil, errorf("%d inputs, want none and the attribute %q", len(n.in), "shape")
		}
		for _, d := range o.Shape {
			if d < 0 {
				return nil, errorf("shape %v is negative", o.Shape)
			}
		}
		if o.DType, err = n.dtypeAttr(o.DType); err != nil {
			return nil, err
		}
		d, state, err := n.draws()
		o.Draws, n.in = d, append([]graph.Value{state}, n.in...)
		return o, err
	}
}

func bernoulliRow(n *node) (graph.Op, error) {
	if err := n.want(1, 1); err != nil {
		return nil, err
	}
	to, err := n.dtypeAttr(n.typ(0).DType)
	if err != nil {
		return nil, err
	}
	d, state, err := n.draws()
	n.in = append([]graph.Value{state}, n.in...)
	return &op.Bernoulli{Draws: d, DType: to}, err
}

func multinomialRow(n *node) (graph.Op, error) {
	samples, err := n.int("sample_size", 1)
	if err != nil {
		return nil, err
	}
	if err := n.want(1, 1); err != nil {
		return nil, err
	}
	to, err := n.dtypeAttr(tensor.I32)
	if err != nil {
		return nil, err
	}
	d, state, err := n.draws()
	n.in = append([]graph.Value{state}, n.in...)
	return &op.Multinomial{Draws: d, Samples: samples, DType: to}, err
}
