package train

import (
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// LayerInfo describes a layer of a model.
type LayerInfo struct {
	Name, Kind string
	Shape      []int // of its output, without the batch
	Params     int   // numbers that it has, shared ones counted where they come first
	MACs       int64 // multiply-accumulates of a sample
	Inputs     []string
}

// Layers describes the model's layers, inputs included, in order.
func (m *Model) Layers() ([]LayerInfo, error) {
	if m.err != nil {
		return nil, m.err
	}
	var out []LayerInfo
	for _, in := range m.inputs {
		out = append(out, LayerInfo{Name: in.name, Kind: "input", Shape: in.shape})
	}
	s := m.scope(Predicting)
	at := m.buildAll(s, 1)
	if err := s.Err(); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	macs := layerMACs(s)
	for _, n := range m.order {
		name := m.names.of[n.layer]
		info := LayerInfo{Name: name, Kind: n.layer.Kind(), Shape: s.Shape(at[n])[1:]}
		for _, p := range n.in {
			info.Inputs = append(info.Inputs, m.nameOf(p))
		}
		if !seen[name] {
			seen[name] = true
			info.Params, info.MACs = m.paramsOf(name), macs[name]
		}
		out = append(out, info)
	}
	return out, nil
}

func (m *Model) nameOf(n *Node) string {
	if n.layer == nil {
		return n.name
	}
	return m.names.of[n.layer]
}

func (m *Model) paramsOf(layer string) (n int) {
	for _, p := range m.params {
		if strings.HasPrefix(p.Name, layer+"/") {
			n += len(p.Data)
		}
	}
	return n
}

// layerMACs returns the multiply-accumulates of each layer.
func layerMACs(s *Scope) map[string]int64 {
	out := map[string]int64{}
	types := func(vs []graph.Value) (ts []tensor.Type) {
		for _, v := range vs {
			if v == graph.None {
				ts = append(ts, tensor.Type{})
				continue
			}
			ts = append(ts, s.b.Type(v))
		}
		return ts
	}
	for _, n := range s.b.Nodes() {
		if o, ok := n.Op.(op.Coster); ok {
			layer, _, _ := strings.Cut(n.Label, "/")
			out[layer] += o.MACs(types(n.In), types(n.Out))
		}
	}
	return out
}

// Summary is a table of the model's layers, and, if it is compiled, what a
// training step on 32 samples takes.
func (m *Model) Summary() string {
	layers, err := m.Layers()
	if err != nil {
		return err.Error() + "\n"
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "layer\tkind\toutput\tparameters\tMACs\tinputs")
	var macs int64
	for i, l := range layers {
		from := strings.Join(l.Inputs, ", ")
		if i > 0 && slices.Equal(l.Inputs, []string{layers[i-1].Name}) {
			from = ""
		}
		fmt.Fprintf(w, "%s\t%s\t%v\t%d\t%d\t%s\n", l.Name, l.Kind, l.Shape, l.Params, l.MACs, from)
		macs += l.MACs
	}
	w.Flush()
	trainable, other := m.Count()
	fmt.Fprintf(&b, "parameters: %d trainable, %d other; MACs for a sample: %d\n", trainable, other, macs)
	if m.plan.ready {
		if p, err := m.MemoryPlan(32); err != nil {
			fmt.Fprintf(&b, "training: %v\n", err)
		} else {
			fmt.Fprintf(&b, "training: %s\n", p)
		}
	}
	// blanks at the ends of lines come from empty last columns
	lines := strings.Split(b.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}
