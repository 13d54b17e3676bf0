package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// aggregateF32 returns the step of an Aggregate of float32 by kernels, nil if
// there are none.
func aggregateF32(kind Reduction, r *runs, x, y []float32, k *kernels.Set) Step {
	if k == nil {
		return nil
	}
	line, each := lineSum(k, kernels.ReduceSum), rowsCombined(k, kernels.BinaryAdd)
	switch kind {
	case ReduceSum:
		return gather(r, x, y, 0, line, each, nil)
	case ReduceMean:
		return gather(r, x, y, 0, line, each, dividedBy(k, y, float32(r.count)))
	case ReduceMax:
		return gather(r, x, y, infs[0], lineExtremum(k, kernels.ReduceMax), rowsCombined(k, kernels.BinaryMax), nil)
	case ReduceMin:
		return gather(r, x, y, infs[1], lineExtremum(k, kernels.ReduceMin), rowsCombined(k, kernels.BinaryMin), nil)
	}
	if !r.combined || kind != ReduceSumSquare && kind != ReduceL2 {
		return nil
	}
	squares := lineSum(k, kernels.ReduceSquares)
	if kind == ReduceSumSquare {
		return gather(r, x, y, 0, squares, each, nil)
	}
	return gather(r, x, y, 0, squares, each, func() {
		for i, v := range y {
			y[i] = sqrt32(v)
		}
	})
}

// reduceF32 returns the step of a Reduce of float32 by kernels, nil if there
// are none. Its maxima pass over NaN, where kernels stop: those lines are done
// again.
func reduceF32(kind Reduction, r *runs, x, y []float32, k *kernels.Set) Step {
	if k == nil {
		return nil
	}
	line, each := lineSum(k, kernels.ReduceSum), rowsCombined(k, kernels.BinaryAdd)
	switch kind {
	case ReduceSum:
		return gather(r, x, y, 0, line, each, nil)
	case ReduceMean:
		return gather(r, x, y, 0, line, each, dividedBy(k, y, float32(max(r.count, 1))))
	case ReduceMax:
		return gather(r, x, y, -math.MaxFloat32, lineNumber(k, kernels.ReduceMax, maxLine[float32]), maxEach[float32], nil)
	case ReduceMin:
		return gather(r, x, y, math.MaxFloat32, lineNumber(k, kernels.ReduceMin, minLine[float32]), minEach[float32], nil)
	}
	return nil
}

// lineSum adds what a kernel sums up.
func lineSum(k *kernels.Set, f kernels.ReduceFn) func(a float32, x []float32) float32 {
	return func(a float32, x []float32) float32 { return a + k.ReduceF32(f, x, 0) }
}

// rowsCombined combines two rows.
func rowsCombined(k *kernels.Set, f kernels.BinaryFn) func(acc, x []float32) {
	return func(acc, x []float32) {
		k.BinaryF32(f, acc[:len(x)], x, acc, infs[0], infs[1])
	}
}

func dividedBy(k *kernels.Set, y []float32, n float32) func() {
	by := []float32{n}
	return func() { k.BinaryF32(kernels.BinaryDiv, y, y, by, infs[0], infs[1]) }
}

// lineExtremum is greatestLine or leastLine by a kernel. Of zeros these take the
// first.
func lineExtremum(k *kernels.Set, f kernels.ReduceFn) func(a float32, x []float32) float32 {
	more := kernels.BinaryMax
	if f == kernels.ReduceMin {
		more = kernels.BinaryMin
	}
	return func(a float32, x []float32) float32 {
		v := k.ReduceF32(f, x, 0)
		if v == 0 {
			v = x[find(x, 0)]
		}
		return more.Of(v, a)
	}
}

// lineNumber is slow by a kernel, but for NaN.
func lineNumber(k *kernels.Set, f kernels.ReduceFn, slow func(a float32, x []float32) float32) func(a float32, x []float32) float32 {
	fast := lineExtremum(k, f)
	return func(a float32, x []float32) float32 {
		v := fast(a, x)
		if v != v {
			return slow(a, x)
		}
		return v
	}
}
