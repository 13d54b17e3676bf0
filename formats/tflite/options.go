package tflite

import (
	"fmt"

	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
)

// maxOptionInts bounds a vector in an operator's options: it is read anew by
// each operator that names it, so that many could name a long one.
const maxOptionInts = 1 << 16

// Options are a builtin operator's options, read by slot: fields of the schema's
// table count from 0 in the order in which they are declared, deprecated ones
// included, a union taking two. So Conv2DOptions has padding at 0, stride_w at 1,
// stride_h at 2, fused_activation_function at 3, dilation_w_factor at 4. Each
// accessor takes the schema's default, which is what an absent field means.
//
// The zero Options have no fields. Errors stick; ask Err after reading.
type Options struct {
	Type  OptionsType
	table flatbuf.Table
}

// OptionsAs returns the operator's options if they are a table of type t or
// there are none, which means that every field has its default.
func (op *Operator) OptionsAs(t OptionsType) (Options, error) {
	if got := op.Options.Type; got != NoOptions && got != t {
		return Options{}, fmt.Errorf("the options are %v, not %v", got, t)
	}
	return op.Options, nil
}

// Err returns the first error of reading the options.
func (o Options) Err() error { return broken("options "+o.Type.String(), o.table.Err()) }

// Present reports whether there are options.
func (o Options) Present() bool { return o.table.Present() }

// Has reports whether a field is stored.
func (o Options) Has(slot int) bool { return o.table.Has(slot) }

// Bool returns a bool field.
func (o Options) Bool(slot int, def bool) bool { return o.table.Bool(slot, def) }

// Int8 returns a byte field.
func (o Options) Int8(slot int, def int8) int8 { return o.table.Int8(slot, def) }

// Int32 returns an int field.
func (o Options) Int32(slot int, def int32) int32 { return o.table.Int32(slot, def) }

// Uint32 returns a uint field.
func (o Options) Uint32(slot int, def uint32) uint32 { return o.table.Uint32(slot, def) }

// Int64 returns a long field.
func (o Options) Int64(slot int, def int64) int64 { return o.table.Int64(slot, def) }

// Float32 returns a float field.
func (o Options) Float32(slot int, def float32) float32 { return o.table.Float32(slot, def) }

// String returns a string field, "" if it is absent.
func (o Options) String(slot int) string { return string(o.Bytes(slot)) }

// Bytes returns a vector of bytes, not copied.
func (o Options) Bytes(slot int) []byte { return o.table.Bytes(slot) }

// Ints returns a copy of a vector of int, nil if it is absent.
func (o Options) Ints(slot int) []int32 { return limited(o, slot, o.table.Int32s) }

// Longs returns a copy of a vector of long, nil if it is absent.
func (o Options) Longs(slot int) []int64 { return limited(o, slot, o.table.Int64s) }

// Floats returns a copy of a vector of float, nil if it is absent.
func (o Options) Floats(slot int) []float32 { return limited(o, slot, o.table.Float32s) }

// Activation returns a fused activation.
func (o Options) Activation(slot int) ActivationFunctionType {
	return ActivationFunctionType(o.Int8(slot, 0))
}

// Padding returns a padding.
func (o Options) Padding(slot int) Padding { return Padding(o.Int8(slot, 0)) }

// TensorType returns a tensor type.
func (o Options) TensorType(slot int, def TensorType) TensorType {
	return TensorType(o.Int8(slot, int8(def)))
}

func limited[T any](o Options, slot int, read func(int) []T) []T {
	if n := o.table.VectorLen(slot); n > maxOptionInts {
		o.table.Fail("a vector of %d elements is longer than the %d that options may have", n, maxOptionInts)
		return nil
	}
	return read(slot)
}
