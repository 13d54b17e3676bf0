package tflite_test

import (
	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

func filterBank(channels int, in ...arg) func(m *modeltest.Model) {
	return custom("SignalFilterBank", flex{"num_channels": channels}, in, args{argU64(max(channels, 0))})
}

func squareRoot(n int, shift arg) func(m *modeltest.Model) {
	return custom("SignalFilterBankSquareRoot", nil, args{argU64(n), shift}, args{argU32(n)})
}

func shiftOf(n int32) arg { return arg{typ: tflite.Int32, data: []int32{n}} }

func bankLog(n, correction, scale int) func(m *modeltest.Model) {
	return custom("SignalFilterBankLog", flex{"input_correction_bits": correction, "output_scale": scale}, args{argU32(n)}, args{argI16(n)})
}

// subtraction is a spectral subtraction of n channels; changed replaces some
// of the options.
func subtraction(n int, changed flex) func(m *modeltest.Model) {
	options := flex{
		"num_channels": n, "smoothing": 410, "one_minus_smoothing": 15974,
		"alternate_smoothing": 655, "alternate_one_minus_smoothing": 15729, "smoothing_bits": 10,
		"min_signal_remaining": 819, "spectral_subtraction_bits": 14, "clamping": false,
	}
	for k, v := range changed {
		options[k] = v
	}
	return custom("SignalFilterBankSpectralSubtraction", options, args{argU32(5)}, args{argU32(5), argU32(5)})
}

func pcan(shift, n, noise int, table arg) func(m *modeltest.Model) {
	return custom("SignalPCAN", flex{"snr_shift": shift}, args{argU32(n), argU32(noise), table}, args{argU32(n)})
}

// corners are numbers about powers of two, where methods change.
func corners() []uint32 {
	out := []uint32{0, 1, 2, 3}
	for b := 2; b < 32; b++ {
		out = append(out, 1<<b-1, 1<<b, 1<<b+1)
	}
	return append(out, 1<<32-1, 1<<32-2)
}

// roots are numbers whose roots are hard to round: about n², n²+n and 2^32, 2^64.
func roots() []uint64 {
	var out []uint64
	for _, n := range []uint64{0, 1, 2, 181, 255, 256, 65534, 65535, 65536, 92681, 1<<31 - 1, 1 << 31, 3037000499, 1<<32 - 2, 1<<32 - 1} {
		out = append(out, n*n-1, n*n, n*n+1, n*n+n, n*n+n+1)
	}
	return append(out, 1<<64-1, 1<<32-1, 1<<32)
}

// segments are numbers in each segment of the logarithm's table.
func segments() []uint32 {
	return each(256, func(i int) uint32 { return (1<<31 + uint32(i)<<23 + uint32(i*i*31)) >> (i % 3 * 7) })
}

// tables fills a filter bank's inputs, tables included.
func tables(step, i int, t tensor.Type) []byte {
	if i < 3 {
		return noise(4)(step, i, t)
	}
	return tensor.Bytes([][]int16{{0, 2, 5}, {4, 0, 5}, {3, 4, 3}}[i-3])
}

var bankCases = []opCase{
	{op: "SignalFilterBank", name: "bands", fill: noise(8), model: filterBank(3, argU32(20), constI16(signed("w", 12, 4096)...), constI16(signed("u", 12, 4096)...),
		constI16(2, 5, 9, 15), constI16(0, 3, 0, 7), constI16(3, 4, 6, 5))},
	{op: "SignalFilterBank", name: "computed tables", model: filterBank(2, argU32(8), argI16(8), argI16(8), argI16(3), argI16(3), argI16(3)), fill: tables},
	{op: "SignalFilterBank", name: "wrapping", fill: these([]uint32{1<<32 - 1}), model: filterBank(1, argU32(4), constI16(-32768, 32767, -1, 1), constI16(-32768, -32768, 1, 0),
		constI16(0, 0), constI16(0, 0), constI16(4, 4))},
	{op: "SignalFilterBank", name: "empty bands", model: filterBank(2, argU32(4), constI16(1, 2), constI16(3, 4), constI16(9, 0, -7), constI16(-1, 0, 99), constI16(0, 2, -4))},
	{op: "SignalFilterBank", name: "longer tables", model: filterBank(1, argU32(4), constI16(1, 2), constI16(3, 4), constI16(0, 1, 99), constI16(0, 0, 99), constI16(2, 2, 99))},
	{op: "SignalFilterBank", name: "frequency too large", model: filterBank(1, argU32(4), constI16(1, 2), constI16(3, 4), constI16(0, 3), constI16(0, 0), constI16(2, 2)), err: "band 1 has frequencies 3 to 5, and input 0 has 4"},
	{op: "SignalFilterBank", name: "frequency negative", model: filterBank(1, argU32(4), constI16(1, 2), constI16(3, 4), constI16(0, -1), constI16(0, 0), constI16(2, 2)), err: "band 1 has frequencies -1 to 1"},
	{op: "SignalFilterBank", name: "weight too large", model: filterBank(1, argU32(4), constI16(1, 2), constI16(3, 4), constI16(0, 1), constI16(0, 1), constI16(2, 2)), err: "band 1 has weights 1 to 3, and inputs 1 and 2 have 2 and 2"},
	{op: "SignalFilterBank", name: "unweights too few", model: filterBank(1, argU32(4), constI16(1, 2, 3), constI16(3, 4), constI16(0, 1), constI16(0, 1), constI16(2, 2)), err: "inputs 1 and 2 have 3 and 2"},
	{op: "SignalFilterBank", name: "computed table wrong", model: filterBank(1, argU32(4), argI16(4), argI16(4), argI16(2), argI16(2), argI16(2)), fill: noise(0), err: "invalid data: band"},
	{op: "SignalFilterBank", name: "short table", model: filterBank(2, argU32(4), constI16(1, 2), constI16(3, 4), constI16(0, 1), constI16(0, 1), constI16(2, 2)), err: "table of input 3 has 2 entries, want 3"},
	{op: "SignalFilterBank", name: "channels negative", model: filterBank(-1, argU32(4), constI16(1, 2), constI16(3, 4), constI16(0, 1), constI16(0, 1), constI16(2, 2)), err: "-1 channels"},
	{op: "SignalFilterBank", name: "channels huge", model: custom("SignalFilterBank", flex{"num_channels": 1<<31 - 1}, args{argU32(4), constI16(1), constI16(3), constI16(0), constI16(0), constI16(2)}, args{argU64(1)}), err: "2147483647 channels"},
	{op: "SignalFilterBank", name: "rank 2", model: filterBank(1, argU32(4, 1), constI16(1, 2), constI16(3, 4), constI16(0, 1), constI16(0, 1), constI16(2, 2)), err: "want rank [1]"},
	{op: "SignalFilterBank", name: "three inputs", model: filterBank(1, argU32(4), constI16(1, 2), constI16(3, 4)), err: "3 inputs, want 6"},

	{op: "SignalFilterBankSquareRoot", name: "all magnitudes", model: squareRoot(64, shiftOf(0)), fill: noise(63)},
	{op: "SignalFilterBankSquareRoot", name: "corners", model: squareRoot(len(roots()), shiftOf(0)), fill: these(roots())},
	{op: "SignalFilterBankSquareRoot", name: "shifted", model: squareRoot(40, shiftOf(5)), fill: noise(40)},
	{op: "SignalFilterBankSquareRoot", name: "shifted by 31", model: squareRoot(8, shiftOf(31)), fill: noise(0)},
	{op: "SignalFilterBankSquareRoot", name: "shift -1", model: squareRoot(8, shiftOf(-1)), err: "shifted by -1 bits"},
	{op: "SignalFilterBankSquareRoot", name: "shift 32", model: squareRoot(8, shiftOf(32)), err: "shifted by 32 bits"},
	{op: "SignalFilterBankSquareRoot", name: "shift of rank 1", model: squareRoot(8, argI32(1)), err: "want rank [0]"},
	{op: "SignalFilterBankSquareRoot", name: "uint32", model: custom("SignalFilterBankSquareRoot", nil, args{argU32(4), shiftOf(1)}, args{argU32(4)}), err: "uint32 as type of input 0"},

	{op: "SignalFilterBankLog", name: "corners", model: bankLog(len(corners()), 0, 1600), fill: these(corners())},
	{op: "SignalFilterBankLog", name: "segments", model: bankLog(256, 0, 1<<16-1), fill: these(segments())},
	{op: "SignalFilterBankLog", name: "correction wraps", model: bankLog(40, 3, 64), fill: noise(31)},
	{op: "SignalFilterBankLog", name: "saturating", model: bankLog(40, 0, 1<<17), fill: noise(31)},
	{op: "SignalFilterBankLog", name: "scale wraps", model: bankLog(40, 31, -3), fill: noise(31)},
	{op: "SignalFilterBankLog", name: "scale 0", model: bankLog(4, 0, 0), fill: noise(31)},
	{op: "SignalFilterBankLog", name: "correction 32", model: bankLog(4, 32, 1), err: "input_correction_bits is 32, want 0 to 31"},
	{op: "SignalFilterBankLog", name: "int16", model: custom("SignalFilterBankLog", flex{"input_correction_bits": 1, "output_scale": 1}, args{argI16(4)}, args{argI16(4)}), err: "int16 as type of input 0"},

	{op: "SignalFilterBankSpectralSubtraction", name: "one run", model: subtraction(5, nil), fill: noise(20)},
	{op: "SignalFilterBankSpectralSubtraction", name: "several runs", steps: 6, model: subtraction(5, nil), fill: noise(28)},
	{op: "SignalFilterBankSpectralSubtraction", name: "clamping", steps: 6, model: subtraction(5, flex{"clamping": true, "smoothing": 9000}), fill: noise(28)},
	{op: "SignalFilterBankSpectralSubtraction", name: "wrapping", steps: 4, model: subtraction(5, flex{"smoothing": -1, "one_minus_smoothing": int64(1<<32 - 1), "alternate_smoothing": int64(1 << 31), "smoothing_bits": 0}), fill: noise(0)},
	{op: "SignalFilterBankSpectralSubtraction", name: "no bits", steps: 3, model: subtraction(5, flex{"smoothing_bits": 31, "spectral_subtraction_bits": 0}), fill: noise(28)},
	{op: "SignalFilterBankSpectralSubtraction", name: "most bits", steps: 3, model: subtraction(5, flex{"spectral_subtraction_bits": 63}), fill: noise(0)},
	{op: "SignalFilterBankSpectralSubtraction", name: "other number of channels", model: subtraction(6, nil), err: "input of shape [5], want [6]"},
	{op: "SignalFilterBankSpectralSubtraction", name: "bits 64", model: subtraction(5, flex{"spectral_subtraction_bits": 64}), err: "spectral_subtraction_bits is 64, want 0 to 63"},
	{op: "SignalFilterBankSpectralSubtraction", name: "smoothing bits -1", model: subtraction(5, flex{"smoothing_bits": -1}), err: "smoothing_bits is -1"},
	{op: "SignalFilterBankSpectralSubtraction", name: "clamping is text", model: subtraction(5, flex{"clamping": "no"}), err: "options are no flexbuffer's map"},

	{op: "SignalPCAN", name: "gain falls", model: pcan(6, 64, 64, constI16(gains()...)), fill: noise(31)},
	{op: "SignalPCAN", name: "corners", model: pcan(2, len(corners()), len(corners()), constI16(gains()...)), fill: these([]uint32{1000, 77, 1 << 31}, corners())},
	{op: "SignalPCAN", name: "any table", model: pcan(0, 64, 64, constI16(signed("gain", 125, 32767)...)), fill: noise(31)},
	{op: "SignalPCAN", name: "shift 63", model: pcan(63, 4, 6, constI16(gains()...))},
	{op: "SignalPCAN", name: "short table, little noise", model: pcan(0, 4, 4, constI16(9, 8, 7)), fill: these([]uint32{5}, []uint32{0, 1, 2})},
	{op: "SignalPCAN", name: "short table", model: pcan(0, 4, 4, constI16(9, 8, 7, 6)), fill: these([]uint32{5}, []uint32{0, 1, 2, 3}), err: "noise of 3 is beyond the gain's table of 4 entries"},
	{op: "SignalPCAN", name: "noise too short", model: pcan(0, 4, 3, constI16(gains()...)), err: "noise of 3 channels is too short for 4"},
	{op: "SignalPCAN", name: "shift 64", model: pcan(64, 4, 4, constI16(gains()...)), err: "snr_shift is 64, want 0 to 63"},
	{op: "SignalPCAN", name: "table int32", model: pcan(0, 4, 4, argI32(4)), err: "int32 as type of input 2"},
}

// gains is a table that falls from 32767 by a fifth with each bit.
func gains() []int16 {
	out := []int16{32767, 32000}
	for v := 31000; len(out) < 125; v = v * 4 / 5 {
		out = append(out, int16(v), int16(-v/4), int16(v/16), 0)
	}
	return out[:125]
}
