package modeltest

import (
	"math"

	"google.golang.org/protobuf/encoding/protowire"
)

// A message is a protobuf message being written, field after field.
type message []byte

func (w *message) int(num protowire.Number, v int64) {
	*w = protowire.AppendVarint(protowire.AppendTag(*w, num, protowire.VarintType), uint64(v))
}

func (w *message) float(num protowire.Number, v float32) {
	*w = protowire.AppendFixed32(protowire.AppendTag(*w, num, protowire.Fixed32Type), math.Float32bits(v))
}

func (w *message) message(num protowire.Number, v []byte) {
	*w = protowire.AppendBytes(protowire.AppendTag(*w, num, protowire.BytesType), v)
}

func (w *message) string(num protowire.Number, v string) { w.message(num, []byte(v)) }

func (w *message) strings(num protowire.Number, v []string) {
	for _, s := range v {
		w.string(num, s)
	}
}

// ints writes numbers one by one, as proto2 does unless told otherwise.
func (w *message) ints(num protowire.Number, v []int64) {
	for _, x := range v {
		w.int(num, x)
	}
}

// varints writes numbers packed.
func (w *message) varints(num protowire.Number, v []uint64) {
	var data []byte
	for _, x := range v {
		data = protowire.AppendVarint(data, x)
	}
	w.message(num, data)
}
