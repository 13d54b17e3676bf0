package tflite_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// FuzzRun loads, plans and runs what the fuzzer makes of the operators' small
// models. Errors are fine; panics, hangs and memory over the limit are not.
func FuzzRun(f *testing.F) {
	for _, c := range slices.Concat(opCases...) {
		f.Add(c.bytes())
	}
	limits := op.Limits{MaxMemory: 8 << 20, MaxMACs: 1e7, MaxSteps: 100}
	set, err := host.Best()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		err := runOnce(data, runtime.Options{Limits: limits}, &set)
		if errors.Is(err, errOverLimit) {
			t.Fatal(err)
		}
	})
}

var errOverLimit = errors.New("a session was made over the memory limit")

// runOnce loads a model from data and runs it twice, on inputs of zeros and
// of ones.
func runOnce(data []byte, o runtime.Options, set *kernels.Set) error {
	file, err := tflite.Parse(data)
	if err != nil {
		return err
	}
	g, err := file.Graph()
	if err != nil {
		return err
	}
	p, err := runtime.NewPlan(g, set, o)
	if err != nil {
		return err
	}
	s, err := p.NewSession(2)
	if err != nil {
		return err
	}
	defer s.Close()
	if need := p.Memory().Total(2); need > o.Limits.MaxMemory {
		return errOverLimit
	}
	for _, fill := range []byte{0, 1} {
		for i := range p.Graph().In {
			b := s.In(i).Data
			for k := range b {
				b[k] = fill
			}
		}
		err = errors.Join(err, s.Run())
	}
	return err
}
