package edgeinfer

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Verify runs the model on seeded inputs and returns a hash of the outputs:
// the SHA-256, in hexadecimal, of the bytes of all outputs of all runs, with
// every NaN made the same. A model has the same hash on every CPU.
//
// Inputs are those of [Session.FillSeeded] with rand.NewPCG(seed, 0). The state,
// if the model has any, is kept from run to run. Dynamic dimensions are 1
// unless o.Shapes says otherwise.
func (m *Model) Verify(ctx context.Context, o Options, seed uint64, runs int) (string, error) {
	o.Shapes = m.WithoutDynamic(o.Shapes)
	s, err := m.NewSession(o)
	if err != nil {
		return "", err
	}
	defer s.Close()
	h, rng := sha256.New(), rand.NewPCG(seed, 0)
	var buf []byte
	for range runs {
		s.FillSeeded(rng)
		if err := s.RunContext(ctx); err != nil {
			return "", err
		}
		for i := range s.outputs {
			buf = s.outputs[i].appendCanonical(buf[:0])
			h.Write(buf)
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// WithoutDynamic returns shapes with those of the inputs added that are missing
// and have a dynamic dimension, which becomes 1: for trying a model out.
func (m *Model) WithoutDynamic(shapes map[string][]int) map[string][]int {
	out := map[string][]int{}
	for name, s := range shapes {
		out[name] = s
	}
	for _, in := range m.Inputs() {
		if _, given := out[in.Name]; given || !slices.Contains(in.Shape, tensor.Dynamic) {
			continue
		}
		for i, d := range in.Shape {
			if d == tensor.Dynamic {
				in.Shape[i] = 1
			}
		}
		out[in.Name] = in.Shape
	}
	return out
}

// appendCanonical appends the elements to dst, every NaN made the same one:
// which bits an operation leaves in a NaN is up to the CPU.
func (t *Tensor) appendCanonical(dst []byte) []byte {
	at := len(dst)
	dst = append(dst, t.v.Data...)
	switch b := dst[at:]; t.v.DType {
	case tensor.F16:
		for ; len(b) >= 2; b = b[2:] {
			if binary.LittleEndian.Uint16(b)&0x7fff > 0x7c00 {
				binary.LittleEndian.PutUint16(b, 0x7e00)
			}
		}
	case tensor.F32:
		for ; len(b) >= 4; b = b[4:] {
			if binary.LittleEndian.Uint32(b)&(1<<31-1) > 0xff<<23 {
				binary.LittleEndian.PutUint32(b, 0x7fc00000)
			}
		}
	case tensor.F64:
		for ; len(b) >= 8; b = b[8:] {
			if binary.LittleEndian.Uint64(b)&(1<<63-1) > 0x7ff<<52 {
				binary.LittleEndian.PutUint64(b, 0x7ff8000000000000)
			}
		}
	}
	return dst
}
