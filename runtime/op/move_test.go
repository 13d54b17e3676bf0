package op

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// plainly does what run does, an element at a time.
func (m move) plainly(dst, src []byte) {
	total := 1
	for _, d := range m.dim[:m.rank] {
		total *= d
	}
	for k := range total {
		s, d, rest := m.from, m.at, k
		for i := m.rank - 1; i >= 0; i-- {
			s, d = s+rest%m.dim[i]*m.src[i], d+rest%m.dim[i]*m.dst[i]
			rest /= m.dim[i]
		}
		copy(dst[d:d+m.size], src[s:s+m.size])
	}
}

// TestMove moves blocks of random tensors to random places, with dimensions
// permuted, reversed and repeated, at addresses aligned and not.
func TestMove(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	dims := []int{1, 2, 3, 5, 31, 32, 33}
	for trial := range 3000 {
		rank := r.IntN(5)
		m := move{size: []int{1, 2, 3, 4, 8, 12, 16, 24}[r.IntN(8)]}
		shape, src := make([]int, rank), make([]int, rank)
		srcLen, dstLen, budget := m.size, m.size, 4000
		for i := range shape {
			shape[i] = 1
			if d := dims[r.IntN(len(dims))]; d <= budget {
				shape[i], budget = d, budget/d
			}
		}
		for i := rank - 1; i >= 0; i-- {
			src[i] = srcLen
			srcLen *= shape[i] + r.IntN(2) // with a gap or without
		}
		dst := make([]int, rank)
		order := r.Perm(rank)
		for i := rank - 1; i >= 0; i-- {
			dst[order[i]] = dstLen
			dstLen *= shape[order[i]] + r.IntN(2)
		}
		for _, i := range order {
			by := src[i]
			switch r.IntN(6) {
			case 0: // backwards
				m.from += (shape[i] - 1) * by
				by = -by
			case 1: // repeated
				by = 0
			}
			m.add(shape[i], by, dst[i])
		}
		odd := r.IntN(2)
		from := tensor.Bytes(make([]uint64, srcLen/8+2))[odd : odd+srcLen]
		for i := range from {
			from[i] = byte(r.Uint32())
		}
		got, want := tensor.Bytes(make([]uint64, dstLen/8+2))[odd:odd+dstLen], make([]byte, dstLen)
		m.run(got, from)
		m.plainly(want, from)
		require.Equal(t, want, got, "trial %d: %+v", trial, m)
	}
}

func TestMoveNothing(t *testing.T) {
	m := move{size: 4}
	m.add(3, 0, 0)
	m.add(0, 4, 4)
	m.run(nil, nil)
	require.Zero(t, testing.AllocsPerRun(10, func() { m.run(nil, nil) }))
}

func TestRepeatInto(t *testing.T) {
	for n := range 9 {
		b := make([]byte, 3*n)
		repeatInto(b, []byte{1, 2, 3})
		for i, x := range b {
			require.Equal(t, byte(i%3+1), x)
		}
	}
}

func BenchmarkTranspose(b *testing.B) {
	for _, c := range []struct {
		name string
		d    tensor.DType
		in   []int
		perm []int
	}{
		{"NHWC to NCHW float32", tensor.F32, []int{1, 96, 96, 32}, []int{0, 3, 1, 2}},
		{"NCHW to NHWC float32", tensor.F32, []int{1, 32, 96, 96}, []int{0, 2, 3, 1}},
		{"NHWC to NCHW int8", tensor.I8, []int{1, 96, 96, 32}, []int{0, 3, 1, 2}},
		{"matrix int8", tensor.I8, []int{512, 512}, []int{1, 0}},
		{"rows float32", tensor.F32, []int{64, 8, 64}, []int{1, 0, 2}},
		{"image uint8", tensor.U8, []int{224, 224, 3}, []int{1, 0, 2}},
	} {
		o := Transpose{Perm: c.perm}
		in := tensor.View{Type: tensor.Of(c.d, c.in...)}
		in.Data = tensor.Bytes(make([]uint64, in.Bytes()/8+1))[:in.Bytes()]
		types, err := o.Infer([]tensor.View{in})
		require.NoError(b, err)
		out := tensor.View{Type: types[0], Data: tensor.Bytes(make([]uint64, in.Bytes()/8+1))[:in.Bytes()]}
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(in.Bytes()))
			for b.Loop() {
				_ = o.Ref([]tensor.View{in}, []tensor.View{out})
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(in.Len()), "ns/element")
		})
	}
}

func ExampleStridedSlice_order() {
	order, n, _ := (&StridedSlice{EllipsisMask: 2, NewAxisMask: 1}).order(3, 4, nil)
	fmt.Println(order[:n])
	// Output: [{-1 0} {0 -1} {1 -1} {2 -1} {3 2}]
}
