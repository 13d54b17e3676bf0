package train

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

func TestActivationNames(t *testing.T) {
	for a := range activations {
		got, err := ParseActivation(a.String())
		require.NoError(t, err)
		assert.Equal(t, a, got)
	}
	for name, want := range map[string]Activation{"": Linear, "swish": SiLU, "hard_silu": HardSwish, "leaky_relu": LeakyReLU} {
		got, err := ParseActivation(name)
		require.NoError(t, err)
		assert.Equal(t, want, got, name)
	}
	_, err := ParseActivation("Relu")
	assert.ErrorContains(t, err, `activation "Relu" is not known`)
	assert.Equal(t, "activation 99", Activation(99).String())
}

// TestActivationOps checks that each but Linear has an operator, which keeps its
// input's type and can be trained through.
func TestActivationOps(t *testing.T) {
	assert.Nil(t, Linear.op())
	assert.Nil(t, activations.op())
	for a := Linear + 1; a < activations; a++ {
		x := tensor.View{Type: tensor.Of(tensor.F32, 2, 3)}
		out, err := a.op().Infer([]tensor.View{x})
		require.NoError(t, err, a)
		assert.Equal(t, []tensor.Type{x.Type}, out, a)
		b := graph.NewBuilder("")
		in := b.Input("x", x.Type)
		y := b.Add("y", a.op(), in)
		_, err = Backward(b, []Seed{{y, b.Input("dy", x.Type)}}, []graph.Value{in})
		assert.NoError(t, err, a)
		_, ok := a.op().(op.Referenced)
		assert.True(t, ok, a)
	}
}
