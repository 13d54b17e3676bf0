package op

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// shapeMakers make operators that move elements, with random attributes, some
// of them absurd.
var shapeMakers = []func(r *rand.Rand) Referenced{
	func(r *rand.Rand) Referenced { return &Reshape{CopyZero: r.IntN(2) == 0} },
	func(r *rand.Rand) Referenced {
		return &Shape{DType: tensor.I64, Skip: r.IntN(4) - 1, Drop: r.IntN(3)}
	},
	func(r *rand.Rand) Referenced { return &Flatten{Axis: r.IntN(9) - 4} },
	func(r *rand.Rand) Referenced { return &Size{} },
	func(r *rand.Rand) Referenced { return &PadSides{Border: Border(r.IntN(4))} },
	func(r *rand.Rand) Referenced { return &StridedSlice{} },
	func(r *rand.Rand) Referenced {
		return &Split{Num: r.IntN(4), Axis: r.IntN(5) - 2, Uneven: r.IntN(2) == 0}
	},
	func(r *rand.Rand) Referenced { return &Where{Columns: true} },
	func(r *rand.Rand) Referenced { return &GatherElements{Axis: r.IntN(5) - 2} },
	func(r *rand.Rand) Referenced { return &GatherND{BatchDims: r.IntN(3), Negative: true} },
	func(r *rand.Rand) Referenced { return &Gather{Axis: r.IntN(5) - 2, Negative: true} },
	func(r *rand.Rand) Referenced {
		return &ScatterElements{Axis: r.IntN(5) - 2, Scattering: Scattering(r.IntN(5))}
	},
	func(r *rand.Rand) Referenced { return &ScatterSlices{Scattering: Scattering(r.IntN(5))} },
	func(r *rand.Rand) Referenced {
		return &TensorScatter{Axis: r.IntN(5) - 2, Circular: r.IntN(2) == 0}
	},
	func(r *rand.Rand) Referenced { return &Trilu{Upper: r.IntN(2) == 0} },
	func(r *rand.Rand) Referenced { return &EyeLike{DType: tensor.DType(r.IntN(14)), Shift: r.IntN(9) - 4} },
	func(r *rand.Rand) Referenced { return &Compress{Axis: r.IntN(5) - 2, Flat: r.IntN(2) == 0} },
	func(r *rand.Rand) Referenced {
		return &ReverseSequence{TimeAxis: r.IntN(4) - 1, BatchAxis: r.IntN(4) - 1}
	},
	func(r *rand.Rand) Referenced {
		return &Unique{Axis: r.IntN(5) - 2, Flat: r.IntN(2) == 0, Sorted: r.IntN(2) == 0}
	},
	func(r *rand.Rand) Referenced { return &CenterCropPad{} },
	func(r *rand.Rand) Referenced {
		return &CenterCropPad{Axes: []int{r.IntN(5) - 2, r.IntN(5) - 2}[:r.IntN(3)]}
	},
	func(r *rand.Rand) Referenced { return &Range{Multiply: true} },
	func(r *rand.Rand) Referenced { return &Tile{} },
	func(r *rand.Rand) Referenced { return &BroadcastTo{TwoWay: true} },
	func(r *rand.Rand) Referenced { return &Squeeze{} },
	func(r *rand.Rand) Referenced { return &ExpandDims{} },
	func(r *rand.Rand) Referenced { return &OneHot{Axis: r.IntN(5) - 2, Negative: true} },
}

// randomView returns a small tensor; small integers make likely indices.
func randomView(r *rand.Rand, base []int) tensor.View {
	types := []tensor.DType{tensor.F32, tensor.I64, tensor.I64, tensor.I32, tensor.Bool, tensor.F16, tensor.U8, tensor.F64, tensor.None}
	v := tensor.View{Type: tensor.Type{DType: types[r.IntN(len(types))], Shape: []int{}}}
	switch r.IntN(3) {
	case 0:
		v.Shape = slices.Clone(base)
	case 1:
		v.Shape = []int{max(0, len(base)*(1+r.IntN(2)))}
	default:
		for range r.IntN(4) {
			v.Shape = append(v.Shape, r.IntN(4))
		}
	}
	if v.DType == tensor.None {
		return tensor.View{}
	}
	v.Data = tensor.Bytes(make([]uint64, v.Bytes()/8+1))[:v.Bytes()]
	for i := range v.Len() {
		x := r.IntN(6) - 2
		if r.IntN(100) == 0 {
			x = 1<<31 - 1 - r.IntN(2)
		}
		switch v.DType {
		case tensor.I64:
			v.I64()[i] = int64(x)
		case tensor.I32:
			v.I32()[i] = int32(x)
		case tensor.F32:
			v.F32()[i] = float32(x)
		default:
			v.Data[i*v.DType.Size()] = byte(x) & 1
		}
	}
	return v
}

// makeLikely gives inputs types and shapes that agree, now and then.
func makeLikely(r *rand.Rand, in []tensor.View) {
	alike := func(i, j int) {
		in[i].Type = in[j].Type
		in[i].Data = slices.Clone(in[j].Data)
	}
	switch r.IntN(4) {
	case 0:
		in[2].DType = in[0].DType
		in[2].Data = tensor.Bytes(make([]uint64, in[2].Bytes()/8+1))[:in[2].Bytes()]
	case 1:
		alike(2, 0)
		in[1] = tensor.View{Type: tensor.Of(tensor.I64, in[0].Shape...)}
		in[1].Data = make([]byte, in[1].Bytes())
	case 2:
		in[0].Shape, in[0].Data = []int{}, append(in[0].Data, make([]byte, 8)...)[:in[0].DType.Bits()/8]
		alike(1, 0)
		alike(2, 0)
		if r.IntN(2) == 0 && len(in[2].Data) > 0 {
			in[2].Data[0] ^= 1
		}
	}
}

// TestShapesAreRobust runs operators on whatever inputs: they must not panic, and
// what they infer of unknown contents must be what they infer of known ones.
func TestShapesAreRobust(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	ran := map[string]int{}
	for k := range 150000 {
		o := shapeMakers[k%len(shapeMakers)](r)
		base := []int{}
		for range r.IntN(4) {
			base = append(base, r.IntN(4))
		}
		in := make([]tensor.View, 1+r.IntN(4))
		for i := range in {
			in[i] = randomView(r, base)
		}
		if r.IntN(8) == 0 {
			in = in[:min(len(in), 3)]
			for i, shape := range [][]int{{2, 2}, {2}, {2, 1}}[:len(in)] {
				in[i] = tensor.View{Type: tensor.Of(tensor.I64, shape...), Data: tensor.Bytes([]int64{int64(r.IntN(2)), int64(r.IntN(2)), 1, 0}[:product(shape)])}
			}
		} else if len(in) > 2 {
			makeLikely(r, in)
		}
		types, err := o.Infer(in)
		if err != nil {
			continue
		}
		what := fmt.Sprintf("%T%+v %v", o, o, in)
		size, out := 0, []tensor.View{}
		for _, ty := range types {
			require.True(t, ty.Static(), what)
			if ty.Check() != nil { // a graph refuses it
				size = 1 << 30
				break
			}
			size += min(ty.Bytes(), 1<<20)
		}
		wantConsistent(t, r, o, in, types, what)
		if size >= 1<<16 {
			continue
		}
		for _, ty := range types {
			out = append(out, tensor.View{Type: ty, Data: tensor.Bytes(make([]uint64, ty.Bytes()/8+1))[:ty.Bytes()]})
		}
		if err := o.Ref(in, out); err != nil {
			require.ErrorIs(t, err, ErrData, what)
			continue
		}
		ran[graph.Name(o)]++
	}
	for _, make := range shapeMakers {
		require.NotZero(t, ran[graph.Name(make(r))], graph.Name(make(r)))
	}
}

// wantConsistent forgets contents and dimensions, and infers again.
func wantConsistent(t *testing.T, r *rand.Rand, o Referenced, in []tensor.View, want []tensor.Type, what string) {
	less := slices.Clone(in)
	for i := range less {
		if r.IntN(2) == 0 {
			less[i].Data = nil
			if r.IntN(2) == 0 && len(less[i].Shape) > 0 {
				less[i].Shape = slices.Clone(less[i].Shape)
				less[i].Shape[r.IntN(len(less[i].Shape))] = tensor.Dynamic
			}
		}
	}
	got, err := o.Infer(less)
	if err != nil {
		lack := &UnsupportedError{}
		require.ErrorAs(t, err, &lack, "%s with %v", what, less)
		return
	}
	require.Len(t, got, len(want))
	for i := range got {
		require.True(t, got[i].DType == want[i].DType && shapesAgree(got[i].Shape, want[i].Shape), "%s: %v with %v, %v without", what, want, less, got)
	}
}
