package op_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
	"github.com/edgeinfer/edgeinfer/train/gradtest"
)

// attention64 is attention in float64, from the formulas.
type attention64 struct {
	op.TrainedAttention
	n, t, s, d, e int
}

func (a attention64) outputs(in [][]float64) [][]float64 {
	h := a.Heads
	y, stats := make([]float64, a.n*a.t*h*a.e), make([]float64, a.n*h*a.t*2)
	scale := float64(a.Scale)
	if scale == 0 {
		scale = 1 / math.Sqrt(float64(a.d))
	}
	for row := range a.n * h * a.t {
		n, head, i := row/(h*a.t), row/a.t%h, row%a.t
		top, scores := math.Inf(-1), make([]float64, a.s)
		for j := range scores {
			scores[j] = math.Inf(-1)
			if len(in) > 3 && in[3] != nil && in[3][n*a.s+j] == 0 || a.Causal && j > i {
				continue
			}
			scores[j] = 0
			for f := range a.d {
				scores[j] += in[0][((n*a.t+i)*h+head)*a.d+f] * in[1][((n*a.s+j)*h+head)*a.d+f]
			}
			top = max(top, scores[j])
		}
		stats[row*2] = top
		if math.IsInf(top, -1) {
			continue
		}
		for j, x := range scores {
			scores[j] = math.Exp((x - top) * scale)
			stats[row*2+1] += scores[j]
		}
		for j, x := range scores {
			for f := range a.e {
				y[((n*a.t+i)*h+head)*a.e+f] += x / stats[row*2+1] * in[2][((n*a.s+j)*h+head)*a.e+f]
			}
		}
	}
	return [][]float64{y, stats}
}

func TestTrainedAttentionGrad(t *testing.T) {
	var cases []gradtest.Case
	for _, c := range []attention64{
		{op.TrainedAttention{Heads: 2}, 2, 5, 5, 4, 4},
		{op.TrainedAttention{Heads: 3, Causal: true}, 1, 7, 7, 5, 3},
		{op.TrainedAttention{Heads: 1, Causal: true}, 1, 53, 49, 3, 3}, // several blocks
		{op.TrainedAttention{Heads: 2, Scale: 0.3}, 2, 3, 19, 1, 17},
		{op.TrainedAttention{Heads: 4}, 3, 33, 33, 4, 4}, // worth sharing
		{op.TrainedAttention{Heads: 2, Causal: true}, 1, 9, 4, 2, 2},
	} {
		for _, masked := range []bool{false, true} {
			if masked && c.s > 20 {
				continue
			}
			in := []gradtest.Input{gradtest.Of(c.n, c.t, c.Heads*c.d), gradtest.Of(c.n, c.s, c.Heads*c.d), gradtest.Of(c.n, c.s, c.Heads*c.e)}
			if masked {
				mask := make([]float64, c.n*c.s)
				for i := range mask {
					mask[i] = float64((i*7 + 3) % 5 % 2) // key 1 is masked, key 0 not
				}
				in = append(in, gradtest.Input{Shape: []int{c.n, c.s}, Data: mask, Const: true})
			}
			cases = append(cases, gradtest.Case{Name: fmt.Sprintf("%+v masked %v", c, masked), Op: new(c.TrainedAttention), In: in, F: c.outputs, Blind: []int{1}})
		}
	}
	gradtest.Run(t, cases)
}

// attentionCase is an attention on random inputs, with a mask or none, and what
// its gradient reads.
func attentionCase(t testing.TB, a attention64, mask tensor.View) (in, grad []tensor.View) {
	r := rand.New(rand.NewPCG(3, 4))
	in = []tensor.View{sequence(r, a.n, a.t, a.Heads*a.d), sequence(r, a.n, a.s, a.Heads*a.d), sequence(r, a.n, a.s, a.Heads*a.e), mask}
	out := unwritten(t, new(a.TrainedAttention), in)
	require.NoError(t, a.Ref(in, out))
	return in, append(append(grad, in...), out[0], out[1], sequence(r, a.n, a.t, a.Heads*a.e))
}

func TestTrainedAttentionRef(t *testing.T) {
	const n, s = 2, 53
	seen := make([]byte, n*s)
	for i := range seen {
		seen[i] = byte(i) & 1 // so query 0 of sequence 0 sees nothing, if causal
	}
	masks := map[string]tensor.View{"": {}, "bool": {Type: tensor.Of(tensor.Bool, n, s), Data: seen},
		"none": {Type: tensor.Of(tensor.F32, n, s), Data: make([]byte, 4*n*s)}}
	for name, mask := range masks {
		for _, causal := range []bool{false, true} {
			a := attention64{op.TrainedAttention{Heads: 2, Causal: causal}, n, 55, s, 7, 18}
			in, grad := attentionCase(t, a, mask)
			constant := []int{3} // planned copies float32 alone
			requireRefBits(t, new(a.TrainedAttention), in, constant...)
			back := op.TrainedAttentionGrad{Layer: a.TrainedAttention}
			want := unwritten(t, new(back), grad)
			require.NoError(t, back.Ref(grad, want))
			requireRefBits(t, new(back), grad, constant...)
			if name == "none" {
				require.Zero(t, want[2].F32()[5])
				require.Zero(t, grad[4].F32()[5], "y of a query that sees no key")
			}
		}
	}
}

// It is ONNX's Attention on inputs of rank 3.
func TestTrainedAttentionONNX(t *testing.T) {
	a := attention64{op.TrainedAttention{Heads: 3, Causal: true}, 2, 6, 6, 5, 4}
	in, _ := attentionCase(t, a, tensor.View{})
	same := &op.Attention{Causal: true, QHeads: 3, KVHeads: 3, Left: -1, Right: -1, Outputs: 1}
	got, want := unwritten(t, new(a.TrainedAttention), in), unwritten(t, same, in[:3])
	require.NoError(t, a.Ref(in, got))
	require.NoError(t, same.Ref(in[:3], want))
	require.InDeltaSlice(t, want[0].F32(), got[0].F32(), 2e-6)
}

func TestTrainedAttentionErrors(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	q, k := sequence(r, 2, 3, 8), sequence(r, 2, 5, 8)
	for _, c := range []struct {
		want string
		o    op.TrainedAttention
		in   []tensor.View
	}{
		{"8 features for 3 heads", op.TrainedAttention{Heads: 3}, []tensor.View{q, k, k}},
		{"8 features for 0 heads", op.TrainedAttention{}, []tensor.View{q, k, k}},
		{"which do not agree", op.TrainedAttention{Heads: 2}, []tensor.View{q, k, q}},
		{"the mask has shape [2 3], want [2 5]", op.TrainedAttention{Heads: 2}, []tensor.View{q, k, k, sequence(r, 2, 3)}},
		{"scale -1", op.TrainedAttention{Heads: 2, Scale: -1}, []tensor.View{q, k, k}},
		{"2 inputs", op.TrainedAttention{Heads: 2}, []tensor.View{q, k}},
	} {
		_, err := c.o.Infer(c.in)
		require.ErrorContains(t, err, c.want)
	}
}

func BenchmarkTrainedAttention(b *testing.B) {
	sets := host.Sets()
	set := &sets[len(sets)-1]
	a := attention64{op.TrainedAttention{Heads: 4}, 16, 128, 128, 32, 32}
	in, grad := attentionCase(b, a, tensor.View{})
	for _, c := range []struct {
		name string
		o    op.Coster
		in   []tensor.View
	}{{"forward", new(a.TrainedAttention), in}, {"gradient", &op.TrainedAttentionGrad{Layer: a.TrainedAttention}, grad}} {
		for _, threads := range []int{1, 2} {
			b.Run(fmt.Sprintf("%s/%d", c.name, threads), func(b *testing.B) {
				s := planned(b, c.o.(graph.Op), c.in, set, threads)
				defer s.Close()
				types := make([]tensor.Type, len(c.in))
				for i, v := range c.in {
					types[i] = v.Type
				}
				for b.Loop() {
					require.NoError(b, s.Run())
				}
				b.ReportMetric(2*float64(c.o.MACs(types, nil))*float64(b.N)/1e9/b.Elapsed().Seconds(), "GFLOP/s")
			})
		}
	}
}
