package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Losses to train with have three inputs: the prediction, [… c], of which each
// row is a sample; the target, of the prediction's shape or, if it is sparse,
// the int32 class of each sample; and the weight of each sample, already divided
// by the sum of the weights of the batch. Both have the prediction's shape but for
// its last dimension. Output 0 is a scalar, the sum of weight times loss: products
// are rounded, and added in lanes.

// inferLoss checks the inputs of a loss and returns its type.
func inferLoss(in []tensor.View, sparse bool) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, 3); err != nil {
		return nil, err
	}
	target := tensor.F32
	if sparse {
		target = tensor.I32
	}
	for i, d := range []tensor.DType{tensor.F32, target, tensor.F32} {
		if err := wantType(in, i, d); err != nil {
			return nil, err
		}
	}
	x := in[0].Shape
	if len(x) == 0 || x[len(x)-1] == 0 {
		return nil, errorf("prediction has shape %v, want a last dimension of classes or features", x)
	}
	rows := x[:len(x)-1]
	if want := x; !sparse && !sameShape(in[1].Shape, want) || sparse && !sameShape(in[1].Shape, rows) {
		return nil, errorf("target has shape %v for a prediction of %v: want %s", in[1].Shape, x, targetShape(sparse))
	}
	if !sameShape(in[2].Shape, rows) {
		return nil, errorf("weight has shape %v for a prediction of %v: want one for each row", in[2].Shape, x)
	}
	return []tensor.Type{tensor.Of(tensor.F32)}, nil
}

func targetShape(sparse bool) string {
	if sparse {
		return "a class for each row"
	}
	return "the same"
}

// rowsOf returns the number of samples and that of classes or features.
func rowsOf(t tensor.Type) (rows, c int) {
	c = lastDim(t.Shape)
	return t.Len() / c, c
}

// lossGrad adds o, which computes the gradient of a loss with respect to its
// prediction from in and the gradient of the loss.
func lossGrad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool, o graph.Op, in ...graph.Value) ([]graph.Value, error) {
	for i, name := range []string{"target", "weight"} {
		if want[i+1] {
			return nil, Unsupported("the gradient with respect to the %s of a loss", name)
		}
	}
	dx := b.Add(n.Label+"/grad", o, append(in, dy[0])...)
	return []graph.Value{dx, graph.None, graph.None}, nil
}

// inferLossGrad checks what the gradient of a loss is computed from: the inputs of
// the loss, and the gradient of its scalar.
func inferLossGrad(in []tensor.View, sparse bool) ([]tensor.Type, error) {
	if err := wantInputs(in, 4, 4); err != nil {
		return nil, err
	}
	if _, err := inferLoss(in[:3], sparse); err != nil {
		return nil, err
	}
	if err := wantType(in, 3, tensor.F32); err != nil {
		return nil, err
	}
	if !in[3].Static() || in[3].Len() != 1 {
		return nil, errorf("input 3 has shape %v, want a scalar", in[3].Shape)
	}
	return []tensor.Type{tensor.Of(tensor.F32, in[0].Shape...)}, nil
}

// weighed returns losses of samples times their weights, in place. A sample of
// weight 0 counts for nothing, whatever its loss.
func weighed(loss, weight []float32) []float32 {
	for i, w := range weight[:len(loss)] {
		if w == 0 {
			loss[i] = 0
		} else {
			loss[i] *= w
		}
	}
	return loss
}
