package tasks

import "fmt"

// Head decodes the outputs of a detector.
type Head interface {
	// Name is what declarations call the head.
	Name() string
	// Decode returns the boxes whose score is at least least, in pixels of an
	// input of the given size, in the order of the outputs. It fails where the
	// outputs are not what the head has.
	Decode(o *Outputs, in Size, least float32) ([]Box, error)
}

// Detector finds objects in a model's outputs.
type Detector struct {
	Head        Head
	Score       float32 // boxes below it are dropped
	Suppression Suppression
	Names       map[string]string // of outputs by role, where the head can't tell
}

// Detect returns the objects, the best first, in pixels of an input of the
// given size.
func (d *Detector) Detect(outputs []Tensor, in Size) ([]Box, error) {
	boxes, err := d.Head.Decode(&Outputs{outputs, d.Names}, in, d.Score)
	if err != nil {
		return nil, err
	}
	return d.Suppression.Apply(boxes), nil
}

// maxSide bounds the sides of an input; products of two fit 32 bits.
const maxSide = 1 << 15

// ready checks what a head is given before it decodes.
func (o *Outputs) ready(in Size) error {
	if in.W < 1 || in.H < 1 || in.W > maxSide || in.H > maxSide {
		return fmt.Errorf("an input of %d×%d pixels is not within 1 to %d", in.W, in.H, maxSide)
	}
	return o.check()
}

// Choice says which classes a box gets.
type Choice struct {
	// Activation of the scores. With Auto they must be of 0 to 1 already.
	Activation Activation
	// Skip is how many classes at the beginning stand for "nothing": 1 where
	// class 0 is the background. Classes are counted after them.
	Skip int
	// Several makes a box of each class that reaches the threshold, as TensorFlow's and
	// Caffe's SSD do; otherwise only of the best, the first of equal ones.
	Several bool
}

// check refuses scores that are no scores.
func (c *Choice) check(head string, scores *Tensor) error {
	if c.Activation == Auto && !within01(scores.Data) {
		return fmt.Errorf("output %s: head %s has scores that are not within 0 and 1: declare their activation, sigmoid or softmax", scores, head)
	}
	return nil
}

// each calls f with the classes of one box whose score, times objectness,
// reaches least. scratch is as long as row.
func (c *Choice) each(row, scratch []float32, objectness, least float32, f func(class int, score float32)) {
	c.Activation.apply(scratch, row)
	top, class := float32(-1), -1
	for i, s := range scratch[max(0, min(c.Skip, len(scratch))):] {
		s = float32(s * objectness)
		switch {
		case !(s >= least): // NaN too
		case c.Several:
			f(i, s)
		case class < 0 || s > top:
			top, class = s, i
		}
	}
	if class >= 0 {
		f(class, top)
	}
}
