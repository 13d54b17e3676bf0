package op_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// TestRecurrentShared holds sequences so few that workers share the gates of each
// step against the definition, bit for bit.
func TestRecurrentShared(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	const seq, width, hidden = 5, 150, 170
	for name, c := range map[string]struct {
		gates, directions int
		functions         []string
		op                func(op.Recurrent) graph.Op
	}{
		"RNN":                     {1, 1, []string{"Tanh"}, func(r op.Recurrent) graph.Op { return &op.RNN{Recurrent: r} }},
		"GRU":                     {3, 1, []string{"Sigmoid", "Tanh"}, func(r op.Recurrent) graph.Op { return &op.GRU{Recurrent: r} }},
		"GRU, linear before":      {3, 1, []string{"Sigmoid", "Tanh"}, func(r op.Recurrent) graph.Op { return &op.GRU{Recurrent: r, LinearBeforeReset: true} }},
		"LSTM":                    {4, 1, []string{"Sigmoid", "Tanh", "Tanh"}, func(r op.Recurrent) graph.Op { return &op.LSTM{Recurrent: r} }},
		"LSTM, of two directions": {4, 2, []string{"Sigmoid", "Tanh", "Tanh", "Sigmoid", "Tanh", "Tanh"}, func(r op.Recurrent) graph.Op { return &op.LSTM{Recurrent: r} }},
	} {
		t.Run(name, func(t *testing.T) {
			d := c.directions
			functions, err := op.CellFunctions(c.functions, nil, nil)
			require.NoError(t, err)
			o := c.op(op.Recurrent{Hidden: hidden, Reverse: []bool{true, false}[:d], Functions: functions})
			b := graph.NewBuilder("")
			var in []graph.Value
			for _, shape := range [][]int{{seq, 1, width}, {d, c.gates * hidden, width}, {d, c.gates * hidden, hidden}, {d, 2 * c.gates * hidden}} {
				v := randomF32(r, shape...)
				for i := range v.F32() {
					v.F32()[i] /= 4
				}
				in = append(in, b.Const("", v.Type, v.Data))
			}
			x := b.View(in[0])
			in[0] = b.Input("x", x.Type)
			g, err := b.Graph(b.Add("y", o, in...))
			require.NoError(t, err)
			views := g.Views(in)
			views[0] = x
			want := refAll(t, o.(op.Referenced), views...)[0].Data
			for _, set := range host.Sets() {
				if !set.Fused {
					continue // it has bits of its own
				}
				for threads := 1; threads <= 4; threads++ {
					p, err := runtime.NewPlan(g, &set, runtime.Options{})
					require.NoError(t, err)
					s, err := p.NewSession(threads)
					require.NoError(t, err)
					copy(s.In(0).Data, x.Data)
					require.NoError(t, s.Run())
					require.True(t, string(want) == string(s.Out(0).Data), "%s, %d threads", set.Name, threads)
					s.Close()
				}
			}
		})
	}
}
