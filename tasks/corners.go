package tasks

import "cmp"

// Corners is the head of detectors that give the corners of boxes, decoded but
// not suppressed:
//
//	boxes  [1 n 4]  x0, y0, x1, y1
//	scores [1 n c]
//
// UltraFace is of this kind, with coordinates of 0 to 1, two classes, and class
// 0 the background (github.com/Linzaer/Ultra-Light-Fast-Generic-Face-Detector-1MB).
type Corners struct {
	Choice
	// YX says that coordinates are y0, x0, y1, x1.
	YX bool
	// Pixels says that coordinates are in pixels of the input, not of 0 to 1.
	Pixels bool

	name string // "" is "corners"
}

// UltraFace returns the head of UltraFace.
func UltraFace() *Corners {
	return &Corners{Choice: Choice{Activation: None, Skip: 1}, name: "ultraface"}
}

// Name returns "corners", or "ultraface".
func (h *Corners) Name() string { return cmp.Or(h.name, "corners") }

// Decode reads the boxes.
func (h *Corners) Decode(o *Outputs, in Size, least float32) ([]Box, error) {
	if err := o.ready(in); err != nil {
		return nil, err
	}
	boxes, scores, err := boxesAndScores(o, h.Name(), 4)
	if err != nil {
		return nil, err
	}
	n := boxes.Shape[len(boxes.Shape)-2]
	classes := scores.Shape[len(scores.Shape)-1]
	if err := h.check(h.Name(), scores); err != nil {
		return nil, err
	}
	scratch := make([]float32, classes)
	var out []Box
	for i := range n {
		h.each(scores.Data[i*classes:(i+1)*classes], scratch, 1, least, func(class int, score float32) {
			b := corners(boxes.Data[4*i:], h.YX)
			if !h.Pixels {
				b.scale(float32(in.W), float32(in.H))
			}
			b.Class, b.Score = class, score
			out = append(out, b)
		})
	}
	return out, nil
}

// corners reads four coordinates.
func corners(x []float32, yx bool) Box {
	if yx {
		return Box{X0: x[1], Y0: x[0], X1: x[3], Y1: x[2]}
	}
	return Box{X0: x[0], Y0: x[1], X1: x[2], Y1: x[3]}
}

// boxesAndScores finds [1 n width] boxes, or wider ones if width is negative,
// and [1 n c] scores.
func boxesAndScores(o *Outputs, head string, width int) (boxes, scores *Tensor, err error) {
	want := shapeText("n", width)
	boxes, err = o.pick(head, "boxes", want, func(t *Tensor) bool {
		d, ok := t.dims(2)
		return ok && d[1] == width
	})
	if err != nil {
		return nil, nil, err
	}
	n := boxes.Shape[len(boxes.Shape)-2]
	scores, err = o.pick(head, "scores", shapeText(n, "classes"), func(t *Tensor) bool { return t.is(n, 0) && t.Shape[len(t.Shape)-1] > 0 }, boxes)
	return boxes, scores, err
}
