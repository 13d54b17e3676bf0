package tasks

import "fmt"

// YOLOX is the head of YOLOX without its decoding (Ge et al., 2021): an output
// [1 n 5+c] with a row for each cell of the grids of stride 8, 16 and 32, row by
// row, of tx, ty, tw, th, objectness, classes, the scores already of 0 to 1:
//
//	x = (column + tx)·s   w = e^tw · s   score = objectness·class
type YOLOX struct{ Choice }

var yoloxStrides = []int{8, 16, 32}

// Name returns "yolox".
func (*YOLOX) Name() string { return "yolox" }

// Decode reads the boxes.
func (h *YOLOX) Decode(o *Outputs, in Size, least float32) ([]Box, error) {
	if err := o.ready(in); err != nil {
		return nil, err
	}
	n := 0
	for _, s := range yoloxStrides {
		n += in.H / s * (in.W / s)
	}
	t, err := o.pick(h.Name(), "boxes", fmt.Sprintf("[1 %d 5+classes] for an input of %d×%d", n, in.W, in.H), func(t *Tensor) bool {
		d, ok := t.dims(2)
		return ok && d[0] == n && d[1] > 5
	})
	if err != nil {
		return nil, err
	}
	k := t.Shape[len(t.Shape)-1]
	scratch := make([]float32, k-5)
	rows := t.Data
	var out []Box
	for _, s := range yoloxStrides {
		cols, stride := in.W/s, float32(s)
		for i := range in.H / s * cols {
			row := rows[:k]
			rows = rows[k:]
			h.each(row[5:], scratch, row[4], least, func(class int, score float32) {
				b := around(float32((float32(i%cols)+row[0])*stride), float32((float32(i/cols)+row[1])*stride), float32(exp(row[2])*stride), float32(exp(row[3])*stride))
				b.Class, b.Score = class, score
				out = append(out, b)
			})
		}
	}
	return out, nil
}
