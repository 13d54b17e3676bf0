package tasks

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestIoU(t *testing.T) {
	unit := Box{X1: 10, Y1: 10}
	for _, c := range []struct {
		b    Box
		want float64
	}{
		{unit, 1},
		{Box{X0: 5, X1: 15, Y1: 10}, 1.0 / 3},
		{Box{X0: 2, Y0: 2, X1: 4, Y1: 7}, 0.1},
		{Box{X0: 10, X1: 20, Y1: 10}, 0},
		{Box{X0: 3, Y0: 3, X1: 3, Y1: 3}, 0},
		{Box{X0: 9, Y0: 9, X1: 1, Y1: 1}, 0}, // turned inside out
		{Box{X0: -math.MaxFloat32, Y0: -math.MaxFloat32, X1: math.MaxFloat32, Y1: math.MaxFloat32}, 0},
	} {
		assert.InDelta(t, c.want, IoU(&unit, &c.b), 1e-12, "%v", c.b)
		assert.Equal(t, IoU(&unit, &c.b), IoU(&c.b, &unit))
	}
	assert.Zero(t, IoU(&Box{}, &Box{}))
}

func randomBoxes(r *rand.Rand, n int) []Box {
	out := make([]Box, n)
	for i := range out {
		out[i] = around(100*r.Float32(), 100*r.Float32(), 1+40*r.Float32(), 1+40*r.Float32())
		out[i].Class, out[i].Score = r.IntN(3), float32(r.IntN(20))/20 // many ties
	}
	return out
}

// simple is suppression as textbooks have it: take the best box that is left,
// throw away what overlaps it, again.
func simple(boxes []Box, iou float64, agnostic bool) (kept []Box) {
	left := slices.Clone(boxes)
	for len(left) > 0 {
		at := 0
		for i := range left {
			if left[i].Score > left[at].Score {
				at = i
			}
		}
		b := left[at]
		kept = append(kept, b)
		var rest []Box
		for i, o := range left {
			if i != at && (!agnostic && o.Class != b.Class || IoU(&b, &o) <= iou) {
				rest = append(rest, o)
			}
		}
		left = rest
	}
	return kept
}

func TestSuppression(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		boxes := randomBoxes(r, r.IntN(60))
		for _, iou := range []float32{0, 0.3, 0.5, 1} {
			for _, agnostic := range []bool{false, true} {
				s := Suppression{IoU: iou, Agnostic: agnostic}
				want := simple(boxes, float64(iou), agnostic)
				require.Equal(t, want, s.Apply(boxes))
				s.Top = 3
				require.Equal(t, want[:min(3, len(want))], s.Apply(boxes))
			}
		}
	}
}

func TestSuppressionDropsWhatIsNoNumber(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	good := Box{X1: 10, Y1: 10, Score: 0.5}
	boxes := []Box{{X0: nan, X1: 1, Y1: 1, Score: 1}, {X1: inf, Y1: 1, Score: 1}, {X1: 1, Y1: 1, Score: nan}, {X1: 1, Y1: 1, Score: inf},
		{X1: 1, Y1: 1, Score: 1, Points: []Point{{nan, 0}}}, good}
	assert.Equal(t, []Box{good}, Suppression{IoU: 0.5}.Apply(boxes))
}

func TestSuppressionIsBounded(t *testing.T) {
	boxes := make([]Box, 200_000) // all alike but apart: compared with each other they would take hours
	for i := range boxes {
		boxes[i] = Box{X0: float32(2 * i), X1: float32(2*i + 1), Y1: 1, Score: 1}
	}
	got := Suppression{IoU: 0.5, Candidates: 100}.Apply(boxes)
	require.Len(t, got, 100)
	assert.Equal(t, boxes[99], got[99])
}

func ExampleSuppression() {
	boxes := []Box{
		{X0: 10, Y0: 10, X1: 50, Y1: 50, Score: 0.8},
		{X0: 12, Y0: 11, X1: 52, Y1: 49, Score: 0.9},
		{X0: 70, Y0: 10, X1: 90, Y1: 30, Score: 0.6},
	}
	for _, b := range (Suppression{IoU: 0.5}).Apply(boxes) {
		fmt.Println(b.X0, b.Y0, b.X1, b.Y1, b.Score)
	}
	// Output:
	// 12 11 52 49 0.9
	// 70 10 90 30 0.6
}
