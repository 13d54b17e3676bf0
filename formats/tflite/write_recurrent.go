package tflite

import (
	"reflect"

	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// writeRecurrentRows are the layers that keep state in variable tensors.
func writeRecurrentRows() []map[reflect.Type]writeRow {
	return []map[reflect.Type]writeRow{
		rowFor(func(s *spelling, o *op.UnidirectionalSequenceLSTM) error {
			s.emit(OpUnidirectionalSequenceLSTM, 1, UnidirectionalSequenceLSTMOptions, flatbuf.Object{
				0: int8(o.Activation), 1: o.CellClip, 2: o.ProjClip, 3: o.TimeMajor, 4: o.Asymmetric,
			}, s.all())
			return nil
		}),
		rowFor(func(s *spelling, o *op.UnidirectionalSequenceRNN) error {
			s.emit(OpUnidirectionalSequenceRNN, 1, SequenceRNNOptions, flatbuf.Object{0: o.TimeMajor, 1: int8(o.Activation), 2: o.Asymmetric}, s.all())
			return nil
		}),
		rowFor(func(s *spelling, o *op.SVDF) error {
			s.emit(OpSVDF, s.version(3), SVDFOptions, flatbuf.Object{0: int32(o.Rank), 1: int8(o.Activation), 2: o.Asymmetric}, s.all())
			return nil
		}),
	}
}
