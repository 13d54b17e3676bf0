package op

import (
	"github.com/edgeinfer/edgeinfer/runtime/graph"
)

// Differentiable is implemented by operators that can be trained through.
type Differentiable interface {
	graph.Op
	// Grad adds to b the operators that compute the gradients of a loss with
	// respect to the inputs of n, of which it returns one each, from those
	// with respect to its outputs: dy[i] is None where output i changes nothing.
	// want says whose gradient is asked for; that of others may be None, as that
	// of integers is. What is added is float32, with the shape of the input.
	Grad(b *graph.Builder, n *graph.Node, dy []graph.Value, want []bool) ([]graph.Value, error)
}
