package op

import (
	"bytes"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Deferred is the rest of a graph that can't be built before the model runs: the
// number of dimensions of a value in it, or which nodes it has, depends on data.
// It is always late. The rest is built and planned during the run, and again
// only when the types of its inputs change, or contents that it depends on.
type Deferred struct {
	Rest  Rest
	Types []tensor.Type // of the outputs: dimensions may turn out otherwise, element types not
}

// A Rest makes the graph of a Deferred for inputs that are all known.
type Rest interface {
	// Build returns a graph that has inputs of the types given, and the inputs on
	// whose contents it depends as well.
	Build(in []tensor.View) (g *graph.Graph, contents []int, err error)
	// Nodes is how many there are to build.
	Nodes() int
}

// buildWork is what building a node counts as, in units of Limits.MaxMACs.
const buildWork = 10000

// Subgraphs returns none: there are none before the run.
func (*Deferred) Subgraphs() []*graph.Graph { return nil }

// Infer returns Types, of unknown sizes.
func (o *Deferred) Infer([]tensor.View) ([]tensor.Type, error) {
	out := slices.Clone(o.Types)
	for i := range out {
		out[i].Shape = slices.Repeat([]int{tensor.Dynamic}, len(out[i].Shape))
	}
	return out, nil
}

// Prepare leaves everything to the run.
func (o *Deferred) Prepare(p *Prep) (Prepared, error) {
	return Prepared{Kernel: "go", Bind: func(m *Mem) (Step, error) {
		d := &deferredRun{Deferred: *o, m: m, grower: grower{plan: p.Plan, mem: m, made: map[*graph.Graph]*grown{}}}
		return d.run, nil
	}}, nil
}

// deferredRun is a Deferred bound to memory, with the last graph built.
type deferredRun struct {
	Deferred
	m      *Mem
	grower grower
	g      *graph.Graph
	types  []tensor.Type
	used   []int    // inputs on whose contents g depends,
	data   [][]byte // and copies of these
}

func (d *deferredRun) run() error {
	if !d.fits() {
		if err := d.build(); err != nil {
			return err
		}
	}
	if err := d.grower.call(d.g, d.m.In); err != nil {
		return err
	}
	if err := d.m.Env.Spend(d.grower.work); err != nil {
		return err
	}
	for i := range d.grower.out {
		if t := d.grower.out[i].Type; t.DType != d.Types[i].DType {
			return errorf("output %d is %s, and declared as %s", i, t, d.Types[i].DType)
		}
	}
	return d.grower.finish(d.m)
}

// fits reports whether the last graph is right for the inputs as they are now.
func (d *deferredRun) fits() bool {
	if d.g == nil || !slices.EqualFunc(d.types, viewTypes(d.m.In), tensor.Type.Equal) {
		return false
	}
	for k, i := range d.used {
		if !bytes.Equal(d.data[k], d.m.In[i].Data) {
			return false
		}
	}
	return true
}

func (d *deferredRun) build() error {
	if err := d.m.Env.Spend(buildWork * int64(d.Rest.Nodes())); err != nil {
		return err
	}
	g, used, err := d.Rest.Build(d.m.In)
	if err != nil {
		return err
	}
	if len(g.Out) != len(d.Types) || len(g.In) != len(d.m.In) {
		panic("BUG: a rest with other inputs or outputs")
	}
	d.grower.release()
	d.g, d.used, d.data = g, used, nil
	for _, i := range used {
		d.data = append(d.data, bytes.Clone(d.m.In[i].Data))
	}
	d.types = slices.Clone(viewTypes(d.m.In))
	return nil
}
