package edgeinfer

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
)

// Options say how to run a model. The zero value is a good choice.
type Options struct {
	// Threads that share the work of each run. 0 means one for each physical
	// core that the process may use, and four at most.
	Threads int
	// CPU forces a kernel level, such as "go" or "avx2"; "" means the fastest
	// that this CPU has, or the one that the environment variable
	// EDGEINFER_CPU names.
	CPU string
	// Shapes gives inputs, by name, other shapes than the file's.
	Shapes map[string][]int
	// KeepInputs makes inputs survive a run. Otherwise their memory may be
	// used for other values, and they must be filled again before each run.
	KeepInputs bool
	// Keep names tensors inside the model that [Session.Tensor] shall return
	// after a run: by their names, or "#12" for the first output of operator
	// 12 of the file.
	Keep []string
	// Limits bound memory and work.
	Limits Limits
}

// ErrNoTensor is wrapped by the error for a name in Options.Keep that the model
// doesn't have.
var ErrNoTensor = errors.New("there is no tensor")

// planCacheSize is how many plans a model remembers: one for each set of
// input shapes in use.
const planCacheSize = 8

type cachedPlan struct {
	key  string
	plan *runtime.Plan
}

// plan returns a remembered plan or makes one.
func (m *Model) plan(o *Options) (*runtime.Plan, error) {
	set, err := kernelSet(o.CPU)
	if err != nil {
		return nil, err
	}
	key := fmt.Sprint(set.Name, o.Shapes, o.KeepInputs, o.Keep, o.Limits)
	if i := slices.IndexFunc(m.plans, func(c cachedPlan) bool { return c.key == key }); i >= 0 {
		c := m.plans[i]
		copy(m.plans[1:], m.plans[:i])
		m.plans[0] = c
		return c.plan, nil
	}
	shapes, err := m.shapes(o.Shapes)
	if err != nil {
		return nil, err
	}
	g, err := m.build(shapes)
	if err == nil {
		g, err = keeping(g, o.Keep)
	}
	if err != nil {
		return nil, err
	}
	p, err := runtime.NewPlan(g, set, runtime.Options{Shapes: shapes, KeepInputs: o.KeepInputs, Limits: o.Limits, Forget: func(data []byte) { forgetPages(m.mapped, data) }})
	if err != nil {
		return nil, err
	}
	m.plans = slices.Insert(m.plans, 0, cachedPlan{key, p})
	m.plans = m.plans[:min(len(m.plans), planCacheSize)]
	return p, nil
}

func kernelSet(name string) (*kernels.Set, error) {
	if name == "" {
		set, err := host.Best()
		return &set, err
	}
	set, err := host.ByName(name)
	return &set, err
}

// shapes orders o.Shapes as the inputs are.
func (m *Model) shapes(by map[string][]int) ([][]int, error) {
	shapes := make([][]int, len(m.graph.In))
	left := len(by)
	for i, v := range m.graph.In {
		if s, ok := by[m.graph.Values[v].Name]; ok {
			shapes[i] = slices.Clone(s)
			if slices.ContainsFunc(s, func(d int) bool { return d < 0 }) {
				return nil, fmt.Errorf("shape %v for input %q: dimensions must not be negative", s, m.graph.Values[v].Name)
			}
			left--
		}
	}
	if left > 0 {
		return nil, fmt.Errorf("shapes are given for %v; the model's inputs are %s", by, names(m.graph, m.graph.In))
	}
	return shapes, nil
}

func names(g *graph.Graph, vs []graph.Value) string {
	var s []string
	for _, v := range vs {
		s = append(s, fmt.Sprintf("%q", g.Values[v].Name))
	}
	return strings.Join(s, ", ")
}

// keeping returns the graph with the named tensors as further outputs.
func keeping(of *graph.Graph, keep []string) (*graph.Graph, error) {
	if len(keep) == 0 {
		return of, nil
	}
	g := *of
	g.Out = slices.Clone(g.Out)
	for _, name := range keep {
		v := find(&g, name)
		if v == graph.None {
			return nil, fmt.Errorf("%w %q to keep: inspect lists the names", ErrNoTensor, name)
		}
		g.Out = append(g.Out, v)
	}
	return &g, nil
}

// find returns the tensor that Options.Keep calls name, or graph.None.
func find(g *graph.Graph, name string) graph.Value {
	at, err := strconv.Atoi(strings.TrimPrefix(name, "#"))
	byIndex := err == nil && strings.HasPrefix(name, "#")
	for i := range g.Nodes {
		n := &g.Nodes[i]
		if len(n.Out) > 0 && (byIndex && n.Source.Index == at || n.Label == name) {
			return result(g, i, n.Out[0])
		}
	}
	for i := range g.Nodes {
		for _, v := range g.Nodes[i].Out {
			if g.Values[v].Name == name {
				return result(g, i, v)
			}
		}
	}
	return graph.Value(slices.IndexFunc(g.Values, func(i graph.Info) bool { return i.Name == name }))
}

// result returns what the file means by v, which node at makes: several nodes may
// stand for one operator, and the last of them to make a value of that name is
// the one that makes the operator's output. An output that the file copies to one
// of the graph's has that one's name.
func result(g *graph.Graph, at int, v graph.Value) graph.Value {
	name, source, last := g.Values[v].Name, g.Nodes[at].Source, at
	for ; last < len(g.Nodes) && g.Nodes[last].Source == source; last++ {
		for _, u := range g.Nodes[last].Out {
			if g.Values[u].Name == name {
				v = u
			}
		}
	}
	if end := g.Nodes[last-1].Out; len(g.Nodes[at].Out) == 1 && len(end) == 1 {
		return end[0]
	}
	return v
}
