package tflite

import (
	"fmt"
	"math"

	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
)

func (p *parser) tensor(t flatbuf.Table, where string) (x Tensor, err error) {
	x = Tensor{
		Shape:          t.Int32s(0),
		Type:           TensorType(t.Int8(1, 0)),
		Name:           t.String(3),
		Variable:       t.Bool(5, false),
		ShapeSignature: t.Int32s(7),
		HasRank:        t.Bool(8, false),
	}
	where += fmt.Sprintf(" %q", x.Name)
	if !x.Type.Known() {
		return x, &UnsupportedError{Format: formatName, Where: where, What: "element type " + x.Type.String()}
	}
	if err := p.constant(&x, t, where); err != nil {
		return x, err
	}
	if x.Quant, err = p.quantization(t.Table(4), where); err != nil {
		return x, err
	}
	if x.Sparsity, err = sparsity(t.Table(6), len(x.Shape), where); err != nil {
		return x, err
	}
	if err := p.buf.Err(); err != nil {
		return x, broken(where, err)
	}
	return x, x.check(where)
}

// constant finds the tensor's data.
func (p *parser) constant(x *Tensor, t flatbuf.Table, where string) error {
	n := t.Uint32(2, 0)
	switch ext := t.Uint32(10, 0); {
	case ext != 0 && int64(ext) > int64(p.external):
		return wrong(where, "names external buffer %d of %d", ext, p.external)
	case ext != 0:
		return &UnsupportedError{Format: formatName, Where: where, What: "its data lie in another file (external buffer); merge them into the model"}
	case p.buf.Err() != nil:
		return broken(where, p.buf.Err())
	case int64(n) >= int64(len(p.Buffers)):
		return wrong(where, "names buffer %d of %d", n, len(p.Buffers))
	}
	x.Buffer, x.Data = int(n), p.Buffers[n]
	return nil
}

// check holds the tensor's parts against each other.
func (x *Tensor) check(where string) error {
	for i, d := range x.ShapeSignature {
		if d < -1 {
			return wrong(where, "shape signature %v has %d in dimension %d", x.ShapeSignature, d, i)
		}
	}
	n, ok := Elements(x.Shape)
	bits := int64(x.Type.Bits())
	switch {
	case !ok:
		return wrong(where, "shape %v has a negative dimension or more elements than can be counted", x.Shape)
	case len(x.ShapeSignature) != 0 && len(x.ShapeSignature) != len(x.Shape):
		return wrong(where, "shape %v and shape signature %v differ in rank", x.Shape, x.ShapeSignature)
	case x.Data == nil || x.Sparsity != nil || bits == 0:
		return nil
	case n > (math.MaxInt64-7)/bits || (n*bits+7)/8 != int64(len(x.Data)):
		return wrong(where, "%d bytes of data do not make %v %v", len(x.Data), x.Type, x.Shape)
	}
	return nil
}

// quantization reads scales and zero points. Parameters without a scale, which
// converters write for float tensors, count as none.
func (p *parser) quantization(t flatbuf.Table, where string) (*Quantization, error) {
	if kind, _ := t.Union(4); kind != 0 {
		return nil, &UnsupportedError{Format: formatName, Where: where, What: "custom, blockwise or multi-axis quantization"}
	}
	q := &Quantization{
		Min:   t.Float32s(0),
		Max:   t.Float32s(1),
		Scale: t.Float32s(2),
		Zero:  t.Int64s(3),
		Axis:  t.Int32(6, 0),
	}
	if len(q.Scale) == 0 {
		return nil, nil
	}
	if n := len(q.Zero); n > 1 && n != len(q.Scale) {
		return nil, wrong(where, "%d scales and %d zero points", len(q.Scale), n)
	}
	if q.Axis < 0 {
		return nil, wrong(where, "quantized dimension %d", q.Axis)
	}
	return q, nil
}
