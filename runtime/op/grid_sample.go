package op

import (
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// GridPadding says what lies outside of an image.
type GridPadding uint8

// The paddings.
const (
	GridZeros GridPadding = iota
	GridBorder
	GridReflection
)

// GridSample looks an image up at places of a grid. Input 0 is [n c d1 d2 …],
// input 1 [n o1 o2 … r], of the same type, float32 or float64: for each output
// a place in the image's r axes, the last first, from -1 to 1. These are the
// centres of the outermost pixels with AlignCorners, else their outer borders.
type GridSample struct {
	Mode         ResizeMode
	Padding      GridPadding
	AlignCorners bool
}

// Infer returns [n c o1 o2 …].
func (o *GridSample) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 2); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32, tensor.F64); err != nil {
		return nil, err
	}
	if err := wantSame(in, 0, 1); err != nil {
		return nil, err
	}
	x, g := in[0].Shape, in[1].Shape
	if len(x) < 3 || len(x) > maxRank || len(g) != len(x) || g[len(g)-1] != len(x)-2 && g[len(g)-1] != tensor.Dynamic {
		return nil, errorf("image %v and grid %v: want [n c d1 … dr] and [n o1 … or r]", x, g)
	}
	if x[0] != g[0] && x[0] != tensor.Dynamic && g[0] != tensor.Dynamic {
		return nil, errorf("image %v and grid %v are batches of different sizes", x, g)
	}
	shape := append([]int{x[0], x[1]}, g[1:len(g)-1]...)
	if slices.Contains(x[2:], 0) && !slices.Contains(shape, 0) {
		return nil, errorf("image %v is empty", x)
	}
	return []tensor.Type{in[0].WithShape(shape...)}, nil
}

// Ref samples.
func (o *GridSample) Ref(in, out []tensor.View) error {
	if in[0].DType == tensor.F32 {
		gridPlain(*o, in[0].Shape, in[0].F32(), in[1].F32(), out[0].F32())
	} else {
		gridPlain(*o, in[0].Shape, in[0].F64(), in[1].F64(), out[0].F64())
	}
	return nil
}

// gridAxis is the neighbourhood of a place along one axis: pixels, -1 for zero.
type gridAxis struct {
	n      int
	index  [4]int
	weight [4]float64
}

func gridPlain[T nnReal](o GridSample, shape []int, x, grid, y []T) {
	rank, n, c := len(shape)-2, shape[0], shape[1]
	if len(y) == 0 {
		return
	}
	pixels, outs := product(shape[2:]), len(y)/(n*c)
	var ax [maxSpatial]gridAxis
	for p := range n * outs {
		for i := range rank {
			ax[i] = o.axis(float64(grid[p*rank+rank-1-i]), shape[2+i])
		}
		for k := range c {
			image := (p/outs*c + k) * pixels
			y[(p/outs*c+k)*outs+p%outs] = T(gridSum(ax[:rank], shape[2:], x[image:image+pixels]))
		}
	}
}

// gridSum adds up the neighbourhood.
func gridSum[T nnReal](ax []gridAxis, shape []int, x []T) float64 {
	var k [maxSpatial]int
	sum := 0.0
	for {
		at, weight, zero := 0, 1.0, false
		for i := range ax {
			j := ax[i].index[k[i]]
			at, weight, zero = at*shape[i]+j, float64(weight*ax[i].weight[k[i]]), zero || j < 0
		}
		if !zero {
			sum += float64(weight * float64(x[at]))
		}
		i := len(ax) - 1
		for ; i >= 0; i-- {
			if k[i]++; k[i] < ax[i].n {
				break
			}
			k[i] = 0
		}
		if i < 0 {
			return sum
		}
	}
}

// axis returns the neighbourhood of place v along an axis of n pixels.
func (o *GridSample) axis(v float64, n int) (a gridAxis) {
	lo, hi := -0.5, float64(n)-0.5
	at := (float64((v+1)*float64(n)) - 1) / 2
	if o.AlignCorners {
		lo, hi = 0, float64(n-1)
		at = float64((v + 1) / 2 * float64(n-1))
	}
	if at != at {
		at = lo
	}
	at = max(min(at, maxReach), -maxReach)
	if o.Mode == ResizeNearest {
		at = math.RoundToEven(at)
	}
	if at < lo || at > hi {
		switch o.Padding {
		case GridBorder:
			at = max(min(at, float64(n-1)), 0)
		case GridReflection:
			at = reflected(at, lo, hi)
		}
	}
	base := math.Floor(at)
	f, start := at-base, 0
	switch o.Mode {
	case ResizeNearest:
		a.n, a.weight[0] = 1, 1
	case ResizeLinear:
		a.n, a.weight[0], a.weight[1] = 2, 1-f, f
	case ResizeCubic:
		a.n, start = 4, -1
		for k := range a.weight {
			a.weight[k] = cubicWeight(math.Abs(float64(k-1)-f), -0.75)
		}
	}
	for k := range a.n {
		i := int(base) + start + k
		if i < 0 || i >= n {
			switch o.Padding {
			case GridZeros:
				i = -1
			case GridBorder:
				i = max(min(i, n-1), 0)
			case GridReflection:
				i = max(min(int(reflected(float64(i), lo, hi)), n-1), 0)
			}
		}
		a.index[k] = i
	}
	return a
}

// reflected mirrors x at lo and hi until it lies between.
func reflected(x, lo, hi float64) float64 {
	span := hi - lo
	if span <= 0 {
		return lo
	}
	d, from, to := lo-x, lo, 1.0
	if x > hi {
		d, from, to = x-hi, hi, -1
	}
	if d <= 0 {
		return x
	}
	turns := math.Floor(d / span)
	rest := d - float64(turns*span)
	if math.Mod(turns, 2) == 0 {
		return from + float64(to*rest)
	}
	return lo + hi - from - float64(to*rest)
}

// Work counts the neighbours of each place.
func (o *GridSample) Work(in, out []tensor.Type) int64 {
	taps := int64(1)
	for range in[0].Shape[2:] {
		taps *= [...]int64{ResizeNearest: 1, ResizeLinear: 2, ResizeCubic: 4}[o.Mode]
	}
	return int64(out[0].Len()) * taps
}
