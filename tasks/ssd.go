package tasks

import "fmt"

// Anchor is a box that a detector refines: its centre and size as parts of the
// input, 0 to 1. Papers also call it a prior or a default box.
type Anchor struct{ X, Y, W, H float32 }

// SSD is the head of detectors that refine anchors, as in "SSD: Single Shot
// MultiBox Detector" (Liu et al., 2016):
//
//	boxes  [1 n 4+2p]  tx, ty, tw, th and p points, one row for each anchor a
//	scores [1 n c]
//
//	centre x = a.X + a.W·tx/Scale[0]      width  = a.W·e^(tw/Scale[2])
//	centre y = a.Y + a.H·ty/Scale[1]      height = a.H·e^(th/Scale[3])
//
// TensorFlow's box coder has scales of 10, 10, 5, 5 and writes y before x;
// Caffe's variances of 0.1 and 0.2 are 1/Scale. MediaPipe's BlazeFace takes
// sizes as they are, without exp, in pixels: Scale is then the input's size.
type SSD struct {
	Choice
	Anchors []Anchor
	Scale   [4]float32 // of tx, ty, tw, th
	YX      bool       // rows are ty, tx, th, tw
	Linear  bool       // width = a.W·tw/Scale[2]
	Points  int        // landmarks; x before y
}

// Name returns "ssd".
func (*SSD) Name() string { return "ssd" }

// Decode reads the boxes.
func (h *SSD) Decode(o *Outputs, in Size, least float32) ([]Box, error) {
	if err := o.ready(in); err != nil {
		return nil, err
	}
	width := 4 + 2*max(0, h.Points)
	boxes, scores, err := boxesAndScores(o, h.Name(), width)
	if err != nil {
		return nil, err
	}
	n := boxes.Shape[len(boxes.Shape)-2]
	if n != len(h.Anchors) {
		return nil, fmt.Errorf("output %s: %d anchors are declared for %d boxes: mend detect.anchors", boxes, len(h.Anchors), n)
	}
	classes := scores.Shape[len(scores.Shape)-1]
	if err := h.check(h.Name(), scores); err != nil {
		return nil, err
	}
	scratch := make([]float32, classes)
	var out []Box
	for i := range n {
		h.each(scores.Data[i*classes:(i+1)*classes], scratch, 1, least, func(class int, score float32) {
			b := h.box(h.Anchors[i], boxes.Data[width*i:width*(i+1)])
			b.scale(float32(in.W), float32(in.H))
			b.Class, b.Score = class, score
			out = append(out, b)
		})
	}
	return out, nil
}

// box refines an anchor.
func (h *SSD) box(a Anchor, t []float32) Box {
	tx, ty, tw, th := t[0], t[1], t[2], t[3]
	if h.YX {
		tx, ty, tw, th = t[1], t[0], t[3], t[2]
	}
	tx, ty, tw, th = tx/h.Scale[0], ty/h.Scale[1], tw/h.Scale[2], th/h.Scale[3]
	if !h.Linear {
		tw, th = exp(tw), exp(th)
	}
	b := around(float32(tx*a.W)+a.X, float32(ty*a.H)+a.Y, float32(tw*a.W), float32(th*a.H))
	for k := range max(0, h.Points) {
		px, py := t[4+2*k]/h.Scale[0], t[5+2*k]/h.Scale[1]
		b.Points = append(b.Points, Point{float32(px*a.W) + a.X, float32(py*a.H) + a.Y})
	}
	return b
}
