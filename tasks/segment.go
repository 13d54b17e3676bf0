package tasks

import (
	"fmt"
	"image"
	"math"
)

// Segmenter reads the class of each pixel from one output:
//
//	[1 h w c], [1 c h w]              scores; the highest is the class
//	[1 h w 1], [1 1 h w], [1 h w]     the score of class 1; below Threshold it is class 0
//	[1 h w] with Indices              the class itself
type Segmenter struct {
	// Activation of a single score; Auto takes numbers within 0 and 1 as they
	// are and others as a sigmoid's argument. The highest of several needs none.
	Activation Activation
	Threshold  float32 // of a single score; 0 means ½
	// ChannelsFirst or ChannelsLast say which dimension c is; otherwise it is
	// the shorter of the first and the last.
	ChannelsFirst, ChannelsLast bool
	Indices                     bool
	Names                       map[string]string
}

// Scores are what a model says of each pixel of its input, or of a smaller or
// larger copy.
type Scores struct {
	W, H, Classes int

	t         *Tensor
	c         int // channels; 1 with two classes, and Classes where indices
	channel   int // distance of channels and of pixels in the tensor
	pixel     int
	threshold float32
	indices   bool
}

// maxClasses bounds the numbers of classes: Mask stores them in 16 bits.
const maxClasses = 1<<16 - 1

// Segment finds the scores in the outputs.
func (s *Segmenter) Segment(outputs []Tensor) (*Scores, error) {
	o := &Outputs{outputs, s.Names}
	t, err := o.sole("mask")
	if err != nil {
		return nil, err
	}
	m, ok := s.layout(t)
	if !ok || len(t.Shape) < 3 && t.vector() || m.W < 1 || m.H < 1 || m.W > maxSide || m.H > maxSide || m.c > maxClasses {
		return nil, fmt.Errorf("output %s: segment wants scores of pixels, [1 h w classes] or [1 classes h w]: give another --task, or declare layout or output", t)
	}
	switch {
	case s.Indices:
		m.indices = true
		m.Classes, err = m.highest()
	case m.c == 1:
		m.Classes, m.threshold = 2, s.cut(t)
	default:
		m.Classes = m.c
	}
	return m, err
}

func (s *Segmenter) layout(t *Tensor) (*Scores, bool) {
	m := &Scores{t: t, c: 1, pixel: 1}
	d, ok := t.dims(3)
	if !ok || d[0] == 1 && !s.ChannelsLast && d[2] != 1 { // [1 h w]
		d, ok = t.dims(2)
		if ok {
			m.H, m.W = d[0], d[1]
		}
		return m, ok
	}
	if s.ChannelsFirst || !s.ChannelsLast && d[0] < d[2] {
		m.c, m.H, m.W = d[0], d[1], d[2]
		m.channel = m.H * m.W
	} else {
		m.H, m.W, m.c = d[0], d[1], d[2]
		m.channel, m.pixel = 1, m.c
	}
	return m, m.c > 0 && (!s.Indices || m.c == 1)
}

// cut returns the threshold among what the output holds.
func (s *Segmenter) cut(t *Tensor) float32 {
	threshold := s.Threshold
	if threshold == 0 {
		threshold = 0.5
	}
	if s.Activation == Sigmoid || s.Activation == Auto && !within01(t.Data) {
		return logit(threshold)
	}
	return threshold
}

// highest returns how many classes indices name.
func (m *Scores) highest() (int, error) {
	n := 0
	for i, v := range m.t.Data {
		if !(v >= 0 && v < maxClasses) {
			return 0, fmt.Errorf("output %s: element %d, %g, is no class: leave indices out where the output has scores", m.t, i, v)
		}
		n = max(n, int(v)+1)
	}
	return n, nil
}

// class returns the class of a pixel.
func (m *Scores) class(x, y int) uint16 {
	at := (y*m.W + x) * m.pixel
	switch {
	case m.indices:
		return uint16(m.t.Data[at])
	case m.c == 1:
		return truth(m.t.Data[at] >= m.threshold)
	}
	return best16(m.c, func(c int) float32 { return m.t.Data[at+c*m.channel] })
}

func truth(b bool) uint16 {
	if b {
		return 1
	}
	return 0
}

// best16 returns the first of the highest scores; NaN is none.
func best16(n int, score func(c int) float32) uint16 {
	class, top := 0, float32(math.Inf(-1))
	for c := range n {
		if s := score(c); s > top {
			class, top = c, s
		}
	}
	return uint16(class)
}

// Mask is the class of each pixel of a picture. Outside is the class of pixels
// that the model did not see.
type Mask struct {
	Rect    image.Rectangle
	Class   []uint16 // row by row
	Classes int
}

// Outside is the class of a pixel that lies outside what the model was given.
const Outside = maxClasses

// At returns the class of a pixel.
func (m *Mask) At(x, y int) uint16 {
	return m.Class[(y-m.Rect.Min.Y)*m.Rect.Dx()+x-m.Rect.Min.X]
}

// Areas returns how many pixels each class has.
func (m *Mask) Areas() []int {
	out := make([]int, m.Classes)
	for _, c := range m.Class {
		if int(c) < len(out) {
			out[c]++
		}
	}
	return out
}
