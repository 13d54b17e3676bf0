package tasks

import "fmt"

// YOLOAnchors is the head of YOLO detectors that stop before their boxes are
// decoded: an output for each stride s, whose cells of s pixels have k = 5+c
// numbers for each of a anchors, tx, ty, tw, th, objectness, classes. Its shape
// is [1 a·k h w], [1 a h w k], [1 h w a·k] or [1 h w a k]. With σ the sigmoid,
// the score is σ(objectness)·σ(class), and
//
//	YOLOv3 (Redmon and Farhadi, 2018):  x = (column + σ(tx))·s          w = e^tw · anchor
//	YOLOv5, v7 (Square):                x = (column + 2·σ(tx) − ½)·s    w = (2·σ(tw))² · anchor
type YOLOAnchors struct {
	Choice
	Levels []Level
	Square bool
}

// Level is the anchors of one stride, in pixels of the input.
type Level struct {
	Stride  int
	Anchors []AnchorSize
}

// Name returns "yolov3" or "yolov5raw".
func (h *YOLOAnchors) Name() string {
	if h.Square {
		return "yolov5raw"
	}
	return "yolov3"
}

// Decode reads the boxes.
func (h *YOLOAnchors) Decode(o *Outputs, in Size, least float32) ([]Box, error) {
	if err := o.ready(in); err != nil {
		return nil, err
	}
	var out []Box
	for _, l := range h.Levels {
		if l.Stride < 1 {
			return nil, fmt.Errorf("head %s: a stride of %d is not possible", h.Name(), l.Stride)
		}
		rows, cols, a := in.H/l.Stride, in.W/l.Stride, len(l.Anchors)
		want := fmt.Sprintf("[1 %d·(5+classes) %d %d]", a, rows, cols)
		t, err := o.pick(h.Name(), fmt.Sprintf("stride_%d", l.Stride), want, func(t *Tensor) bool { return cellsOf(t, rows, cols, a) != nil })
		if err != nil {
			return nil, err
		}
		out = h.level(out, cellsOf(t, rows, cols, a), l, least)
	}
	return out, nil
}

// cells reads the numbers of an output for one cell and anchor.
type cells struct {
	data             []float32
	rows, cols, a, k int
	perCell          int // distance of the next cell
	perAnchor, each  int // of the next anchor, of the next number
}

// cellsOf tells the layout of an output; nil if it is none of the head's.
func cellsOf(t *Tensor, rows, cols, a int) *cells {
	if rows < 1 || cols < 1 || a < 1 {
		return nil
	}
	c := &cells{data: t.Data, rows: rows, cols: cols, a: a, k: len(t.Data) / rows / cols / a}
	if c.k < 6 {
		return nil
	}
	switch {
	case t.is(a*c.k, rows, cols):
		c.perCell, c.each, c.perAnchor = 1, rows*cols, c.k*rows*cols
	case t.is(rows, cols, a*c.k), t.is(rows, cols, a, c.k):
		c.perCell, c.each, c.perAnchor = a*c.k, 1, c.k
	case t.is(a, rows, cols, c.k):
		c.perCell, c.each, c.perAnchor = c.k, 1, rows*cols*c.k
	default:
		return nil
	}
	return c
}

// read copies the k numbers of an anchor in a cell.
func (c *cells) read(dst []float32, cell, anchor int) {
	at := cell*c.perCell + anchor*c.perAnchor
	for i := range dst {
		dst[i] = c.data[at+i*c.each]
	}
}

func (h *YOLOAnchors) level(out []Box, c *cells, l Level, least float32) []Box {
	choice := h.Choice
	if choice.Activation == Auto {
		choice.Activation = Sigmoid
	}
	row, scratch := make([]float32, c.k), make([]float32, c.k-5)
	for cell := range c.rows * c.cols {
		for i, anchor := range l.Anchors {
			c.read(row, cell, i)
			objectness := sigmoid(row[4])
			if objectness < least { // saves most of the work
				continue
			}
			choice.each(row[5:], scratch, objectness, least, func(class int, score float32) {
				b := h.box(row, cell%c.cols, cell/c.cols, anchor, float32(l.Stride))
				b.Class, b.Score = class, score
				out = append(out, b)
			})
		}
	}
	return out
}

func (h *YOLOAnchors) box(t []float32, column, row int, anchor AnchorSize, stride float32) Box {
	x, y := sigmoid(t[0]), sigmoid(t[1])
	if !h.Square {
		return around(float32((float32(column)+x)*stride), float32((float32(row)+y)*stride), float32(exp(t[2])*anchor.W), float32(exp(t[3])*anchor.H))
	}
	w, h2 := 2*sigmoid(t[2]), 2*sigmoid(t[3])
	x, y = float32(2*x)-0.5, float32(2*y)-0.5
	return around(float32((float32(column)+x)*stride), float32((float32(row)+y)*stride), float32(float32(w*w)*anchor.W), float32(float32(h2*h2)*anchor.H))
}
