package tflite_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
	"github.com/edgeinfer/edgeinfer/kernels/ref"
)

// TestUint8LikeInt8 runs operators on int8, for which the reference's outputs
// are recorded, and on uint8, which it lacks, with every element and zero point
// 128 greater: the outputs must be 128 greater too.
func TestUint8LikeInt8(t *testing.T) {
	a, b := everyPair(61)
	third := slices.Clone(a)
	slices.Reverse(third)
	n := len(a)
	for i := range b {
		if b[i] == 5 { // the zero point of the second operand, by which DIV can't divide
			b[i] = 6
		}
	}
	x, z, y := i8(0.06, -3, n), i8(0.04, 5, n), i8(0.05, 11, n)
	relu6 := func(o tflite.OptionsType) modeltest.Options { return activated(o, tflite.ActivationRelu6) }
	for _, c := range []struct {
		op   string
		opts modeltest.Options
		out  val
		in   []val
	}{
		{"ADD", relu6(tflite.AddOptions), y, []val{x, z}},
		{"SUB", relu6(tflite.SubOptions), y, []val{x, z}},
		{"MUL", relu6(tflite.MulOptions), y, []val{x, z}},
		{"DIV", relu6(tflite.DivOptions), y, []val{x, z}},
		{"MAXIMUM", noOptions, x, []val{x, x}},
		{"MINIMUM", noOptions, x, []val{x, x}},
		{"EQUAL", noOptions, bools(n), []val{x, z}},
		{"LESS", noOptions, bools(n), []val{x, z}},
		{"PRELU", noOptions, y, []val{x, z}},
		{"LEAKY_RELU", leaky(0.3), y, []val{x}},
		{"HARD_SWISH", noOptions, y, []val{x}},
		{"GELU", noOptions, y, []val{x}},
		{"RELU", noOptions, y, []val{x}},
		{"RELU_N1_TO_1", noOptions, y, []val{x}},
		{"RELU_0_TO_1", noOptions, y, []val{x}},
		{"QUANTIZE", noOptions, y, []val{x}},
		{"DEQUANTIZE", noOptions, f32(n), []val{x}},
		{"SELECT_V2", noOptions, x, []val{bools(n), x, x}},
	} {
		t.Run(c.op, func(t *testing.T) {
			set := ref.Set()
			signed := single(c.op, "int8", c.opts, c.out, c.in...).filled(a, b, third)
			want, err := signed.outputs(t, &set, 1)
			require.NoError(t, err)
			var in []val
			for _, v := range c.in {
				in = append(in, unsigned(v))
			}
			data := [][]byte{a, b, third}
			for i, v := range c.in {
				if v.typ == tflite.Int8 {
					data[i] = flipped(data[i])
				}
			}
			other := single(c.op, "uint8", c.opts, unsigned(c.out), in...).filled(data...)
			got, err := other.outputs(t, &set, 1)
			require.NoError(t, err)
			if c.out.typ == tflite.Int8 {
				want[0].bytes = flipped(want[0].bytes)
			}
			require.Equal(t, want[0].bytes, got[0].bytes)
		})
	}
}

// unsigned returns v as uint8, if it is int8.
func unsigned(v val) val {
	if v.typ == tflite.Int8 {
		v.typ, v.zero = tflite.Uint8, v.zero+128
	}
	return v
}

// flipped returns bytes with their top bit turned, which adds 128.
func flipped(b []byte) []byte {
	out := make([]byte, len(b))
	for i := range b {
		out[i] = b[i] ^ 0x80
	}
	return out
}
