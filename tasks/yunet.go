package tasks

import (
	"fmt"
	"slices"
)

// YuNet is the face detector of libfacedetection and OpenCV
// (github.com/ShiqiYu/libfacedetection.train, opencv/modules/objdetect/src/face_detect.cpp).
// For each stride s of 8, 16 and 32 the input is a grid of cells of s pixels;
// each cell, row by row, has
//
//	cls_s, obj_s [1 n 1]  score = √(cls·obj), both cut to 0..1
//	bbox_s [1 n 4]        centre x, y = (column + b0)·s, (row + b1)·s
//	                      width, height = s·e^b2, s·e^b3
//	kps_s [1 n 10]        five points (column + k0)·s, (row + k1)·s:
//	                      right eye, left eye, nose, right and left corner of the mouth
//
// Outputs go by these names.
type YuNet struct{}

const yunetPoints = 5

var yunetStrides = []int{8, 16, 32}

// Name returns "yunet".
func (YuNet) Name() string { return "yunet" }

// Decode reads the faces.
func (h YuNet) Decode(o *Outputs, in Size, least float32) ([]Box, error) {
	if err := o.ready(in); err != nil {
		return nil, err
	}
	var out []Box
	for _, s := range yunetStrides {
		rows, cols := in.H/s, in.W/s
		if rows*s != in.H || cols*s != in.W {
			return nil, fmt.Errorf("head yunet wants an input whose sides are multiples of 32, not %d×%d: declare another head", in.W, in.H)
		}
		var t [4]*Tensor
		for i, part := range []struct {
			name  string
			width int
		}{{"cls", 1}, {"obj", 1}, {"bbox", 4}, {"kps", 2 * yunetPoints}} {
			role := fmt.Sprintf("%s_%d", part.name, s)
			var err error
			t[i], err = o.pick(h.Name(), role, shapeText(rows*cols, part.width), func(t *Tensor) bool { return t.is(rows*cols, part.width) }, t[:i]...)
			if err != nil {
				return nil, err
			}
		}
		out = h.cells(out, t, float32(s), cols, least)
	}
	return out, nil
}

func (YuNet) cells(out []Box, t [4]*Tensor, stride float32, cols int, least float32) []Box {
	cls, obj, bbox, kps := t[0].Data, t[1].Data, t[2].Data, t[3].Data
	for i := range cls {
		score := sqrt(float32(unit(cls[i]) * unit(obj[i])))
		if !(score >= least) {
			continue
		}
		x, y := float32(i%cols), float32(i/cols)
		at := func(origin, offset float32) float32 { return float32((origin + offset) * stride) }
		p := bbox[4*i:]
		b := around(at(x, p[0]), at(y, p[1]), float32(exp(p[2])*stride), float32(exp(p[3])*stride))
		b.Score = score
		for k := range slices.Chunk(kps[2*yunetPoints*i:2*yunetPoints*(i+1)], 2) {
			b.Points = append(b.Points, Point{at(x, k[0]), at(y, k[1])})
		}
		out = append(out, b)
	}
	return out
}

// unit cuts to 0..1 and keeps NaN.
func unit(x float32) float32 { return max(0, min(1, x)) }
