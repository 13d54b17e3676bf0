package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// Decode unpacks weights that TensorFlow Lite Micro's tools have compressed
// (TFLM_DECODE). For each of Out there are two constant inputs: the packed
// elements, a stream of bits, highest first; and the key to them, bytes:
//
//	0  scheme: 0 table, 1 Huffman, 2 pruned    1  1
//	4  1    5, 6  parameters of the scheme    16…  its tables
//
// All of it is checked, for it comes from the file. The outputs are constants,
// computed with the plan.
type Decode struct{ Out []tensor.Type }

// The schemes of bytes 0.
const (
	decodeTable   = 0
	decodeHuffman = 1
	decodePruned  = 2
)

// keyHeader is the bytes of a key before its tables.
const keyHeader = 16

// maxPacked bounds packed data, so that bits can be counted in 32 bits.
const maxPacked = 1 << 27

// Infer returns Out.
func (o *Decode) Infer(in []tensor.View) ([]tensor.Type, error) {
	if len(o.Out) == 0 || len(in) != 2*len(o.Out) {
		return nil, errorf("%d inputs for %d outputs, want two for each", len(in), len(o.Out))
	}
	for i := range in {
		if in[i].Absent() {
			return nil, errorf("input %d is left out, and must be there", i)
		}
		if !in[i].Known() {
			return nil, Unsupported("packed data that are not constant")
		}
	}
	for i, t := range o.Out {
		switch {
		case !t.Static():
			return nil, Unsupported("an output whose shape depends on data")
		case t.DType == tensor.I4:
			return nil, Unsupported("int4 as type of output %d", i)
		}
		if err := t.Check(); err != nil {
			return nil, err
		}
		if _, err := newDecoder(&in[2*i], &in[2*i+1], &t); err != nil {
			return nil, errorf("output %d: %w", i, err)
		}
	}
	return o.Out, nil
}

// Ref unpacks each output.
func (o *Decode) Ref(in, out []tensor.View) error {
	for i := range out {
		d, err := newDecoder(&in[2*i], &in[2*i+1], &out[i].Type)
		if err == nil {
			err = d.run(&out[i])
		}
		if err != nil {
			return errorf("output %d: %w", i, err)
		}
	}
	return nil
}

// decoder unpacks one tensor.
type decoder struct {
	bits     bitStream
	key      []byte // the header
	table    []byte // what follows it
	channels int    // with a table, or zero point, each
	run1     int    // elements of a channel that lie together
	size     int    // bytes of an element
}

func newDecoder(packed, key *tensor.View, t *tensor.Type) (decoder, error) {
	d := decoder{bits: bitStream{data: packed.Data}, channels: 1}
	if len(packed.Data) > maxPacked {
		return d, Unsupported("packed data of %d bytes", len(packed.Data))
	}
	if len(key.Data) < keyHeader {
		return d, errorf("a key of %d bytes, want at least %d", len(key.Data), keyHeader)
	}
	d.key, d.table = key.Data[:keyHeader], key.Data[keyHeader:]
	if d.key[1] != 1 || d.key[4] != 1 {
		return d, Unsupported("packed data of version %d.%d", d.key[1], d.key[4])
	}
	d.size = t.DType.Size()
	d.run1 = max(t.Len(), 1)
	if d.key[0] == decodeHuffman {
		return d, d.checkHuffman(t)
	}
	if d.key[0] != decodeTable && d.key[0] != decodePruned {
		return d, Unsupported("data packed by scheme %d", d.key[0])
	}
	if err := wantDecodable(t); err != nil {
		return d, err
	}
	if err := d.split(t); err != nil {
		return d, err
	}
	if err := d.checkZeros(t); err != nil {
		return d, err
	}
	return d, d.checkSizes(t)
}

// checkSizes holds the lengths against each other, so that what is computed
// from them stays small.
func (d *decoder) checkSizes(t *tensor.Type) error {
	width := 1
	if d.key[0] == decodeTable {
		if width = d.width(); width == 0 {
			return errorf("table indices of 0 bits")
		}
		if last := int64(d.channels-1) * int64(d.key[6]) * int64(d.size); last > int64(len(d.table)) {
			return errorf("tables of %d bytes for %d channels, each %d elements from the last", len(d.table), d.channels, d.key[6])
		}
	}
	if int64(t.Len())*int64(width) > 8*int64(len(d.bits.data)) {
		return errorf("%d bytes of packed data for %d elements of %d bits", len(d.bits.data), t.Len(), width)
	}
	return nil
}

func wantDecodable(t *tensor.Type) error {
	switch t.DType {
	case tensor.Bool, tensor.F32, tensor.I8, tensor.I16, tensor.I32, tensor.I64:
		return nil
	}
	return Unsupported("packed %s", t.DType)
}

// split finds how the elements belong to channels: along the first dimension,
// or the last.
func (d *decoder) split(t *tensor.Type) error {
	q := t.Quant
	if q == nil {
		return nil
	}
	d.channels = len(q.Scale)
	switch {
	case d.channels < 1 || len(q.Zero) != d.channels || t.Len()%d.channels != 0:
		return errorf("%d scales and %d zero points for %v", len(q.Scale), len(q.Zero), t.Shape)
	case d.channels > 1 && q.Axis == len(t.Shape)-1:
		d.run1 = 1
	case q.Axis != 0:
		return Unsupported("packed data with scales along dimension %d", q.Axis)
	default:
		d.run1 = max(t.Len()/d.channels, 1)
	}
	return nil
}

// checkZeros wants zero points of 0 for pruned data, but for int8.
func (d *decoder) checkZeros(t *tensor.Type) error {
	if t.Quant == nil || d.key[0] != decodePruned || t.DType == tensor.I8 {
		return nil
	}
	for _, z := range t.Quant.Zero {
		if z != 0 {
			return errorf("pruned %s with zero point %d, want 0", t.DType, z)
		}
	}
	return nil
}

// width is the bits of an index into a table.
func (d *decoder) width() int { return int(d.key[5] & 7) }

func (d *decoder) run(out *tensor.View) error {
	switch d.key[0] {
	case decodeTable:
		return d.lookUp(out)
	case decodePruned:
		return d.unprune(out)
	}
	return d.huffman(out)
}

// channel is that of element i.
func (d *decoder) channel(i int) int { return i / d.run1 % d.channels }

// lookUp takes each element from its channel's table.
func (d *decoder) lookUp(out *tensor.View) error {
	stride, width := int(d.key[6]), d.width()
	for i := range out.Len() {
		at := (d.channel(i)*stride + d.bits.next(width)) * d.size
		if at+d.size > len(d.table) {
			return dataf("element %d lies at byte %d of tables of %d bytes", i, at, len(d.table))
		}
		copy(out.Data[i*d.size:(i+1)*d.size], d.table[at:])
	}
	return nil
}

// unprune takes the elements whose bit is set from the table, in order; the
// others are their channel's zero point.
func (d *decoder) unprune(out *tensor.View) error {
	clear(out.Data)
	at := 0
	for i := range out.Len() {
		switch {
		case d.bits.next(1) == 1:
			if at+d.size > len(d.table) {
				return dataf("element %d is not among the %d bytes that were kept", i, len(d.table))
			}
			copy(out.Data[i*d.size:(i+1)*d.size], d.table[at:])
			at += d.size
		case out.DType == tensor.I8 && out.Quant != nil:
			out.Data[i] = byte(out.Quant.Zero[d.channel(i)])
		}
	}
	return nil
}
