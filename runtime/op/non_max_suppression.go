package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// NonMaxSuppression chooses, of each batch and class, the boxes with the best
// scores that overlap no better one too much. Inputs: boxes float32[b n 4],
// scores float32[b c n], and up to three numbers: the most boxes of a class
// (int64; 0 if left out), the overlap (intersection over union) above which a
// box is dropped, and the score that a box must exceed. The output is int64[k 3]:
// batch, class and box, best first within a class.
type NonMaxSuppression struct{ Centered bool } // boxes are [x y w h], not two corners [y x y x]

// Infer chooses, if everything is known, in order to count.
func (o *NonMaxSuppression) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 2, 5); err != nil {
		return nil, err
	}
	for i := range 2 {
		if err := wantType(in, i, tensor.F32); err != nil {
			return nil, err
		}
		if err := wantRank(in, i, 3); err != nil {
			return nil, err
		}
	}
	boxes, scores := in[0].Shape, in[1].Shape
	if differ(boxes[0], scores[0]) || differ(boxes[1], scores[2]) || differ(boxes[2], 4) {
		return nil, errorf("boxes %v and scores %v do not agree: want [b n 4] and [b c n]", boxes, scores)
	}
	known := in[0].Known() && in[1].Known()
	for i := 2; i < len(in); i++ {
		d := tensor.F32
		if i == 2 {
			d = tensor.I64
		}
		if in[i].Absent() {
			continue
		}
		if in[i].DType != d || in[i].Static() && in[i].Len() != 1 {
			return nil, errorf("input %d is %s%v, want one %s", i, in[i].DType, in[i].Shape, d)
		}
		known = known && in[i].Known()
	}
	n := tensor.Dynamic
	if known {
		n = len(o.choose(in)) / 3
	}
	return []tensor.Type{tensor.Of(tensor.I64, n, 3)}, nil
}

// choose returns the output's elements.
func (o *NonMaxSuppression) choose(in []tensor.View) (chosen []int64) {
	most, overlap, least, bounded := int64(0), float32(0), float32(0), false
	if v := input(in, 2); !v.Absent() {
		most = v.I64()[0]
	}
	if v := input(in, 3); !v.Absent() {
		overlap = v.F32()[0]
	}
	if v := input(in, 4); !v.Absent() {
		least, bounded = v.F32()[0], true
	}
	boxes, scores := in[0].F32(), in[1].F32()
	b, c, n := in[1].Shape[0], in[1].Shape[1], in[1].Shape[2]
	order, kept := make([]int, 0, n), make([]int, 0, n)
	for i := range b * c {
		s, at := scores[i*n:(i+1)*n], boxes[i/c*n*4:(i/c+1)*n*4]
		order, kept = order[:0], kept[:0]
		for k, v := range s {
			if !bounded || v > least {
				order = append(order, k)
			}
		}
		slices.SortStableFunc(order, func(x, y int) int { return compareScores(s[y], s[x]) })
		for _, k := range order {
			if int64(len(kept)) >= most {
				break
			}
			if !slices.ContainsFunc(kept, func(j int) bool { return o.overlap(at[j*4:], at[k*4:]) > overlap }) {
				kept = append(kept, k)
				chosen = append(chosen, int64(i/c), int64(i%c), int64(k))
			}
		}
	}
	return chosen
}

func compareScores(x, y float32) int {
	switch {
	case x > y:
		return 1
	case x < y:
		return -1
	}
	return 0
}

// overlap returns the intersection over union of two boxes; 0 if either is empty.
func (o *NonMaxSuppression) overlap(a, b []float32) float32 {
	a0, a1, a2, a3 := o.corners(a)
	b0, b1, b2, b3 := o.corners(b)
	h, w := min(a2, b2)-max(a0, b0), min(a3, b3)-max(a1, b1)
	if !(h > 0) || !(w > 0) {
		return 0
	}
	both := h * w
	area := float32((a2-a0)*(a3-a1)) + float32((b2-b0)*(b3-b1)) - float32(both)
	return both / area
}

// corners returns the least and greatest coordinates of a box.
func (o *NonMaxSuppression) corners(b []float32) (y0, x0, y1, x1 float32) {
	if o.Centered {
		w, h := b[2]/2, b[3]/2
		return b[1] - h, b[0] - w, b[1] + h, b[0] + w
	}
	return min(b[0], b[2]), min(b[1], b[3]), max(b[0], b[2]), max(b[1], b[3])
}

// Ref chooses once more: the number of boxes depends on data, so that the
// operator is prepared in each run anyway, and may allocate.
func (o *NonMaxSuppression) Ref(in, out []tensor.View) error {
	copy(out[0].I64(), o.choose(in))
	return nil
}

// Work counts the comparisons of boxes at worst.
func (*NonMaxSuppression) Work(in, out []tensor.Type) int64 {
	n := int64(in[1].Shape[2])
	return int64(in[1].Len()) * max(n, 1)
}
