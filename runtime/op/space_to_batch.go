package op

import (
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// SpaceToBatch pads dimensions 1 to m of its input, [n s1 … sm rest …], and
// cuts them into blocks: each element of a block goes to a batch of its own.
// Input 1 holds the m block sizes, input 2 a row [before, after] of paddings
// for each. The padding is zero: the zero point of 8-bit elements.
type SpaceToBatch struct{}

// Infer returns [n·Πblock (s+before+after)/block … rest …].
func (*SpaceToBatch) Infer(in []tensor.View) ([]tensor.Type, error) {
	block, pads, err := blockArgs(in)
	if err != nil {
		return nil, err
	}
	if pads == nil {
		return []tensor.Type{in[0].WithShape(dynamicShape(in[0].Rank())...)}, nil
	}
	shape := slices.Clone(in[0].Shape)
	for i, b := range block {
		if shape[0], err = mulDims(shape[0], b); err != nil {
			return nil, err
		}
		d, before, after := shape[i+1], pads[2*i], pads[2*i+1]
		if d == tensor.Dynamic {
			continue
		}
		total := int64(d) + int64(before) + int64(after)
		if total > math.MaxInt32 || total%int64(b) != 0 {
			return nil, errorf("dimension %d of %d with padding [%d %d] is not a multiple of block size %d", i+1, d, before, after, b)
		}
		shape[i+1] = int(total) / b
	}
	return []tensor.Type{in[0].WithShape(shape...)}, nil
}

// blockArgs reads block sizes and paddings, or crops; nil if they aren't known.
func blockArgs(in []tensor.View) (block, pads []int, err error) {
	if err := wantInputs(in, 3, 3); err != nil {
		return nil, nil, err
	}
	if err := wantMovable(in, 0); err != nil {
		return nil, nil, err
	}
	block, knownBlock, err := ints(in[1])
	if err != nil {
		return nil, nil, errorf("input 1: %w", err)
	}
	pads, known, err := ints(in[2])
	if err != nil {
		return nil, nil, errorf("input 2: %w", err)
	}
	if in[1].Static() && in[2].Static() {
		if m := in[1].Len(); m < 1 || m >= in[0].Rank() || in[2].Len() != 2*m {
			return nil, nil, errorf("block shape %v and paddings %v do not fit input %v", in[1].Shape, in[2].Shape, in[0].Shape)
		}
	}
	if !knownBlock || !known {
		return nil, nil, nil
	}
	for i, b := range block {
		if b < 1 || pads[2*i] < 0 || pads[2*i+1] < 0 {
			return nil, nil, errorf("block size %d with padding or crop [%d %d] is not valid", b, pads[2*i], pads[2*i+1])
		}
	}
	return block, pads, nil
}

// Ref moves, for each place within a block, the elements that have it.
func (*SpaceToBatch) Ref(in, out []tensor.View) error {
	if len(out[0].Data) == 0 {
		return nil
	}
	zero := [8]byte{}
	if t := in[0].Type; t.DType == tensor.I8 || t.DType == tensor.U8 {
		zero[0] = byte(zeroPoint(t))
	}
	repeatInto(out[0].Data, zero[:out[0].DType.Size()])
	places := 1
	for i := range in[1].Len() {
		b, _ := intAt(&in[1], i) // Infer has read them
		places *= b
	}
	for k := range places {
		m := blockMove(in[0].Type, out[0].Type, in, k)
		m.run(out[0].Data, in[0].Data)
	}
	return nil
}

// blockMove returns the move of the elements that have place k in their block,
// in row-major order, from space to batch.
func blockMove(space, batch tensor.Type, in []tensor.View, k int) move {
	m := move{size: space.DType.Size()}
	from, to := byteStrides(space), byteStrides(batch)
	n := in[1].Len()
	var place, block [maxRank]int
	places, rest := 1, k
	for i := n - 1; i >= 0; i-- {
		block[i], _ = intAt(&in[1], i)
		place[i], rest = rest%block[i], rest/block[i]
		places *= block[i]
	}
	images := batch.Shape[0] / places
	m.at = k * images * to[0]
	m.add(images, from[0], to[0])
	for i := 1; i < space.Rank(); i++ {
		if i > n {
			m.add(space.Shape[i], from[i], to[i])
			continue
		}
		b := block[i-1]
		pad, _ := intAt(&in[2], 2*(i-1))
		// Index j of batch is index j·b + shift of space, where there is one.
		shift := place[i-1] - pad
		first := 0
		if shift < 0 {
			first = (-shift + b - 1) / b
		}
		count := 0
		if last := space.Shape[i] - 1 - shift; last >= 0 {
			count = max(0, min(last/b+1, batch.Shape[i])-first)
		}
		m.from += (first*b + shift) * from[i]
		m.at += first * to[i]
		m.add(count, b*from[i], to[i])
	}
	return m
}
