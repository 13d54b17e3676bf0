package tflite

import (
	"fmt"
	"math"

	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// signalRows are the custom operators of TensorFlow Lite Micro's audio
// front-end. Their options are a FlexBuffer's map.
func signalRows() map[string]row {
	return map[string]row{
		"SignalFftAutoScale":         plain(&op.SignalFftAutoScale{}),
		"SignalFilterBankSquareRoot": plain(&op.SignalFilterBankSquareRoot{}),
		"SignalWindow":               signal(func(o *flexOptions) graph.Op { return &op.SignalWindow{Shift: o.int("shift")} }),
		"SignalEnergy": signal(func(o *flexOptions) graph.Op {
			return &op.SignalEnergy{Start: o.int("start_index"), End: o.int("end_index")}
		}),
		"SignalFilterBank": signal(func(o *flexOptions) graph.Op { return &op.SignalFilterBank{Channels: o.int("num_channels")} }),
		"SignalFilterBankLog": signal(func(o *flexOptions) graph.Op {
			return &op.SignalFilterBankLog{CorrectionBits: o.int("input_correction_bits"), Scale: o.int("output_scale")}
		}),
		"SignalFilterBankSpectralSubtraction": signal(spectralSubtraction),
		"SignalPCAN":                          signal(func(o *flexOptions) graph.Op { return &op.SignalPCAN{SNRShift: o.int("snr_shift")} }),
		"SignalRfft": signal(func(o *flexOptions) graph.Op {
			o.elementType()
			return &op.SignalRfft{Length: o.int("fft_length")}
		}),
		"SignalIrfft": signal(func(o *flexOptions) graph.Op {
			o.elementType()
			return &op.SignalIrfft{Length: o.int("fft_length")}
		}),
		"SignalOverlapAdd": signal(func(o *flexOptions) graph.Op {
			o.elementType()
			return &op.SignalOverlapAdd{Step: o.int("frame_step")}
		}),
		"SignalFramer": signal(func(o *flexOptions) graph.Op {
			return &op.SignalFramer{Size: o.int("frame_size"), Step: o.int("frame_step"), Prefill: o.flag("prefill")}
		}),
		"SignalDelay": signal(func(o *flexOptions) graph.Op { return &op.SignalDelay{Length: o.int("delay_length")} }),
		"SignalStacker": signal(func(o *flexOptions) graph.Op {
			return &op.SignalStacker{
				Channels: o.int("num_channels"), Step: o.int("stacker_step"),
				Left: o.int("stacker_left_context"), Right: o.int("stacker_right_context"),
			}
		}),
	}
}

func spectralSubtraction(o *flexOptions) graph.Op {
	return &op.SignalFilterBankSpectralSubtraction{
		Channels:           o.int("num_channels"),
		Smoothing:          [2]uint32{o.uint("smoothing"), o.uint("alternate_smoothing")},
		Keep:               [2]uint32{o.uint("one_minus_smoothing"), o.uint("alternate_one_minus_smoothing")},
		MinSignalRemaining: o.uint("min_signal_remaining"),
		SmoothingBits:      o.int("smoothing_bits"),
		Bits:               o.int("spectral_subtraction_bits"),
		Clamping:           o.flag("clamping"),
	}
}

// signal is a row of an operator that read makes from its options. If it is
// Stateful, it is given its variables.
//
//go:noinline
func signal(read func(o *flexOptions) graph.Op) row {
	return func(n *node) (graph.Op, error) {
		o := flexOptions{n: n, values: flatbuf.ReadFlex(n.CustomOptions)}
		made := read(&o)
		if err := o.values.Err(); err != nil {
			return nil, fmt.Errorf("options are no flexbuffer's map: %w", err)
		}
		if o.err != nil {
			return nil, o.err
		}
		if s, ok := made.(op.Stateful); ok {
			return made, n.addState(s)
		}
		return made, nil
	}
}

// addState appends the operator's variables to its inputs. They are the same
// in every graph built of the sub-graph.
func (n *node) addState(o op.Stateful) error {
	t := n.inputType(0)
	if !t.Static() {
		return op.Unsupported("a stream of unknown shape %v", t.Shape)
	}
	types, err := o.State(t)
	if err != nil {
		return err
	}
	for i, t := range types {
		if err := t.Check(); err != nil {
			return err
		}
		key := [2]int32{int32(n.scope.index), -1 - int32(n.index*maxStates+i)}
		v := n.tensorVars[key]
		if v == nil {
			v = &graph.Var{Name: fmt.Sprintf("%s state %d", n.label(), i), Type: t}
			n.tensorVars[key] = v
		}
		n.in = append(n.in, n.b.Var(v))
	}
	return nil
}

// maxStates is the most variables that an operator has; it keeps their keys apart.
const maxStates = 4

// flexOptions reads an operator's options by name. All must be there: the
// reference takes them by their place. Its first error sticks.
type flexOptions struct {
	n      *node
	values flatbuf.Flex
	err    error
}

func (o *flexOptions) fail(format string, args ...any) {
	if o.err == nil {
		o.err = fmt.Errorf(format, args...)
	}
}

func (o *flexOptions) value(name string) flatbuf.Flex {
	v := o.values.Key(name)
	if !v.Present() {
		o.fail("option %s is missing", name)
	}
	return v
}

// int returns an int32.
func (o *flexOptions) int(name string) int {
	v := o.value(name).Int(0)
	if v < math.MinInt32 || v > math.MaxInt32 {
		o.fail("option %s is %d: beyond 32 bits", name, v)
		return 0
	}
	return int(v)
}

// uint returns 32 bits, which files may store as a negative number.
func (o *flexOptions) uint(name string) uint32 {
	v := o.value(name).Int(0)
	if v < math.MinInt32 || v > math.MaxUint32 {
		o.fail("option %s is %d: beyond 32 bits", name, v)
	}
	return uint32(v)
}

func (o *flexOptions) flag(name string) bool { return o.value(name).Bool(false) }

// elementType checks option T, the type of input 0 in the schema's numbers.
func (o *flexOptions) elementType() {
	want := o.n.inputType(0).DType
	if got := o.int("T"); o.err == nil && (got < 0 || got > math.MaxInt8 || DType(TensorType(got)) != want || want == tensor.None) {
		o.fail("option T is %v, and input 0 is %s", TensorType(got), want)
	}
}
