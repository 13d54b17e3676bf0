package tasks

import (
	"fmt"
	"math"
)

// Selected is the head of models that end with non-maximum suppression. Its
// outputs are those of TFLite_Detection_PostProcess:
//
//	boxes [1 n 4], classes [1 n], scores [1 n], count [1]
//
// in this order unless names say otherwise; count may be left out, and classes
// where there is but one. One output [1 n 6] instead holds x0, y0, x1, y1,
// score and class, as YOLOv10 has it. Where [Outputs] name indices, they are
// those of ONNX's NonMaxSuppression:
//
//	indices [k 3]  batch, class, box
//	boxes [1 n 4], scores [1 c n]
type Selected struct {
	YX     bool // coordinates are y0, x0, y1, x1
	Pixels bool // of the input; else of 0 to 1
	Skip   int  // the number of the first class, 1 where 0 is the background
}

// Name returns "selected".
func (*Selected) Name() string { return "selected" }

// Decode reads the boxes.
func (h *Selected) Decode(o *Outputs, in Size, least float32) ([]Box, error) {
	if err := o.ready(in); err != nil {
		return nil, err
	}
	var out []Box
	var err error
	if name, ok := o.Names["indices"]; ok {
		out, err = h.byIndex(o, o.named(name), least)
	} else if len(o.Tensors) == 1 && o.Tensors[0].is(0, 6) {
		out = h.rows(&o.Tensors[0], least)
	} else {
		out, err = h.lists(o, least)
	}
	if !h.Pixels {
		for i := range out {
			out[i].scale(float32(in.W), float32(in.H))
		}
	}
	return out, err
}

// add appends a box if its score is enough and its class is a number of one.
func (h *Selected) add(out []Box, x []float32, class, score, least float32) []Box {
	c := math.RoundToEven(float64(class)) - float64(h.Skip)
	if !(score >= least) || !(c >= 0 && c < 1<<20) {
		return out
	}
	b := corners(x, h.YX)
	b.Class, b.Score = int(c), score
	return append(out, b)
}

func (h *Selected) rows(t *Tensor, least float32) (out []Box) {
	for i := 0; i < len(t.Data); i += 6 {
		x := t.Data[i : i+6]
		out = h.add(out, x, x[5], x[4], least)
	}
	return out
}

// lists reads boxes, classes, scores and count.
func (h *Selected) lists(o *Outputs, least float32) (out []Box, err error) {
	boxes, err := o.pick(h.Name(), "boxes", shapeText("n", 4), func(t *Tensor) bool { return t.is(0, 4) })
	if err != nil {
		return nil, err
	}
	n := len(boxes.Data) / 4
	list := func(t *Tensor) bool { return t != boxes && len(t.Data) == n && (t.is(n) || n == 0) }
	classes, scores, err := h.classesAndScores(o, list, n)
	if err != nil {
		return nil, err
	}
	count, err := o.pick(h.Name(), "count", "[1]", func(t *Tensor) bool { return len(t.Data) == 1 }, boxes, classes, scores)
	if _, declared := o.Names["count"]; err != nil && declared {
		return nil, err
	}
	if err == nil {
		if c := count.Data[0]; !(c >= 0 && c <= float32(n)) {
			return nil, fmt.Errorf("output %s: a count of %g for %d boxes: name the outputs", count, c, n)
		}
		n = int(count.Data[0])
	}
	for i := range n {
		class := float32(h.Skip)
		if classes != nil {
			class = classes.Data[i]
		}
		out = h.add(out, boxes.Data[4*i:], class, scores.Data[i], least)
	}
	return out, nil
}

// classesAndScores tells two lists apart by name, or else by their order.
// Classes may be missing.
func (h *Selected) classesAndScores(o *Outputs, list func(*Tensor) bool, n int) (classes, scores *Tensor, err error) {
	lists := 0
	for i := range o.Tensors {
		if list(&o.Tensors[i]) {
			lists++
		}
	}
	want := shapeText(n)
	_, declared := o.Names["scores"]
	if t := o.named("scores"); declared || lists < 2 || t != nil && list(t) {
		if scores, err = o.pick(h.Name(), "scores", want, list); err != nil {
			return nil, nil, err
		}
	}
	if _, declared := o.Names["classes"]; declared || lists > 1 {
		if classes, err = o.pick(h.Name(), "classes", want, list, scores); err != nil {
			return nil, nil, err
		}
	}
	if scores == nil {
		scores, err = o.pick(h.Name(), "scores", want, list, classes)
	}
	return classes, scores, err
}

// byIndex reads what NonMaxSuppression selected.
func (h *Selected) byIndex(o *Outputs, indices *Tensor, least float32) (out []Box, err error) {
	if len(indices.Data)%3 != 0 {
		return nil, fmt.Errorf("output %s: indices are [k 3], of batch, class and box: declare other outputs", indices)
	}
	boxes, err := o.pick(h.Name(), "boxes", shapeText("n", 4), func(t *Tensor) bool { return t != indices && t.is(0, 4) })
	if err != nil {
		return nil, err
	}
	n := len(boxes.Data) / 4
	scores, err := o.pick(h.Name(), "scores", shapeText("classes", n), func(t *Tensor) bool { return t != indices && t.is(0, n) }, boxes)
	if err != nil {
		return nil, err
	}
	for i := 0; i < len(indices.Data); i += 3 {
		batch, class, box := indices.Data[i], indices.Data[i+1], indices.Data[i+2]
		if batch != 0 {
			continue
		}
		if n == 0 || !(class >= 0 && class < float32(len(scores.Data)/n)) || !(box >= 0 && box < float32(n)) {
			return nil, fmt.Errorf("output %s: row %d is class %g, box %g, where there are %s and %s", indices, i/3, class, box, scores, boxes)
		}
		at := int(class)*n + int(box)
		out = h.add(out, boxes.Data[4*int(box):], class, scores.Data[at], least)
	}
	return out, nil
}
