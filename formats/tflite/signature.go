package tflite

import (
	"fmt"
	"maps"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
)

// SignatureGraph builds the sub-graph of a signature, with its inputs and
// outputs named as the signature names them and in the order of these names.
func (f *File) SignatureGraph(key string) (*graph.Graph, error) {
	i := slices.IndexFunc(f.Signatures, func(s Signature) bool { return s.Key == key })
	if i < 0 {
		var keys []string
		for _, s := range f.Signatures {
			keys = append(keys, s.Key)
		}
		return nil, fmt.Errorf("there is no signature %q; the model has %q", key, keys)
	}
	s := &f.Signatures[i]
	sub := &f.Subgraphs[s.Subgraph]
	g, err := f.graphOf(s.Subgraph)
	if err != nil {
		return nil, err
	}
	in, err := named(g, s.Inputs, sub.Inputs, g.In)
	if err != nil {
		return nil, wrong("signature "+key, "input %v", err)
	}
	out, err := named(g, s.Outputs, sub.Outputs, g.Out)
	if err != nil {
		return nil, wrong("signature "+key, "output %v", err)
	}
	if len(in) != len(g.In) {
		return nil, wrong("signature "+key, "it names %d of the sub-graph's %d inputs", len(in), len(g.In))
	}
	g.In, g.Out = in, out
	return g, nil
}

// named returns the values for the tensors that names has, in the order of the
// names, which they get. tensors and values are the sub-graph's own.
func named(g *graph.Graph, names map[string]int32, tensors []int32, values []graph.Value) (vs []graph.Value, err error) {
	for _, name := range slices.Sorted(maps.Keys(names)) {
		i := slices.Index(tensors, names[name])
		if i < 0 {
			return nil, fmt.Errorf("%q is not one of the sub-graph's", name)
		}
		g.Values[values[i]].Name = name
		vs = append(vs, values[i])
	}
	return vs, nil
}
