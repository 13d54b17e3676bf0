package op

import (
	"encoding/binary"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// A Huffman table's entries have 16 or 32 bits: the highest is set where a
// symbol is found, which the low 11 or 27 bits hold; the four between are the
// bits of the last lookup that belong to it. Elsewhere the four are the bits of
// the next lookup, less one, and the low ones lead on from here to its entries.
type huffmanEntry struct {
	found       bool
	bits, value int
}

// huffmanBits is how many bits entries have and hold.
func (d *decoder) huffmanBits() (entry, value int) {
	if d.key[5]&1 != 0 {
		return 32, 27
	}
	return 16, 11
}

func (d *decoder) checkHuffman(t *tensor.Type) error {
	entry, _ := d.huffmanBits()
	if t.DType != tensor.I8 && (t.DType != tensor.I16 || entry == 16) {
		return Unsupported("%s in a Huffman code with entries of %d bits", t.DType, entry)
	}
	return nil
}

// entry returns entry i of the table.
func (d *decoder) entry(i int) (e huffmanEntry, err error) {
	entry, value := d.huffmanBits()
	if i >= len(d.table)/(entry/8) {
		return e, dataf("a code leads to entry %d of %d", i, len(d.table)/(entry/8))
	}
	x := uint32(0)
	if entry == 16 {
		x = uint32(binary.LittleEndian.Uint16(d.table[2*i:]))
	} else {
		x = binary.LittleEndian.Uint32(d.table[4*i:])
	}
	return huffmanEntry{x>>(entry-1) == 1, int(x >> value & 15), int(x & (1<<value - 1))}, nil
}

// huffman reads a symbol for each element. Lookups may read further than the
// symbol reaches, also past the end; what is too much is put back.
func (d *decoder) huffman(out *tensor.View) error {
	first := int(d.key[5]>>4) + 1
	for i := range out.Len() {
		used := first
		at := d.bits.next(used)
		e, err := d.entry(at)
		for ; err == nil && !e.found; e, err = d.entry(at) {
			if err := d.bits.err(); err != nil { // no end of empty codes
				return err
			}
			used = e.bits + 1
			at += e.value + d.bits.next(used)
		}
		if err != nil {
			return errorf("element %d: %w", i, err)
		}
		d.bits.at -= max(used-e.bits, 0)
		if err := d.bits.err(); err != nil {
			return err
		}
		if out.DType == tensor.I8 {
			out.Data[i] = byte(e.value)
		} else {
			out.I16()[i] = int16(e.value)
		}
	}
	return nil
}

// bitStream reads bits, highest first. Past the end there are zeros, and an
// error.
type bitStream struct {
	data []byte
	at   int // the next bit
}

// next returns n ≤ 16 bits.
func (b *bitStream) next(n int) int {
	x := 0
	for i := b.at / 8; i <= (b.at+n-1)/8; i++ {
		x <<= 8
		if i < len(b.data) {
			x |= int(b.data[i])
		}
	}
	b.at += n
	if over := b.at % 8; over > 0 {
		x >>= 8 - over
	}
	return x & (1<<n - 1)
}

func (b *bitStream) err() error {
	if b.at > 8*len(b.data) {
		return dataf("%d bits of packed data are too few", 8*len(b.data))
	}
	return nil
}
