package train

import (
	"fmt"
	"math"

	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
)

// diagnose finds where numbers stop to be finite in the batch that has just run,
// and says so. Its step has changed nothing.
func (f *fit) diagnose(order []int, loss float64) error {
	what := f.culprit(order)
	return fmt.Errorf("train: the loss is %v in epoch %d, batch %d: %s; lower the learning rate, clip gradients by their norm, scale or standardise the samples, or look for such numbers in the data", loss, f.Epoch+1, f.Batch+1, what)
}

// culprit names what is not finite first.
func (f *fit) culprit(order []int) string {
	n := len(order)
	for _, p := range f.m.params {
		if !finite(p.Data) {
			return fmt.Sprintf("weight %q has numbers that are not finite", p.Name)
		}
	}
	in, _ := f.m.Shape()
	nx, ny := length(in), max(length(f.targets.shape), 1)
	for k, i := range order {
		if !finite(f.x[k*nx : (k+1)*nx]) {
			return fmt.Sprintf("%s has numbers that are not finite", f.train.Name(i))
		}
		if !finite(f.y[k*ny : (k+1)*ny]) {
			return fmt.Sprintf("%s has a target that is not finite", f.train.Name(i))
		}
	}
	s := f.m.scope(Predicting)
	at := f.m.buildAll(s, n)
	var outs []graph.Value
	for _, node := range f.m.order {
		outs = append(outs, at[node])
	}
	g, err := s.b.Graph(outs...)
	if err != nil {
		return "the network gives no more"
	}
	p, err := planned(g, f.set, f.limits)
	if err != nil {
		return err.Error()
	}
	sessions, err := runtime.NewSessions(1, f.m.vars, p)
	if err != nil {
		return err.Error()
	}
	session := sessions[0]
	f.fillInputs(session, 0, n)
	if err := session.Run(); err != nil {
		return err.Error()
	}
	for i, node := range f.m.order {
		if !finite(session.Out(i).F32()) {
			return fmt.Sprintf("layer %q is the first whose output is not finite", f.m.names.of[node.layer])
		}
	}
	return "all layers are finite, only the loss is not"
}

// finite reports whether x are numbers.
func finite(x []float32) bool {
	for _, v := range x {
		if f := float64(v); math.IsNaN(f) || math.IsInf(f, 0) {
			return false
		}
	}
	return true
}
