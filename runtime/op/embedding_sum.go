package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// EmbeddingSum is what ONNX Runtime's EmbedLayerNormalization normalises: the sum
// of the embeddings of words, their places and their segments. The inputs are
//
//	ids [batch seq] int32          segments [batch seq] int32, or nothing
//	words [n hidden]               places [n hidden]           table of segments [n hidden], or nothing
//	mask [batch seq] int32         position_ids [batch seq] or [1 seq] int32
//
// the last two optional; without position_ids, places follow one another. The
// outputs are the sum [batch seq hidden] and, for each of the batch, how many
// elements of the mask are 1.
type EmbeddingSum struct{}

// Infer checks the shapes against each other.
func (*EmbeddingSum) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 7); err != nil {
		return nil, err
	}
	for _, i := range []int{2, 3} {
		if v := input(in, i); v.Absent() {
			return nil, errorf("input %d is left out, and must be there", i)
		}
	}
	if segments, table := input(in, 1), input(in, 4); segments.Absent() != table.Absent() {
		return nil, errorf("one of segment_ids and segment_embedding is left out: want both or neither")
	}
	ids, hidden := in[0], in[2]
	if err := wantRank(in, 0, 2); err != nil {
		return nil, err
	}
	if err := wantRank(in, 2, 2); err != nil {
		return nil, err
	}
	for i, v := range in {
		if v.Absent() {
			continue
		}
		want, d := []int{tensor.Dynamic, hidden.Shape[1]}, tensor.F32
		switch i {
		case 0, 1, 5, 6:
			want, d = ids.Shape, tensor.I32
		}
		if err := wantType(in, i, d); err != nil {
			return nil, err
		}
		if !fitsShape(v.Shape, want) && !(i == 6 && fitsShape(v.Shape, []int{1, ids.Shape[1]})) {
			return nil, errorf("input %d has shape %v, want %v", i, v.Shape, want)
		}
	}
	return []tensor.Type{tensor.Of(tensor.F32, ids.Shape[0], ids.Shape[1], hidden.Shape[1]), tensor.Of(tensor.I32, ids.Shape[0])}, nil
}

// Ref adds up the rows of each word.
func (*EmbeddingSum) Ref(in, out []tensor.View) error {
	batch, seq, hidden := in[0].Shape[0], in[0].Shape[1], in[2].Shape[1]
	segments, positions := input(in, 1), input(in, 6)
	for i := range batch * seq {
		y := out[0].F32()[i*hidden : (i+1)*hidden]
		words, err := embeddingRow(&in[2], int64(in[0].I32()[i]), "word")
		if err != nil {
			return err
		}
		place := int64(i % seq)
		if !positions.Absent() {
			place = int64(positions.I32()[i%positions.Len()])
		}
		places, err := embeddingRow(&in[3], place, "place")
		if err != nil {
			return err
		}
		for j, v := range words {
			y[j] = v + places[j]
		}
		if segments.Absent() {
			continue
		}
		table, err := embeddingRow(&in[4], int64(segments.I32()[i]), "segment")
		if err != nil {
			return err
		}
		for j, v := range table {
			y[j] += v
		}
	}
	countMask(in, out[1].I32(), seq)
	return nil
}

// embeddingRow returns row i of a table.
func embeddingRow(table *tensor.View, i int64, what string) ([]float32, error) {
	rows, hidden := int64(table.Shape[0]), table.Shape[1]
	if i < 0 || i >= rows {
		return nil, dataf("%s %d, want 0 to %d", what, i, rows-1)
	}
	return table.F32()[int(i)*hidden : (int(i)+1)*hidden], nil
}

// countMask counts the elements of each row of the mask that are 1.
func countMask(in []tensor.View, counts []int32, seq int) {
	clear(counts)
	mask := input(in, 5)
	if mask.Absent() {
		return
	}
	for i, v := range mask.I32() {
		if v == 1 {
			counts[i/seq]++
		}
	}
}
