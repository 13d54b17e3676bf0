package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Invalid stands for a part of a model that can't run on the shapes given, such
// as a branch that is for others. Running it is an error about data.
type Invalid struct {
	Why   string
	Types []tensor.Type // of the outputs; Dynamic dimensions become 0
}

// Infer returns the types.
func (o *Invalid) Infer([]tensor.View) ([]tensor.Type, error) {
	out := slices.Clone(o.Types)
	for i, t := range out {
		out[i].Shape = slices.Clone(t.Shape)
		for d, n := range t.Shape {
			out[i].Shape[d] = max(n, 0)
		}
	}
	return out, nil
}

// Prepare makes a step that fails.
func (o *Invalid) Prepare(*Prep) (Prepared, error) {
	return Prepared{Kernel: "go", Bind: func(*Mem) (Step, error) {
		return func() error { return dataf("this part of the model can't run on the shapes given: %s", o.Why) }, nil
	}}, nil
}
