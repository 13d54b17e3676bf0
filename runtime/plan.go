// Package runtime plans graphs and runs them.
//
// A [Plan] is what can be decided once for a model and its input shapes: the
// order of operators, the kernels, the packed weights, and where in memory
// each value will live. It holds offsets and constants, and any number of
// sessions share it. A [Session] holds the memory of runs; one goroutine at a
// time runs it.
package runtime

import (
	"fmt"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Options say how to plan.
type Options struct {
	Shapes     [][]int // of inputs that differ from the graph's; nil entries keep it
	KeepInputs bool    // inputs survive a run; else their memory may be reused
	Limits     op.Limits
	// Forget, if it is there, is called with the contents of constants that will
	// only be read packed. They may be read again if the graph is planned again.
	Forget func(data []byte)
}

// Plan is a graph made ready to run. It is immutable.
type Plan struct {
	g         *graph.Graph
	set       *kernels.Set
	limits    op.Limits
	forget    func(data []byte)
	steps     []op.Prepared // zero for a late node
	late      []bool        // nodes prepared when their input's size is known
	unused    []bool        // constants that only packed copies are read of
	layout    *layout
	vars      []*graph.Var
	packs     *packs
	scratch   int // bytes shared by all steps
	perWorker int // bytes more for each worker
	macs      int64
	work      int64

	boundaries []Boundary
}

// NewPlan prepares g to run with the kernels in set.
func NewPlan(g *graph.Graph, set *kernels.Set, o Options) (*Plan, error) {
	o.Limits = o.Limits.WithDefaults()
	return newPlan(g, set, o, newPacks(o.Limits), 0)
}

// maxDepth bounds sub-graphs within sub-graphs: a model whose sub-graphs call
// each other in a circle would otherwise never be planned.
const maxDepth = 16

func newPlan(g *graph.Graph, set *kernels.Set, o Options, packs *packs, depth int) (*Plan, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("sub-graphs call each other more than %d deep: in a circle?", maxDepth)
	}
	var bounds []Boundary
	file, quantised := g, quantises(g)
	g, err := specialise(g, o.Shapes, o.Limits.MaxMemory, !quantised)
	if err == nil && quantised {
		if g, bounds, err = foldQDQ(g); err == nil {
			g, err = specialise(g, nil, o.Limits.MaxMemory, true)
		}
	}
	for _, pass := range []func(*graph.Graph) (*graph.Graph, error){patterns, recode, moveTransposes, scaleSums, fuse} {
		if err == nil {
			g, err = pass(g)
		}
	}
	if err != nil {
		return nil, err
	}
	if packs.nodes += len(g.Nodes) + 1; packs.nodes > maxNodes {
		return nil, fmt.Errorf("more than %d operators, those of sub-graphs counted each time that they are called", maxNodes)
	}
	given, planned := contents(file), contents(g)
	if o.Forget != nil {
		for data, whole := range given {
			if planned[data] == nil { // others were computed from it
				o.Forget(whole)
			}
		}
	}
	p := &Plan{g: g, set: set, limits: o.Limits, forget: o.Forget, packs: packs, boundaries: bounds}
	err = p.prepare(o, depth)
	packs.drop(func(data *byte) bool { return planned[data] != nil && given[data] == nil })
	return p, err
}

// maxNodes bounds the operators of a plan: sub-graphs that each call the next
// a few times would otherwise take forever to plan.
const maxNodes = 1 << 21

func (p *Plan) prepare(o Options, depth int) error {
	g := p.g
	p.steps, p.late = make([]op.Prepared, len(g.Nodes)), make([]bool, len(g.Nodes))
	for i := range g.Nodes {
		n := &g.Nodes[i]
		if p.late[i] = late(g, n); !p.late[i] {
			p.count(n)
		}
	}
	p.layout = newLayout(g, o.KeepInputs, o.Limits.MaxMemory)
	if err := p.refuseWork(o); err != nil {
		return err
	}
	if err := p.refuse(o); err != nil { // before packing takes memory
		return err
	}
	used := newUses(g)
	for i := range g.Nodes {
		if p.late[i] {
			continue
		}
		n := &g.Nodes[i]
		s, err := p.prepareNode(n, used, depth)
		if err != nil {
			return fmt.Errorf("%s: %w", n, err)
		}
		p.steps[i] = s
		used.forget(n, o.Forget)
		p.scratch, p.perWorker = max(p.scratch, up(s.Scratch)), max(p.perWorker, up(s.PerWorker))
	}
	if err := p.refuseWork(o); err != nil { // now with sub-graphs
		return err
	}
	p.unused = used.done()
	walk(g, func(g *graph.Graph) {
		for i := range g.Values {
			if v := g.Values[i].Var; v != nil {
				p.vars = append(p.vars, v)
			}
		}
	})
	return p.refuse(o)
}

// walk calls visit with g and each graph that its operators run.
func walk(g *graph.Graph, visit func(*graph.Graph)) {
	seen := map[*graph.Graph]bool{}
	var walk func(g *graph.Graph)
	walk = func(g *graph.Graph) {
		if seen[g] {
			return
		}
		seen[g] = true
		visit(g)
		for i := range g.Nodes {
			if c, ok := g.Nodes[i].Op.(op.Controller); ok {
				for _, sub := range c.Subgraphs() {
					walk(sub)
				}
			}
		}
	}
	walk(g)
}

func (p *Plan) refuseWork(o Options) error {
	if p.work <= o.Limits.MaxMACs {
		return nil
	}
	return &op.LimitError{What: "MACs", Need: p.work, Limit: o.Limits.MaxMACs, Detail: fmt.Sprintf("of which %d multiply-accumulates, the rest visits to elements", p.macs), Remedy: "raise --max-macs (Limits.MaxMACs)"}
}

// prepareNode prepares a node all of whose types are static.
func (p *Plan) prepareNode(n *graph.Node, used *constUses, depth int) (op.Prepared, error) {
	prep := op.Prep{In: types(p.g, n.In), Out: types(p.g, n.Out), Kernels: p.set}
	for _, v := range p.g.Views(n.In) {
		prep.Const = append(prep.Const, v.Data)
	}
	prep.Pack = func(i int, form string, size int, fill func(dst []byte)) ([]byte, error) {
		// Constants of several shapes may share their contents.
		return p.packs.get(prep.Const[i], fmt.Sprint(form, prep.In[i].Shape), size, fill)
	}
	prep.Done = func(i int) { used.release(n.In[i]) }
	prep.Plan = func(g *graph.Graph) (op.Program, error) {
		sub, err := newPlan(g, p.set, Options{Limits: p.limits, KeepInputs: false, Forget: p.forget}, p.packs, depth+1)
		if err != nil {
			return nil, fmt.Errorf("sub-graph %q: %w", g.Name, err)
		}
		p.macs, p.work = satAdd(p.macs, sub.macs), satAdd(p.work, sub.work)
		return sub, nil
	}
	return op.Prepare(n.Op, &prep)
}

// count adds up what n costs.
func (p *Plan) count(n *graph.Node) {
	macs, work := cost(n.Op, types(p.g, n.In), types(p.g, n.Out))
	p.macs += macs
	p.work = satAdd(p.work, work)
}

// cost returns the multiply-accumulates of an operator, and its work as
// Limits.MaxMACs counts it.
func cost(o graph.Op, in, out []tensor.Type) (macs, work int64) {
	work = 1
	for _, t := range in {
		work = max(work, int64(t.Len()))
	}
	for _, t := range out {
		work = max(work, int64(t.Len()))
	}
	switch o := o.(type) {
	case op.Coster:
		macs = o.MACs(in, out)
		work = max(work, macs)
	case op.Laborer:
		work = max(work, o.Work(in, out))
	}
	return macs, work
}

func satAdd(a, b int64) int64 {
	if s := a + b; s >= a {
		return s
	}
	return 1<<63 - 1
}

// late reports whether n must wait for a run to be prepared: it reads or
// makes a value whose size depends on data, or is built only then.
func late(g *graph.Graph, n *graph.Node) bool {
	if _, ok := n.Op.(*op.Deferred); ok {
		return true
	}
	for _, vs := range [][]graph.Value{n.In, n.Out} {
		for _, v := range vs {
			if v != graph.None && !g.Values[v].Type.Static() {
				return true
			}
		}
	}
	return false
}

// Memory is what a plan takes, in bytes.
type Memory struct {
	Arena     int // values of a run
	Bound     int // the most that live at once in it: no arena is smaller
	Scratch   int // of operators, shared by all steps
	PerWorker int // scratch more for each worker
	Packed    int // weights in the kernels' layouts, shared by sessions
	Variables int // kept between runs
}

// Memory returns what the plan takes.
func (p *Plan) Memory() Memory {
	m := Memory{Arena: p.layout.size, Bound: p.layout.bound, Scratch: p.scratch, PerWorker: p.perWorker, Packed: int(p.packs.bytes)}
	seen, variables := map[*graph.Var]bool{}, int64(0)
	for _, v := range p.vars {
		if !seen[v] {
			seen[v] = true
			variables += int64(v.Type.Bytes()) + align
		}
	}
	m.Variables = clampInt(variables)
	return m
}

// Total returns the bytes of the plan and one session with n workers.
func (m Memory) Total(n int) int64 {
	return int64(m.Arena) + int64(m.Scratch) + int64(n)*int64(m.PerWorker) + int64(m.Packed) + int64(m.Variables)
}

func (p *Plan) refuse(o Options) error {
	m := p.Memory()
	if need := m.Total(1); need > o.Limits.MaxMemory {
		return &op.LimitError{What: "bytes of memory", Need: need, Limit: o.Limits.MaxMemory,
			Detail: fmt.Sprintf("arena %d, scratch %d, packed weights %d, variables %d", m.Arena, m.Scratch+m.PerWorker, m.Packed, m.Variables),
			Remedy: "raise --max-memory (Limits.MaxMemory)"}
	}
	return nil
}

// MACs returns the multiply-accumulates of a run, loops counted once.
func (p *Plan) MACs() int64 { return p.macs }

// Graph returns the graph as planned: specialised and fused.
func (p *Plan) Graph() *graph.Graph { return p.g }

// Constants returns the contents of the constants that runs may read, those of
// sub-graphs too.
func (p *Plan) Constants() (all [][]byte) {
	walk(p.g, func(g *graph.Graph) {
		for i := range g.Values {
			if c := g.Values[i].Const; len(c) > 0 {
				all = append(all, c)
			}
		}
	})
	return all
}

// Kernel returns what runs node i: the kernel's tier, or "late" for a node
// that waits for its input's size.
func (p *Plan) Kernel(i int) string {
	if p.late[i] {
		return "late"
	}
	return p.steps[i].Kernel
}

// Kernels returns the set of kernels that the plan was made for.
func (p *Plan) Kernels() *kernels.Set { return p.set }

// NodeMACs returns the multiply-accumulates of node i, 0 for an operator that
// is not known for them or whose sizes depend on data.
func (p *Plan) NodeMACs(i int) int64 {
	n := &p.g.Nodes[i]
	if o, ok := n.Op.(op.Coster); ok && !p.late[i] {
		return o.MACs(types(p.g, n.In), types(p.g, n.Out))
	}
	return 0
}
