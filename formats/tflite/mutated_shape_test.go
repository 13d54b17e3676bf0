package tflite_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/kernels/ref"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// TestShapeOperatorsMutated changes a byte or two of the cases' files (shapes,
// attributes, types, indices) and feeds small numbers: whatever comes of it,
// it is an error or a result, never a panic, and never much memory.
func TestShapeOperatorsMutated(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	telling := []byte{0, 1, 2, 3, 4, 5, 127, 128, 254, 255}
	ran := 0
	for _, c := range shapeCases {
		file := c.bytes()
		for range 12 {
			b := append([]byte(nil), file...)
			for range 1 + r.IntN(2) {
				b[r.IntN(len(b))] = telling[r.IntN(len(telling))]
			}
			require.NotPanics(t, func() {
				if runMutated(b, r) == nil {
					ran++
				}
			}, "%s %s: %x", c.op, c.name, b)
		}
	}
	require.Greater(t, ran, len(shapeCases)/2, "hardly any mutated file runs")
}

func runMutated(file []byte, r *rand.Rand) error {
	f, err := tflite.Parse(file)
	if err != nil {
		return err
	}
	g, err := f.Graph()
	if err != nil {
		return err
	}
	set := ref.Set()
	p, err := runtime.NewPlan(g, &set, runtime.Options{Limits: op.Limits{MaxMemory: 4 << 20}})
	if err != nil {
		return err
	}
	s, err := p.NewSession(1)
	if err != nil {
		return err
	}
	defer s.Close()
	for i := range g.In {
		v := s.In(i)
		for k := 0; k < len(v.Data); k += max(v.DType.Bits()/8, 1) {
			v.Data[k] = byte(r.IntN(4))
		}
	}
	return s.Run()
}
