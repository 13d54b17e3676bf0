package tasks

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// allHeads is one of each.
func allHeads() []Head {
	levels := []Level{{8, []AnchorSize{{10, 10}, {20, 20}}}, {16, []AnchorSize{{30, 30}}}}
	return []Head{
		UltraFace(), &Corners{YX: true, Pixels: true, Choice: Choice{Several: true}}, YuNet{}, blazeFace{},
		&SSD{Anchors: roundTripAnchors, Scale: [4]float32{10, 10, 5, 5}, Points: 1}, &SSD{Anchors: roundTripAnchors, Linear: true, Choice: Choice{Activation: Softmax}},
		&YOLO{}, &YOLO{Objectness: true, Classes: 2}, &YOLOX{}, &YOLOAnchors{Levels: levels}, &YOLOAnchors{Levels: levels, Square: true}, &Selected{},
	}
}

// TestWrongOutputs gives each head what it can't read: an error names the head,
// and what it wants.
func TestWrongOutputs(t *testing.T) {
	for _, h := range allHeads() {
		for _, outputs := range [][]Tensor{
			nil,
			{tensorOf("x", 0)},
			{tensorOf("x", 0, 2, 50, 4), tensorOf("y", 0, 2, 50, 2)},
			{tensorOf("x", 0, 1, 3), tensorOf("y", 0, 1, 3)},
		} {
			_, err := (&Detector{Head: h}).Detect(outputs, Size{96, 64})
			require.Error(t, err, "%T", h)
			assert.Contains(t, err.Error(), h.Name())
		}
		_, err := h.Decode(&Outputs{Names: map[string]string{"indices": "none"}}, Size{96, 64}, 0)
		assert.Error(t, err)
		_, err = (&Detector{Head: h}).Detect([]Tensor{{"x", []int{1, 1 << 30, 4}, nil}}, Size{96, 64})
		assert.ErrorContains(t, err, `output "x": shape`)
		_, err = (&Detector{Head: h}).Detect(nil, Size{0, 64})
		assert.ErrorContains(t, err, "0×64")
	}
	_, err := (&Detector{Head: UltraFace()}).Detect([]Tensor{tensorOf("boxes", 0, 1, 9, 4), tensorOf("scores", 0, 1, 8, 2)}, Size{96, 64})
	assert.ErrorContains(t, err, `head ultraface wants an output of scores [1 9 classes]: the outputs are "boxes" [1 9 4], "scores" [1 8 2]`)
	_, err = (&Detector{Head: &SSD{}}).Detect([]Tensor{tensorOf("boxes", 0, 1, 9, 4), tensorOf("scores", 0, 1, 9, 2)}, Size{96, 64})
	assert.ErrorContains(t, err, `0 anchors are declared for 9 boxes`)
	_, err = (&Detector{Head: &Corners{}}).Detect([]Tensor{tensorOf("boxes", 0, 1, 9, 4), tensorOf("scores", 3, 1, 9, 2)}, Size{96, 64})
	assert.ErrorContains(t, err, "declare their activation")
	_, err = (&Detector{Head: YuNet{}}).Detect(nil, Size{100, 64})
	assert.ErrorContains(t, err, "multiples of 32, not 100×64")
}

// FuzzDecode feeds heads outputs of any shape and content: they end in boxes
// with finite numbers, or an error.
func FuzzDecode(f *testing.F) {
	f.Add(uint8(0), []byte{3, 1, 8, 4, 3, 1, 8, 2}, []byte{1, 2, 3, 4})
	f.Add(uint8(6), []byte{3, 1, 12, 8}, []byte{0, 0, 0x80, 0x3f, 0, 0, 0xc0, 0x7f})
	f.Add(uint8(9), []byte{4, 1, 14, 8, 12, 4, 1, 7, 4, 6}, []byte{0, 0, 0x80, 0x3f})
	f.Add(uint8(11), []byte{3, 1, 10, 4, 2, 1, 10, 2, 1, 10, 1, 1}, []byte{0, 0, 0x80, 0x3f})
	f.Fuzz(func(t *testing.T, which uint8, shapes, data []byte) {
		all := allHeads()
		head := all[int(which)%len(all)]
		var outputs []Tensor
		for len(shapes) > 0 && len(outputs) < 12 {
			rank := min(int(shapes[0]%6), len(shapes)-1)
			x := Tensor{Name: []string{"boxes", "scores", "out", ""}[len(outputs)%4]}
			n := 1
			for _, d := range shapes[1 : 1+rank] {
				x.Shape = append(x.Shape, int(d))
				n *= int(d)
			}
			shapes = shapes[1+rank:]
			if n > 1<<14 {
				n = 5 // a shape that does not fit
			}
			for i := range n {
				var word [4]byte
				copy(word[:], data[min(len(data), i*4%(len(data)+1)):])
				x.Data = append(x.Data, math.Float32frombits(binary.LittleEndian.Uint32(word[:])))
			}
			outputs = append(outputs, x)
		}
		d := &Detector{Head: head, Score: float32(which%3) / 4, Suppression: Suppression{IoU: 0.5, Candidates: 50}}
		boxes, err := d.Detect(outputs, Size{96, 64})
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		for _, b := range boxes {
			require.True(t, b.finite() && b.Score >= d.Score && b.Class >= 0)
		}
		for _, s := range []Segmenter{{}, {Indices: true}, {ChannelsFirst: true}} {
			if m, err := s.Segment(outputs); err == nil {
				require.Positive(t, m.W*m.H)
				m.class(m.W-1, m.H-1)
			}
		}
	})
}
