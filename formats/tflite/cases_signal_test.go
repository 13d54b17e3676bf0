package tflite_test

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// arg is an input or output of an operator; an input with data is a constant.
type arg struct {
	typ   tflite.TensorType
	shape []int
	data  any
}

type args []arg

type flex map[string]any

func argI16(shape ...int) arg { return arg{typ: tflite.Int16, shape: shape} }
func argI32(shape ...int) arg { return arg{typ: tflite.Int32, shape: shape} }
func argU32(shape ...int) arg { return arg{typ: tflite.Uint32, shape: shape} }
func argU64(shape ...int) arg { return arg{typ: tflite.Uint64, shape: shape} }
func argF32(shape ...int) arg { return arg{typ: tflite.Float32, shape: shape} }
func argBool() arg            { return arg{typ: tflite.Bool} }

func constI16(data ...int16) arg {
	return arg{typ: tflite.Int16, shape: []int{len(data)}, data: data}
}

// custom is a model of one custom operator.
func custom(name string, options flex, in, out args) func(m *modeltest.Model) {
	return func(m *modeltest.Model) {
		var ins, outs []int
		for i, a := range in {
			name := fmt.Sprint("in", i)
			if a.data != nil {
				ins = append(ins, m.Const(name, a.typ, a.shape, a.data))
			} else {
				ins = append(ins, m.Input(name, a.typ, a.shape))
			}
		}
		for _, a := range out {
			outs = append(outs, m.Tensor("out", a.typ, a.shape))
		}
		var bytes []byte
		if options != nil {
			bytes = modeltest.Flex(map[string]any(options))
		}
		m.Custom(name, bytes, ins, outs)
		m.Outputs(outs...)
	}
}

// noise fills integers with all their bits, of which the top shift are dropped
// at random, so that all magnitudes occur.
func noise(shift int) func(step, i int, t tensor.Type) []byte {
	return func(step, i int, t tensor.Type) []byte {
		r := rand.New(rand.NewPCG(uint64(step), uint64(i)))
		drop := func() int { return r.IntN(shift + 1) }
		switch t.DType {
		case tensor.I16:
			return tensor.Bytes(each(t.Len(), func(int) int16 { return int16(r.Uint32()) >> drop() }))
		case tensor.I32:
			return tensor.Bytes(each(t.Len(), func(int) int32 { return int32(r.Uint32()) >> drop() }))
		case tensor.U32:
			return tensor.Bytes(each(t.Len(), func(int) uint32 { return r.Uint32() >> drop() }))
		case tensor.U64:
			return tensor.Bytes(each(t.Len(), func(int) uint64 { return r.Uint64() >> drop() }))
		}
		return nil
	}
}

// these fills the first inputs with these elements, again and again.
func these[T tensor.Element](inputs ...[]T) func(step, i int, t tensor.Type) []byte {
	return func(_, i int, t tensor.Type) []byte {
		if i >= len(inputs) {
			return nil
		}
		return tensor.Bytes(each(t.Len(), func(k int) T { return inputs[i][k%len(inputs[i])] }))
	}
}

func each[T any](n int, f func(i int) T) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = f(i)
	}
	return out
}

// signed returns n deterministic numbers from -size to size.
func signed(name string, n, size int) []int16 {
	h := fnv.New64a()
	h.Write([]byte(name))
	r := rand.New(rand.NewPCG(h.Sum64(), 1))
	return each(n, func(int) int16 { return int16(r.IntN(2*size+1) - size) })
}

func window(shift int, in, weights arg) func(m *modeltest.Model) {
	return custom("SignalWindow", flex{"shift": shift}, args{in, weights}, args{argI16(in.shape...)})
}

func rfft(length int, in arg) func(m *modeltest.Model) {
	return custom("SignalRfft", flex{"T": int(in.typ), "fft_length": length}, args{in}, args{resized(in, length+2)})
}

func irfft(length int, in arg) func(m *modeltest.Model) {
	return custom("SignalIrfft", flex{"T": int(in.typ), "fft_length": length}, args{in}, args{resized(in, length)})
}

func resized(a arg, last int) arg {
	if len(a.shape) > 0 {
		a.shape = append(append([]int{}, a.shape[:len(a.shape)-1]...), last)
	}
	return a
}

func autoScale(n int) func(m *modeltest.Model) {
	return custom("SignalFftAutoScale", nil, args{argI16(n)}, args{argI16(n), argI32()})
}

func energy(n, start, end int) func(m *modeltest.Model) {
	return custom("SignalEnergy", flex{"start_index": start, "end_index": end}, args{argI16(n)}, args{argU32(n / 2)})
}

func overlapAdd(step int, in arg, out ...int) func(m *modeltest.Model) {
	return custom("SignalOverlapAdd", flex{"T": int(in.typ), "frame_step": step}, args{in}, args{{typ: in.typ, shape: out}})
}

func delay(length int, shape ...int) func(m *modeltest.Model) {
	return custom("SignalDelay", flex{"delay_length": length}, args{argI16(shape...)}, args{argI16(shape...)})
}

func framer(size, step int, prefill bool, in ...int) func(m *modeltest.Model) {
	out := []int{size}
	if step > 0 && len(in) > 0 {
		out = append(append([]int{}, in[:len(in)-1]...), in[len(in)-1]/step, size)
	}
	return custom("SignalFramer", flex{"frame_size": size, "frame_step": step, "prefill": prefill}, args{argI16(in...)}, args{argI16(out...), argBool()})
}

func stacker(channels, left, right, step int) func(m *modeltest.Model) {
	return custom("SignalStacker", flex{
		"num_channels": channels, "stacker_left_context": left, "stacker_right_context": right, "stacker_step": step,
	}, args{argI16(max(channels, 1))}, args{argI16(max(channels*(left+1+right), 1)), argBool()})
}

// delayInBranch delays in one branch of IF, and passes by in the other.
func delayInBranch(m *modeltest.Model) {
	c, x := m.Input("c", tflite.Bool, []int{1}), m.Input("x", tflite.Int16, []int{1, 3})
	then, other := m.NewSubgraph("then"), m.NewSubgraph("else")
	y := then.Tensor("y", tflite.Int16, []int{1, 3})
	then.Custom("SignalDelay", modeltest.Flex(map[string]any{"delay_length": 2}), []int{then.Input("p", tflite.Int16, []int{1, 3})}, []int{y})
	then.Outputs(y)
	other.Outputs(other.Input("p", tflite.Int16, []int{1, 3}))
	z := m.Tensor("z", tflite.Int16, []int{1, 3})
	ifOp(m, m.Subgraph, then, other, []int{c, x}, []int{z})
	m.Outputs(z)
}

// everySecond makes input 0, a bool, true in steps 0, 2, …
func everySecond(step, i int, t tensor.Type) []byte {
	if i == 0 {
		return []byte{byte(1 - step%2)}
	}
	return nil
}

var signalCases = []opCase{
	{op: "SignalWindow", name: "frame", model: window(12, argI16(32), constI16(signed("w", 32, 4096)...))},
	{op: "SignalWindow", name: "rows, saturating", model: window(8, argI16(2, 3, 8), constI16(signed("x", 8, 32767)...))},
	{op: "SignalWindow", name: "several windows in a row", model: window(0, argI16(12), argI16(4)), fill: noise(12)},
	{op: "SignalWindow", name: "extremes", model: window(15, argI16(4), argI16(4)), fill: these([]int16{-32768, 32767, -32768, 1}, []int16{-32768, -32768, 32767, -1})},
	{op: "SignalWindow", name: "shift 31", model: window(31, argI16(4), argI16(4))},
	{op: "SignalWindow", name: "shift 32", model: window(32, argI16(4), argI16(4)), err: "shift is 32, want 0 to 31"},
	{op: "SignalWindow", name: "shift -1", model: window(-1, argI16(4), argI16(4)), err: "shift is -1, want 0 to 31"},
	{op: "SignalWindow", name: "not whole windows", model: window(1, argI16(6), argI16(4)), err: "not made of windows of 4 elements"},
	{op: "SignalWindow", name: "no window", model: window(1, argI16(6), argI16(0)), err: "not made of windows of 0 elements"},
	{op: "SignalWindow", name: "float32", model: window(1, argF32(4), argI16(4)), err: "float32 as type of input 0"},
	{op: "SignalWindow", name: "no options", model: custom("SignalWindow", nil, args{argI16(4), argI16(4)}, args{argI16(4)}), err: "options are no flexbuffer's map"},
	{op: "SignalWindow", name: "option missing", model: custom("SignalWindow", flex{"shaft": 3}, args{argI16(4), argI16(4)}, args{argI16(4)}), err: "option shift is missing"},
	{op: "SignalWindow", name: "option beyond 32 bits", model: custom("SignalWindow", flex{"shift": int64(1 << 32)}, args{argI16(4), argI16(4)}, args{argI16(4)}), err: "option shift is 4294967296: beyond 32 bits"},
	{op: "SignalWindow", name: "one input", model: custom("SignalWindow", flex{"shift": 1}, args{argI16(4)}, args{argI16(4)}), err: "1 inputs, want 2"},

	{op: "SignalFftAutoScale", name: "small", model: autoScale(20), fill: these([]int16{3, -17, 100, 0, -101})},
	{op: "SignalFftAutoScale", name: "full", model: autoScale(64)},
	{op: "SignalFftAutoScale", name: "zeros", model: autoScale(5), fill: these([]int16{0})},
	{op: "SignalFftAutoScale", name: "ones", model: autoScale(5), fill: these([]int16{1, -1})},
	{op: "SignalFftAutoScale", name: "power of two", model: autoScale(5), fill: these([]int16{256, -255})},
	{op: "SignalFftAutoScale", name: "least integer last", model: autoScale(3), fill: these([]int16{4, 5, -32768})},
	{op: "SignalFftAutoScale", name: "least integer first", model: autoScale(4), fill: these([]int16{-32768, 5, -9, 2})},
	{op: "SignalFftAutoScale", name: "least integer and negative", model: autoScale(2), fill: these([]int16{-32768, -5})},
	{op: "SignalFftAutoScale", name: "rank 2", model: custom("SignalFftAutoScale", nil, args{argI16(2, 2)}, args{argI16(2, 2), argI32()}), err: "want rank [1]"},

	{op: "SignalRfft", name: "int16 of 4", model: rfft(4, argI16(4))},
	{op: "SignalRfft", name: "int16 of 8", model: rfft(8, argI16(3, 8))},
	{op: "SignalRfft", name: "int16 of 16, filled up", model: rfft(16, argI16(2, 2, 11))},
	{op: "SignalRfft", name: "int16 of 64, least integers", model: rfft(64, argI16(64)), fill: these([]int16{-32768})},
	{op: "SignalRfft", name: "int16 of 64, alternating", model: rfft(64, argI16(64)), fill: these([]int16{-32768, 32767})},
	{op: "SignalRfft", name: "int16 of 512, filled up", model: rfft(512, argI16(480))},
	{op: "SignalRfft", name: "int16 of 1024, faint", model: rfft(1024, argI16(1024)), fill: noise(15)},
	{op: "SignalRfft", name: "int32 of 32", model: rfft(32, argI32(2, 30)), fill: noise(0)},
	{op: "SignalRfft", name: "int32 of 256", model: rfft(256, argI32(256)), fill: noise(30)},
	{op: "SignalRfft", name: "int32 of 16, least integers", model: rfft(16, argI32(16)), fill: these([]int32{-1 << 31})},
	{op: "SignalRfft", name: "float32 of 16", model: rfft(16, argF32(2, 13))},
	{op: "SignalRfft", name: "float32 of 512", model: rfft(512, argF32(480))},
	{op: "SignalRfft", name: "int16 of 6", model: rfft(6, argI16(4, 6))},
	{op: "SignalRfft", name: "int16 of 10", model: rfft(10, argI16(4, 10))},
	{op: "SignalRfft", name: "int16 of 90, odd", model: rfft(90, argI16(90))},
	{op: "SignalRfft", name: "int16 of 480", model: rfft(480, argI16(480))},
	{op: "SignalRfft", name: "int16 of 300, extremes", model: rfft(300, argI16(300)), fill: these([]int16{-32768, 32767, 32767})},
	{op: "SignalRfft", name: "int32 of 480", model: rfft(480, argI32(400)), fill: noise(0)},
	{op: "SignalRfft", name: "float32 of 150", model: rfft(150, argF32(150))},
	{op: "SignalRfft", name: "float32 of 400", model: rfft(400, argF32(320))},
	{op: "SignalRfft", name: "no rows", model: rfft(8, argI16(0, 8)), want: "int16[0 10] []"},
	{op: "SignalRfft", name: "row too long", model: rfft(8, argI16(9)), err: "rows of 9 elements are longer than the FFT's 8"},
	{op: "SignalRfft", name: "length 14", model: rfft(14, argI16(12)), err: "an FFT of length 14"},
	{op: "SignalRfft", name: "length 2", model: rfft(2, argI16(2)), err: "an FFT of length 2"},
	{op: "SignalRfft", name: "length 0", model: rfft(0, argI16(1)), err: "an FFT of length 0"},
	{op: "SignalRfft", name: "length -8", model: custom("SignalRfft", flex{"T": 7, "fft_length": -8}, args{argI16(1)}, args{argI16(10)}), err: "an FFT of length -8"},
	{op: "SignalRfft", name: "length 2^30", model: custom("SignalRfft", flex{"T": 7, "fft_length": 1 << 30}, args{argI16(1)}, args{argI16(10)}), err: "an FFT of length 1073741824"},
	{op: "SignalRfft", name: "uint8", model: rfft(8, arg{typ: tflite.Uint8, shape: []int{8}}), err: "uint8 as type of input 0"},
	{op: "SignalRfft", name: "other type", model: custom("SignalRfft", flex{"T": 2, "fft_length": 8}, args{argI16(8)}, args{argI16(10)}), err: "option T is INT32, and input 0 is int16"},
	{op: "SignalRfft", name: "absurd type", model: custom("SignalRfft", flex{"T": 999, "fft_length": 8}, args{argI16(8)}, args{argI16(10)}), err: "option T"},
	{op: "SignalRfft", name: "no type", model: custom("SignalRfft", flex{"fft_length": 8}, args{argI16(8)}, args{argI16(10)}), err: "option T is missing"},
	{op: "SignalRfft", name: "scalar", model: custom("SignalRfft", flex{"T": 7, "fft_length": 8}, args{argI16()}, args{argI16(10)}), err: "input 0 is a scalar"},
	{op: "SignalRfft", name: "no inputs", model: custom("SignalRfft", flex{"T": 7, "fft_length": 8}, nil, args{argI16(10)}), err: "option T is INT16, and input 0 is none"},

	{op: "SignalIrfft", name: "int16 of 4", model: irfft(4, argI16(2, 6))},
	{op: "SignalIrfft", name: "int16 of 32", model: irfft(32, argI16(34))},
	{op: "SignalIrfft", name: "int16 of 64, longer rows", model: irfft(64, argI16(2, 70))},
	{op: "SignalIrfft", name: "int16 of 512", model: irfft(512, argI16(514))},
	{op: "SignalIrfft", name: "int16 of 32, least integers", model: irfft(32, argI16(34)), fill: these([]int16{-32768})},
	{op: "SignalIrfft", name: "int32 of 128", model: irfft(128, argI32(130)), fill: noise(3)},
	{op: "SignalIrfft", name: "float32 of 64", model: irfft(64, argF32(2, 66))},
	{op: "SignalIrfft", name: "float32 of 256", model: irfft(256, argF32(258))},
	{op: "SignalIrfft", name: "int16 of 150", model: irfft(150, argI16(2, 152))},
	{op: "SignalIrfft", name: "int32 of 60", model: irfft(60, argI32(62)), fill: noise(0)},
	{op: "SignalIrfft", name: "float32 of 30", model: irfft(30, argF32(2, 32))},
	{op: "SignalIrfft", name: "float32 of 480", model: irfft(480, argF32(482))},
	{op: "SignalIrfft", name: "short row", model: irfft(8, argI16(8)), err: "rows of 8 elements are no spectrum of an FFT of length 8, which has 10"},
	{op: "SignalIrfft", name: "odd row", model: irfft(8, argI16(11)), err: "rows of 11 elements are no spectrum"},
	{op: "SignalIrfft", name: "length 15", model: irfft(15, argI16(18)), err: "an FFT of length 15"},
	{op: "SignalIrfft", name: "bool", model: irfft(8, arg{typ: tflite.Bool, shape: []int{10}}), err: "bool as type of input 0"},

	{op: "SignalEnergy", name: "all", model: energy(34, 0, 17)},
	{op: "SignalEnergy", name: "part", model: energy(20, 2, 9)},
	{op: "SignalEnergy", name: "extremes", model: energy(4, 0, 2), fill: these([]int16{-32768, -32768, 32767, -32768})},
	{op: "SignalEnergy", name: "nothing", model: energy(4, 2, 1)},
	{op: "SignalEnergy", name: "end too large", model: energy(20, 2, 11), err: "indices 2 to 11 are out of range for 10 complex numbers"},
	{op: "SignalEnergy", name: "start negative", model: energy(20, -1, 10), err: "indices -1 to 10"},
	{op: "SignalEnergy", name: "int32", model: custom("SignalEnergy", flex{"start_index": 0, "end_index": 1}, args{argI32(4)}, args{argU32(2)}), err: "int32 as type of input 0"},

	{op: "SignalOverlapAdd", name: "int16", steps: 4, model: overlapAdd(4, argI16(1, 10), 4), fill: noise(2)},
	{op: "SignalOverlapAdd", name: "int16, saturating streams", steps: 3, model: overlapAdd(2, argI16(2, 3, 5), 2, 6)},
	{op: "SignalOverlapAdd", name: "int16, no overlap", steps: 2, model: overlapAdd(5, argI16(3, 5), 15)},
	{op: "SignalOverlapAdd", name: "float32", steps: 4, model: overlapAdd(3, argF32(2, 2, 7), 2, 6)},
	{op: "SignalOverlapAdd", name: "one run", model: overlapAdd(3, argF32(2, 2, 7), 2, 6)},
	{op: "SignalOverlapAdd", name: "int32", model: overlapAdd(3, argI32(2, 7), 6), err: "int32 as type of input 0"},
	{op: "SignalOverlapAdd", name: "rank 1", model: overlapAdd(3, argI16(7), 6), err: "want 2 or more dimensions"},
	{op: "SignalOverlapAdd", name: "step 0", model: overlapAdd(0, argI16(1, 7), 6), err: "frame_step is 0, want 1 to 7"},
	{op: "SignalOverlapAdd", name: "step beyond frame", model: overlapAdd(8, argI16(1, 7), 8), err: "frame_step is 8, want 1 to 7"},
	{op: "SignalOverlapAdd", name: "empty", model: overlapAdd(8, argI16(0, 7), 0), err: "has no elements in a frame"},

	{op: "SignalDelay", name: "shorter than a frame", steps: 3, model: delay(3, 2, 5)},
	{op: "SignalDelay", name: "longer than a frame", steps: 5, model: delay(9, 4)},
	{op: "SignalDelay", name: "a frame", steps: 2, model: delay(4, 1, 2, 4)},
	{op: "SignalDelay", name: "none", steps: 2, model: delay(0, 4)},
	{op: "SignalDelay", name: "one run", model: delay(1, 3, 4)},
	{op: "SignalDelay", name: "in a branch", steps: 3, model: delayInBranch, fill: everySecond},
	{op: "SignalDelay", name: "negative", model: delay(-1, 4), err: "delay_length is -1"},
	{op: "SignalDelay", name: "huge", model: delay(1<<30-1, 4), err: "over the limit"},
	{op: "SignalDelay", name: "huge streams", model: delay(1<<29, 4, 4), err: "2 GiB or more"},
	{op: "SignalDelay", name: "empty", model: delay(1, 4, 0), err: "has no elements in a frame"},
	{op: "SignalDelay", name: "scalar", model: delay(1), err: "want 1 or more dimensions"},

	{op: "SignalFramer", name: "first runs", steps: 1, model: framer(6, 2, false, 4)},
	{op: "SignalFramer", name: "becomes valid", steps: 4, model: framer(6, 2, false, 4)},
	{op: "SignalFramer", name: "valid within a run", steps: 1, model: framer(5, 2, false, 8)},
	{op: "SignalFramer", name: "valid within the second run", steps: 2, model: framer(11, 2, false, 6)},
	{op: "SignalFramer", name: "prefilled streams", steps: 3, model: framer(7, 3, true, 2, 6)},
	{op: "SignalFramer", name: "prefilled, one run", model: framer(7, 3, true, 2, 6)},
	{op: "SignalFramer", name: "no overlap", steps: 2, model: framer(3, 3, true, 6)},
	{op: "SignalFramer", name: "gaps", steps: 3, model: framer(2, 3, false, 2, 6)},
	{op: "SignalFramer", name: "gaps, prefilled", model: framer(2, 3, true, 6), err: "frame_step 3 is more than frame_size 2"},
	{op: "SignalFramer", name: "step 0", model: framer(2, 0, false, 6), err: "frame_step is 0, want 1 to 6"},
	{op: "SignalFramer", name: "step beyond input", model: framer(9, 7, false, 6), err: "frame_step is 7, want 1 to 6"},
	{op: "SignalFramer", name: "not whole steps", model: framer(9, 4, false, 6), err: "not made of steps of 4"},
	{op: "SignalFramer", name: "size 0", model: framer(0, 2, false, 6), err: "frame_size is 0"},
	{op: "SignalFramer", name: "huge size", model: custom("SignalFramer", flex{"frame_size": 1<<31 - 1, "frame_step": 2, "prefill": false}, args{argI16(6)}, args{argI16(3, 2), argBool()}), err: "frame_size is 2147483647"},
	{op: "SignalFramer", name: "float32", model: custom("SignalFramer", flex{"frame_size": 4, "frame_step": 2, "prefill": false}, args{argF32(6)}, args{argF32(3, 4), argBool()}), err: "float32 as type of input 0"},

	{op: "SignalStacker", name: "no context", steps: 2, model: stacker(3, 0, 0, 1)},
	{op: "SignalStacker", name: "first run", model: stacker(3, 2, 0, 2)},
	{op: "SignalStacker", name: "not yet valid", steps: 2, model: stacker(3, 1, 2, 2)},
	{op: "SignalStacker", name: "valid", steps: 3, model: stacker(3, 1, 2, 2)},
	{op: "SignalStacker", name: "not valid again", steps: 4, model: stacker(3, 1, 2, 2)},
	{op: "SignalStacker", name: "valid again", steps: 7, model: stacker(3, 1, 2, 2)},
	{op: "SignalStacker", name: "no overlap", steps: 8, model: stacker(2, 1, 1, 3)},
	{op: "SignalStacker", name: "longer input", steps: 2, model: custom("SignalStacker", flex{
		"num_channels": 2, "stacker_left_context": 1, "stacker_right_context": 0, "stacker_step": 1,
	}, args{argI16(5)}, args{argI16(4), argBool()})},
	{op: "SignalStacker", name: "step 0", model: stacker(2, 1, 1, 0), err: "stacker_step is 0, want 1 to 3"},
	{op: "SignalStacker", name: "step beyond frames", model: stacker(2, 1, 1, 4), err: "stacker_step is 4, want 1 to 3"},
	{op: "SignalStacker", name: "negative context", model: stacker(2, -1, 1, 1), err: "stacker_left_context is -1"},
	{op: "SignalStacker", name: "no channels", model: stacker(0, 1, 1, 1), err: "num_channels is 0"},
	{op: "SignalStacker", name: "short input", model: custom("SignalStacker", flex{
		"num_channels": 6, "stacker_left_context": 1, "stacker_right_context": 0, "stacker_step": 1,
	}, args{argI16(5)}, args{argI16(12), argBool()}), err: "input of shape [5], want [6]"},
}
