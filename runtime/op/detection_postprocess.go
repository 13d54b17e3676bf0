package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// DetectionPostProcess turns what an SSD network says of each anchor into
// detections: it decodes boxes and drops those that overlap a better one.
//
// Input 0 is [1 boxes ≥4], boxes as y, x, height, width relative to their
// anchors; input 1 [1 boxes classes], scores, perhaps with a background first;
// input 2 [boxes 4], anchors as y, x, height, width. Outputs, float32: boxes
// [1 m 4] as ymin, xmin, ymax, xmax; classes [1 m]; scores [1 m]; how many
// there are, [1]. m is MaxDetections·MaxClasses.
type DetectionPostProcess struct {
	MaxDetections, MaxClasses int // MaxClasses is of a detection
	PerClass                  int // detections of a class at most, with Regular
	Classes                   int // without the background
	// Regular suppresses class by class; else once, by each box's best class.
	Regular        bool
	ScoreThreshold float32
	IoUThreshold   float32
	Scale          [4]float32 // of y, x, height, width
}

// maxDetections bounds the output, and the boxes.
const maxDetections = 1 << 24

// Infer checks shapes and attributes.
func (o *DetectionPostProcess) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, 3); err != nil {
		return nil, err
	}
	for i, rank := range []int{3, 3, 2} {
		if err := wantRank(in, i, rank); err != nil {
			return nil, err
		}
		if err := wantType(in, i, tensor.F32, tensor.U8, tensor.I8); err != nil {
			return nil, err
		}
		if err := wantQuant(in[i].Type); err != nil {
			return nil, err
		}
		if !in[i].Static() {
			return nil, Unsupported("a number of boxes that depends on data")
		}
	}
	boxes, scores, anchors := in[0].Shape, in[1].Shape, in[2].Shape
	n := boxes[1]
	background := scores[2] - o.Classes
	switch {
	case boxes[0] != 1 || scores[0] != 1 || boxes[2] < 4 || scores[1] != n || anchors[0] < n || anchors[1] != 4:
		return nil, errorf("boxes %v, scores %v and anchors %v do not agree", boxes, scores, anchors)
	case n > maxDetections:
		return nil, Unsupported("%d boxes (more than %d)", n, maxDetections)
	case o.Classes < 1 || background < 0 || background > 1:
		return nil, errorf("%d classes in scores of shape %v: want as many, or one less", o.Classes, scores)
	case o.MaxDetections < 0 || o.MaxClasses < 1 || int64(o.MaxDetections)*int64(o.MaxClasses) > maxDetections:
		return nil, errorf("%d detections of %d classes at most: not valid", o.MaxDetections, o.MaxClasses)
	case o.Regular && o.PerClass < 1:
		return nil, errorf("%d detections of a class at most, want 1 or more", o.PerClass)
	case !(o.IoUThreshold > 0 && o.IoUThreshold <= 1):
		return nil, errorf("overlap threshold %v, want more than 0, up to 1", o.IoUThreshold)
	}
	m := o.MaxDetections * o.MaxClasses
	return []tensor.Type{tensor.Of(tensor.F32, 1, m, 4), tensor.Of(tensor.F32, 1, m), tensor.Of(tensor.F32, 1, m), tensor.Of(tensor.F32, 1)}, nil
}

// Ref runs the operator with memory of its own.
func (o *DetectionPostProcess) Ref(in, out []tensor.View) error {
	d := o.detector(&in[0].Type, &in[1].Type)
	d.use(make([]byte, d.scratch()))
	return d.run(in, out)
}

// Prepare runs the same with the session's memory.
func (o *DetectionPostProcess) Prepare(p *Prep) (Prepared, error) {
	d := o.detector(&p.In[0], &p.In[1])
	return Prepared{Kernel: "go", Scratch: d.scratch(), Bind: func(m *Mem) (Step, error) {
		own := d
		own.use(m.Scratch)
		return func() error { return own.run(m.In, m.Out) }, nil
	}}, nil
}

// Work counts scores and comparisons of boxes, at most.
func (o *DetectionPostProcess) Work(in, out []tensor.Type) int64 {
	n := int64(in[0].Shape[1])
	work := min(n, int64(o.MaxDetections)) * n
	if o.Regular {
		if work = min(n, int64(o.PerClass)) * n; work > math.MaxInt64/4/int64(o.Classes) {
			return math.MaxInt64 / 4
		}
		work *= int64(o.Classes)
	}
	return work + int64(in[1].Len())
}

// box has corners; detection is a score of one box for one class.
type (
	box       struct{ ymin, xmin, ymax, xmax float32 }
	detection struct {
		score      float32
		box, class int32
	}
)

// decode returns box i (in float64, as the reference does).
func (d *detector) decode(boxes, anchors *tensor.View, i int) box {
	var e, a [4]float64
	for k := range e {
		e[k] = float64(realAt(boxes, i*boxes.Shape[2]+k)) / float64(d.o.Scale[k])
		a[k] = float64(realAt(anchors, i*4+k))
	}
	y, x := float32(float64(e[0]*a[2])+a[0]), float32(float64(e[1]*a[3])+a[1])
	h, w := float32(0.5*quant.Exp64(e[2])*a[2]), float32(0.5*quant.Exp64(e[3])*a[3])
	return box{y - h, x - w, y + h, x + w}
}

// realAt returns element i of a tensor as a real number.
func realAt(v *tensor.View, i int) float32 {
	if v.DType == tensor.F32 {
		return v.F32()[i]
	}
	scale, zero := scaleZero(v.Type)
	return float32(intElement(v, i)-int64(zero)) * scale
}

// overlap is the boxes' intersection over their union.
func overlap(a, b box) float32 {
	areaA, areaB := float32((a.ymax-a.ymin)*(a.xmax-a.xmin)), float32((b.ymax-b.ymin)*(b.xmax-b.xmin))
	if areaA <= 0 || areaB <= 0 {
		return 0
	}
	h := max(min(a.ymax, b.ymax)-max(a.ymin, b.ymin), 0)
	w := max(min(a.xmax, b.xmax)-max(a.xmin, b.xmin), 0)
	both := float32(h * w)
	return both / (areaA + areaB - both)
}
