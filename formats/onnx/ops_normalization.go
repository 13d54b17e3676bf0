package onnx

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// batchNormRow reads BatchNormalization. Before opset 14, a node with outputs
// beyond the first was in training, of which nothing but output 0 is kept.
func batchNormRow(n *node) (graph.Op, error) {
	eps, err := n.float("epsilon", 1e-5)
	if err != nil {
		return nil, err
	}
	momentum, err := n.float("momentum", 0.9)
	if err != nil {
		return nil, err
	}
	training, err := n.bool("training_mode", false)
	if err != nil {
		return nil, err
	}
	spatial, err := n.bool("spatial", true)
	if err != nil {
		return nil, err
	}
	if !spatial && n.typ(0).Rank() != 2 {
		return nil, op.Unsupported("batch normalisation of each pixel by itself (spatial = 0)")
	}
	if n.opset < 14 {
		for _, name := range n.Outputs[min(len(n.Outputs), 1):] {
			training = training || name != "" && n.opset < 7
		}
		if test, err := n.bool("is_test", false); err != nil {
			return nil, err
		} else if test {
			training = false
		}
		if training {
			return nil, op.Unsupported("batch normalisation in training, as opset %d has it,", n.opset)
		}
	}
	if n.typ(0).Rank() == 1 {
		return nil, errorf("input 0 has shape %v, want [n c …]", n.typ(0).Shape)
	}
	return n.normalised(&op.BatchNormalization{Axis: 1, Epsilon: eps, Momentum: momentum, Training: training})
}

// normalised adds a normalisation of input 0, whose other inputs may be of
// another float type: they are converted to input 0's.
func (n *node) normalised(o graph.Op) (graph.Op, error) {
	var kind tensor.DType
	if kind = n.typ(0).DType; kind == tensor.F16 {
		kind = tensor.F32
	}
	types := make([]tensor.DType, len(n.in))
	in := append([]graph.Value{}, n.in...)
	for i, v := range n.in {
		types[i] = n.typ(i).DType
		if v == graph.None || types[i] == kind || !types[i].Float() {
			continue
		}
		var err error
		if in[i], err = n.one(&op.Cast{DType: kind}, v); err != nil {
			return nil, err
		}
	}
	out, err := n.then(o, in...)
	if err != nil {
		return nil, err
	}
	for i := range out {
		to := types[0]
		if _, batch := o.(*op.BatchNormalization); batch && i > 0 {
			to = types[i+2] // the running mean and variance
		} else if i > 0 {
			break
		}
		if n.b.Type(out[i]).DType != to {
			if out[i], err = n.one(&op.Cast{DType: to}, out[i]); err != nil {
				return nil, err
			}
		}
	}
	return nil, n.define(out...)
}

func instanceNormRow(n *node) (graph.Op, error) {
	eps, err := n.float("epsilon", 1e-5)
	if err != nil {
		return nil, err
	}
	return n.normalised(&op.GroupNormalization{Epsilon: eps})
}

func groupNormRow(n *node) (graph.Op, error) {
	eps, err := n.float("epsilon", 1e-5)
	if err != nil {
		return nil, err
	}
	groups, err := n.int("num_groups", 0)
	if err != nil {
		return nil, err
	}
	if groups < 1 {
		return nil, errorf("num_groups is %d, want at least 1", groups)
	}
	return n.normalised(&op.GroupNormalization{Groups: groups, Epsilon: eps})
}

func layerNormRow(n *node) (graph.Op, error) {
	o, err := n.layerNorm()
	if err != nil {
		return nil, err
	}
	for i := 1; i < min(len(n.Outputs), 3); i++ {
		if n.Outputs[i] != "" {
			stash, err := n.int("stash_type", int(Float))
			if err != nil {
				return nil, err
			}
			if o.Stats, err = dtypeOf(DataType(stash)); err != nil {
				return nil, err
			}
		}
	}
	return n.normalised(new(o))
}

func rmsNormRow(n *node) (graph.Op, error) {
	o, err := n.layerNorm()
	o.RMS = true
	if err != nil {
		return nil, err
	}
	return n.normalised(new(o))
}

func (n *node) layerNorm() (o op.LayerNormalization, err error) {
	if o.Axis, err = n.int("axis", -1); err != nil {
		return o, err
	}
	o.Epsilon, err = n.float("epsilon", 1e-5)
	return o, err
}

// skipLayerNormRow normalises the sum of inputs 0 and 1 and, with it, the bias,
// input 4; the sum is output 3. The simplified form has no beta, its inputs are
// x, skip, gamma, bias.
//
//go:noinline
func skipLayerNormRow(simplified bool) row {
	return func(n *node) (graph.Op, error) {
		least, beta, bias := 3, 3, 4
		if simplified {
			beta, bias = -1, 3
		}
		if len(n.in) < least {
			return nil, errorf("%d inputs, want at least %d", len(n.in), least)
		}
		half := n.typ(0).DType == tensor.F16
		eps, err := n.float("epsilon", 1e-5)
		if err != nil {
			return nil, err
		}
		narrow, err := n.widened(0, 1, 2, 3, 4)
		if err != nil {
			return nil, err
		}
		to := op.To{DType: n.typ(0).DType}
		sum, err := n.one(&op.Add{To: to}, n.in[0], n.in[1])
		if err != nil {
			return nil, err
		}
		if bias < len(n.in) && n.in[bias] != graph.None {
			if sum, err = n.one(&op.Add{To: to}, sum, n.in[bias]); err != nil {
				return nil, err
			}
		}
		in := []graph.Value{sum, n.in[2]}
		if beta > 0 && beta < len(n.in) && n.in[beta] != graph.None {
			in = append(in, n.in[beta])
		}
		out, err := n.then(&op.LayerNormalization{Axis: -1, Epsilon: eps, RMS: simplified, Stats: tensor.F32}, in...)
		if err != nil {
			return nil, err
		}
		if half {
			if out[0], err = narrow(out[0]); err != nil {
				return nil, err
			}
			if sum, err = narrow(sum); err != nil {
				return nil, err
			}
		}
		return nil, n.define(append(out, sum)...)
	}
}

// lpNormRow reads LpNormalization.
func lpNormRow(n *node) (graph.Op, error) {
	axis, err := n.int("axis", -1)
	if err != nil {
		return nil, err
	}
	p, err := n.int("p", 2)
	return &op.LpNormalization{Axis: axis, P: p}, err
}

// meanVarianceRow normalises along some axes by moving them to the end.
func meanVarianceRow(n *node) (graph.Op, error) {
	axes, err := n.ints("axes")
	if err != nil {
		return nil, err
	}
	rank := n.typ(0).Rank()
	if n.attr("axes") == nil {
		axes = []int{0, 2, 3}
	}
	normal := make([]bool, rank)
	for _, a := range axes {
		if a < -rank || a >= rank {
			return nil, errorf("axis %d is out of range for rank %d", a, rank)
		}
		normal[(a+rank)%rank] = true
	}
	var perm, last []int
	for i, is := range normal {
		if is {
			last = append(last, i)
		} else {
			perm = append(perm, i)
		}
	}
	kept := len(perm)
	perm = append(perm, last...)
	back := make([]int, rank)
	for i, p := range perm {
		back[p] = i
	}
	if len(n.in) != 1 {
		return nil, errorf("%d inputs, want 1", len(n.in))
	}
	v, err := n.transposed(n.in[0], perm...)
	if err != nil {
		return nil, err
	}
	if v, err = n.one(&op.LayerNormalization{Axis: kept, Epsilon: 1e-9, Outside: true}, v); err != nil {
		return nil, err
	}
	n.in = []graph.Value{v}
	return &op.Transpose{Perm: back}, nil
}

func lrnRow(n *node) (graph.Op, error) {
	var o op.LRN
	var err error
	if o.Size, err = n.int("size", 0); err != nil {
		return nil, err
	}
	if o.Alpha, err = n.float("alpha", 1e-4); err != nil {
		return nil, err
	}
	if o.Beta, err = n.float("beta", 0.75); err != nil {
		return nil, err
	}
	o.Bias, err = n.float("bias", 1)
	return new(o), err
}
