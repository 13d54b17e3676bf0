package tasks

import "fmt"

// YOLO is the head of detectors that give decoded boxes in one output, centre,
// width and height:
//
//	[1 n 5+c]  x, y, w, h, objectness, classes: YOLOv5, v7 (objectness·class is the score)
//	[1 4+c n]  x, y, w, h, classes: YOLOv8, v9, v11
//
// either of them also turned the other way.
type YOLO struct {
	Choice
	Objectness bool
	Fraction   bool // coordinates are parts of the input, not its pixels
	Classes    int  // c; 0 means that n is the longer side
}

// Name returns "yolov5" or "yolov8".
func (h *YOLO) Name() string {
	if h.Objectness {
		return "yolov5"
	}
	return "yolov8"
}

// Decode reads the boxes.
func (h *YOLO) Decode(o *Outputs, in Size, least float32) ([]Box, error) {
	if err := o.ready(in); err != nil {
		return nil, err
	}
	fixed := 4
	if h.Objectness {
		fixed = 5
	}
	classes := "classes"
	if h.Classes > 0 {
		classes = fmt.Sprint(h.Classes)
	}
	t, err := o.pick(h.Name(), "boxes", fmt.Sprintf("[1 n %d+%s] or [1 %d+%s n]", fixed, classes, fixed, classes), func(t *Tensor) bool {
		_, k, _ := h.layout(t, fixed)
		return k > fixed
	})
	if err != nil {
		return nil, err
	}
	n, k, byRow := h.layout(t, fixed)
	row, scratch := make([]float32, k), make([]float32, k-fixed)
	var out []Box
	for i := range n {
		if byRow {
			copy(row, t.Data[i*k:])
		} else {
			for j := range row {
				row[j] = t.Data[j*n+i]
			}
		}
		objectness := float32(1)
		if h.Objectness {
			objectness = row[4]
		}
		h.each(row[fixed:], scratch, objectness, least, func(class int, score float32) {
			b := around(row[0], row[1], row[2], row[3])
			if h.Fraction {
				b.scale(float32(in.W), float32(in.H))
			}
			b.Class, b.Score = class, score
			out = append(out, b)
		})
	}
	return out, nil
}

// layout finds n and the length of a row; k is 0 if the output can't be one of
// this head.
func (h *YOLO) layout(t *Tensor, fixed int) (n, k int, byRow bool) {
	d, ok := t.dims(2)
	if !ok {
		return 0, 0, false
	}
	rows, columns := d[1] == fixed+h.Classes, d[0] == fixed+h.Classes
	if h.Classes == 0 {
		rows, columns = d[1] <= d[0], d[0] <= d[1]
	}
	switch {
	case rows && (h.Objectness || !columns):
		return d[0], d[1], true
	case columns:
		return d[1], d[0], false
	}
	return 0, 0, false
}
