package op

import "github.com/edgeinfer/edgeinfer/quant"

// maxPositions bounds the elements of a table of positions.
const maxPositions = 1 << 28

// PositionalEncoding returns a table [length, width] of sines and cosines, by
// which a transformer tells positions apart (Vaswani et al., "Attention is all you
// need", 2017): element 2i of row p is sin(p/10000^(2i/width)), element 2i+1 the
// cosine. The bits are the same on every machine.
func PositionalEncoding(length, width int) ([]float32, error) {
	if length < 0 || width < 0 || width > 0 && length > maxPositions/width {
		return nil, errorf("positional encoding of %d positions of width %d: want at most %d elements", length, width, maxPositions)
	}
	table := make([]float32, length*width)
	for j := 0; j < width; j += 2 {
		frequency := quant.Pow64(10000, -float64(j)/float64(width))
		for p := range length {
			angle := float64(float64(p) * frequency)
			table[p*width+j] = float32(quant.Sin64(angle))
			if j+1 < width {
				table[p*width+j+1] = float32(quant.Cos64(angle))
			}
		}
	}
	return table, nil
}
