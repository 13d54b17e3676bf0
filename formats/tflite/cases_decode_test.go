package tflite_test

import (
	"encoding/binary"
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

// packed is a tensor to be unpacked by TFLM_DECODE.
type packed struct {
	t     tflite.TensorType
	shape []int
	scale []float32
	zero  []int64
	axis  int32
	bits  []byte
	key   []byte // parameters, bytes 5 and 6, after the scheme
	table any
	want  string
	err   string
}

func (p packed) build(m *modeltest.Model) {
	key := make([]byte, 16)
	key[0], key[1], key[4] = p.key[0], 1, 1
	copy(key[5:], p.key[1:])
	if p.table != nil {
		key, _ = binary.Append(key, binary.LittleEndian, p.table)
	}
	data := m.Const("bits", tflite.Uint8, []int{len(p.bits)}, p.bits)
	k := m.Const("key", tflite.Uint8, []int{len(key)}, key)
	var q []modeltest.TensorOption
	if p.scale != nil {
		q = append(q, modeltest.Quant{Scale: p.scale, Zero: p.zero, Axis: p.axis})
	}
	y := m.Tensor("y", p.t, p.shape, q...)
	// The reference keeps outputs that no operator reads in no memory of theirs.
	z := m.Tensor("z", p.t, p.shape, q...)
	m.Custom("TFLM_DECODE", nil, []int{data, k}, []int{y})
	m.Op("RESHAPE", 1, modeltest.Options{}, []int{y, m.Const("shape", typeS32, []int{len(p.shape)}, toInt32s(p.shape))}, []int{z})
	m.Inputs()
	m.Outputs(z)
}

func toInt32s(v []int) []int32 {
	out := make([]int32, len(v))
	for i, x := range v {
		out[i] = int32(x)
	}
	return out
}

func decodes(name string, p packed) opCase {
	return opCase{op: "TFLM_DECODE", name: name, want: p.want, err: p.err, model: p.build}
}

// bitsOf packs numbers of so many bits, highest first.
func bitsOf(width int, numbers ...int) []byte {
	var out []byte
	at := 0
	for _, x := range numbers {
		for b := width - 1; b >= 0; b-- {
			if at%8 == 0 {
				out = append(out, 0)
			}
			out[at/8] |= byte(x>>b&1) << (7 - at%8)
			at++
		}
	}
	for len(out)%4 != 0 { // the reference reads words
		out = append(out, 0)
	}
	return out
}

// huff is a code of 16-bit entries: 0 → 7, 10 → -3, 110 → 100, 111 leads on:
// 1110 → 1, 1111 → 2. The first lookup has two bits.
var huff = []uint16{
	0x8000 | 1<<11 | 7, 0x8000 | 1<<11 | 7, 0x8000 | 2<<11 | 0xfd, 0<<11 | 1, // 11: one bit more, from 1 on (3+1+bit)
	0x8000 | 1<<11 | 100, 0<<11 | 1, 0x8000 | 1<<11 | 1, 0x8000 | 1<<11 | 2,
}

var huff32 = []uint32{
	1<<31 | 1<<27 | 7, 1<<31 | 1<<27 | 7, 1<<31 | 2<<27 | 0xfffd, 0<<27 | 1,
	1<<31 | 1<<27 | 1000, 0<<27 | 1, 1<<31 | 1<<27 | 1, 1<<31 | 1<<27 | 2,
}

var someBits = []byte{0x5a, 0xc3, 0x17, 0xe9, 0x3d, 0x80, 0xff, 0x01, 0x66, 0x99, 0x2b, 0xd4}

func tableOf(n int) []int8 {
	t := make([]int8, n)
	for i := range t {
		t[i] = int8(i*37 + 5)
	}
	return t
}

var decodeCases = slices.Concat(tableCases(), []opCase{
	decodes("Huffman, int8", packed{t: typeS8, shape: []int{8}, bits: append(bitsOf(1, 0, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 0, 0, 1, 0), 0, 0, 0, 0), key: []byte{1, 1 << 4, 0}, table: huff}),
	decodes("Huffman, int16", packed{t: typeS16, shape: []int{2, 4}, bits: append(bitsOf(1, 0, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 0, 0, 1, 0), 0, 0, 0, 0), key: []byte{1, 1<<4 | 1, 0}, table: huff32}),
	decodes("Huffman, int8 with wide entries", packed{t: typeS8, shape: []int{4}, bits: append(bitsOf(1, 1, 1, 0, 0, 1, 0, 0), 0, 0, 0, 0), key: []byte{1, 1<<4 | 1, 0}, table: huff32}),
	decodes("Huffman, last symbol at the end", packed{t: typeS8, shape: []int{32}, bits: []byte{0, 0, 0, 0}, key: []byte{1, 1 << 4, 0}, table: huff,
		want: "int8[32] [7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7]"}),
	decodes("Huffman, data too short", packed{t: typeS8, shape: []int{33}, bits: []byte{0, 0, 0, 0}, key: []byte{1, 1 << 4, 0}, table: huff, err: "32 bits of packed data are too few"}),
	decodes("Huffman, no end", packed{t: typeS8, shape: []int{3}, bits: []byte{0, 0, 0, 0}, key: []byte{1, 0, 0}, table: []uint16{0, 0}, err: "32 bits of packed data are too few"}),
	decodes("Huffman, beside the table", packed{t: typeS8, shape: []int{3}, bits: []byte{0xff, 0, 0, 0}, key: []byte{1, 1 << 4, 0}, table: huff[:3], err: "leads to entry 3 of 3"}),
	decodes("Huffman, float", packed{t: typeF32, shape: []int{3}, bits: []byte{0xff, 0, 0, 0}, key: []byte{1, 1 << 4, 0}, table: huff, err: "float32 in a Huffman code"}),

	decodes("pruned, int8", packed{t: typeS8, shape: []int{3, 5}, scale: []float32{1}, zero: []int64{-7}, bits: someBits, key: []byte{2, 0, 0}, table: tableOf(15)}),
	decodes("pruned, zero points along the first", packed{t: typeS8, shape: []int{3, 5}, scale: []float32{1, 2, 3}, zero: []int64{-7, 8, 9}, bits: someBits, key: []byte{2, 0, 0}, table: tableOf(15)}),
	decodes("pruned, zero points along the last", packed{t: typeS8, shape: []int{3, 5}, scale: []float32{1, 2, 3, 4, 5}, zero: []int64{-7, 8, 9, 10, 11}, axis: 1, bits: someBits, key: []byte{2, 0, 0}, table: tableOf(15)}),
	decodes("pruned, float", packed{t: typeF32, shape: []int{9}, bits: someBits, key: []byte{2, 0, 0}, table: []float32{1, 2, 3, 4, 5, 6, 7, 8, 9}}),
	decodes("pruned, int16", packed{t: typeS16, shape: []int{9}, bits: someBits, key: []byte{2, 0, 0}, table: []int16{1, -2, 3, -4, 5, 6, 7, 8, 9}}),
	decodes("pruned, too few kept", packed{t: typeS8, shape: []int{16}, bits: someBits, key: []byte{2, 0, 0}, table: tableOf(3), err: "is not among the 3 bytes"}),
	decodes("pruned, too few bits", packed{t: typeS8, shape: []int{97}, bits: someBits, key: []byte{2, 0, 0}, table: tableOf(97), err: "12 bytes of packed data for 97 elements"}),
	decodes("pruned, int16 with a zero point", packed{t: typeS16, shape: []int{3}, scale: []float32{1}, zero: []int64{4}, bits: someBits, key: []byte{2, 0, 0}, table: tableOf(8), err: "zero point 4, want 0"}),

	{op: "TFLM_DECODE", name: "the older form", err: "metadata COMPRESSION_METADATA", model: func(m *modeltest.Model) {
		x := m.Input("x", typeS8, []int{1})
		m.Outputs(x)
		m.Metadata("COMPRESSION_METADATA", []byte{1})
	}},
	decodes("unknown scheme", packed{t: typeS8, shape: []int{3}, bits: someBits, key: []byte{127, 0, 0}, err: "data packed by scheme 127 is not supported"}),
	decodes("scales along the middle", packed{t: typeS8, shape: []int{1, 2, 3}, scale: []float32{1, 2}, zero: []int64{0, 0}, axis: 1, bits: someBits, key: []byte{0, 2, 4}, table: tableOf(8), err: "scales along dimension 1"}),
	decodes("indices of no bits", packed{t: typeS8, shape: []int{3}, bits: someBits, key: []byte{0, 0, 4}, table: tableOf(8), err: "table indices of 0 bits"}),
	decodes("beside the table", packed{t: typeS8, shape: []int{8}, bits: someBits, key: []byte{0, 3, 8}, table: tableOf(5), err: "of tables of 5 bytes"}),
	decodes("too few tables", packed{t: typeS8, shape: []int{4, 2}, scale: []float32{1, 2, 3, 4}, zero: []int64{0, 0, 0, 0}, bits: someBits, key: []byte{0, 2, 200}, table: tableOf(5), err: "tables of 5 bytes for 4 channels"}),
})

// tableCases have indices of every width; tables of one, or of several channels.
func tableCases() (all []opCase) {
	for width := 1; width < 8; width++ {
		name := string(rune('0' + width))
		all = append(all,
			decodes("table, int8, width "+name, packed{t: typeS8, shape: []int{13}, bits: someBits, key: []byte{0, byte(width), byte(1 << width)}, table: tableOf(1 << width)}),
			decodes("table, int16, channels first, width "+name, packed{t: typeS16, shape: []int{3, 4}, scale: []float32{1, 2, 3}, zero: []int64{0, 0, 0},
				bits: someBits, key: []byte{0, byte(width), byte(1 << width)}, table: tableOf(2 * 3 << width)}),
			decodes("table, int8, channels last, width "+name, packed{t: typeS8, shape: []int{4, 3}, scale: []float32{1, 2, 3}, zero: []int64{0, 0, 0}, axis: 1,
				bits: someBits, key: []byte{0, byte(width), byte(1 << width)}, table: tableOf(3 << width)}),
		)
	}
	return append(all,
		decodes("table, float", packed{t: typeF32, shape: []int{5}, bits: someBits, key: []byte{0, 2, 4}, table: []float32{1.5, -2, 3, 4}}),
		decodes("table, int64", packed{t: typeS64, shape: []int{5}, bits: someBits, key: []byte{0, 2, 4}, table: []int64{1 << 40, -2, 3, 4}}))
}
