package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Scan is ONNX's: it runs Body once for each element along the first dimension
// of what is scanned. Inputs are the states at first, what is scanned, and what
// Body takes from outside; Body's are the states, one element of each, and what
// is taken. Its outputs, and the operator's, are the states and elements of the
// scans, which are stacked along a new first dimension.
type Scan struct {
	Body *graph.Graph
	// States and Scanned are how many inputs there are of either kind.
	States, Scanned int
	// FromEnd and ToEnd say which inputs are scanned, and which scans stacked,
	// from the last element to the first; shorter lists mean no.
	FromEnd, ToEnd []bool
	// Batch says that all states and what is scanned have one more dimension,
	// the first: each item of it is scanned by itself.
	Batch bool
}

// Subgraphs returns the body.
func (o *Scan) Subgraphs() []*graph.Graph { return []*graph.Graph{o.Body} }

// Infer returns the types of the states and scans.
func (o *Scan) Infer(in []tensor.View) ([]tensor.Type, error) {
	types, lead, err := o.elements(viewTypes(in))
	if err != nil {
		return nil, err
	}
	out, err := outputs(o.Body, types)
	if err != nil {
		return nil, err
	}
	if len(out) < o.States {
		return nil, errorf("sub-graph %q has %d outputs, want %d at least", o.Body.Name, len(out), o.States)
	}
	for i := range out {
		if i >= o.States {
			out[i] = out[i].WithShape(slices.Concat(lead, out[i].Shape)...)
		} else if !out[i].Equal(types[i]) && out[i].Static() && types[i].Static() {
			return nil, errorf("state %d is %s, and %s after a turn", i, types[i], out[i])
		} else {
			out[i] = out[i].WithShape(slices.Concat(lead[:len(lead)-1], out[i].Shape)...)
		}
		if err := out[i].Check(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// elements returns the types of Body's inputs and the dimensions that these lack:
// the batch and the number of turns.
func (o *Scan) elements(in []tensor.Type) (types []tensor.Type, lead []int, err error) {
	if o.Scanned < 1 || o.States < 0 || len(in) < o.States+o.Scanned {
		return nil, nil, errorf("%d inputs for %d states and %d to scan, of which there must be one", len(in), o.States, o.Scanned)
	}
	batch := 0
	if o.Batch {
		batch = 1
	}
	lead = slices.Repeat([]int{tensor.Dynamic}, batch+1)
	for i, t := range in {
		drop := 0
		if i < o.States {
			drop = batch
		} else if i < o.States+o.Scanned {
			drop = batch + 1
		}
		if len(t.Shape) < drop {
			return nil, nil, errorf("input %d is %s, want %d dimensions at least", i, t, drop)
		}
		for d, n := range t.Shape[:drop] {
			if lead[d] == tensor.Dynamic {
				lead[d] = n
			} else if n != tensor.Dynamic && n != lead[d] {
				return nil, nil, errorf("input %d is %s, and others have %d in dimension %d", i, t, lead[d], d)
			}
		}
		types = append(types, t.WithShape(t.Shape[drop:]...))
	}
	return types, lead, nil
}

// Prepare plans the body.
func (o *Scan) Prepare(p *Prep) (Prepared, error) {
	types, lead, err := o.elements(p.In)
	if err != nil {
		return Prepared{}, err
	}
	if p.Grows() {
		return growing(p, func(m *Mem, r *grower) error { return o.grow(m, r, types, lead, p.Out) }), nil
	}
	program, err := p.Plan(withInputs(o.Body, types))
	if err != nil {
		return Prepared{}, err
	}
	work := program.Work()
	for _, t := range types {
		work = satAdd(work, int64(t.Len()))
	}
	run := scanRun{Scan: *o, batch: 1, turns: lead[len(lead)-1], work: work}
	if o.Batch {
		run.batch = lead[0]
	}
	return subplans{program}.prepared(func(m *Mem, body []Instance) (Step, error) {
		r := run
		r.m, r.body = m, body[0]
		return r.run, nil
	}), nil
}

// scanRun is a Scan of known sizes, bound to memory.
type scanRun struct {
	Scan
	m            *Mem
	body         Instance
	batch, turns int
	work         int64 // of a turn
}

func (r *scanRun) run() error {
	for i := range r.States {
		copy(r.m.Out[i].Data, r.m.In[i].Data)
	}
	for b := range r.batch {
		for t := range r.turns {
			if err := r.m.Env.Charge(r.work); err != nil {
				return err
			}
			r.load(b, t)
			if err := r.body.Run(); err != nil {
				return err
			}
			r.store(b, t)
		}
	}
	return nil
}

// load gives the body its inputs for turn t of item b.
func (r *scanRun) load(b, t int) {
	for i := range r.m.In {
		to, from := r.body.In(i).Data, r.m.In[i].Data
		switch k := i - r.States; {
		case k < 0:
			from = r.m.Out[i].Data[b*len(to):]
		case k < r.Scanned:
			from = from[r.at(b, t, r.FromEnd, k)*len(to):]
		}
		copy(to, from)
	}
}

func (r *scanRun) store(b, t int) {
	for i := range r.m.Out {
		from := r.body.Out(i).Data
		at := b
		if k := i - r.States; k >= 0 {
			at = r.at(b, t, r.ToEnd, k)
		}
		copy(r.m.Out[i].Data[at*len(from):], from)
	}
}

// at returns the element that turn t reads or writes.
func (r *scanRun) at(b, t int, reverse []bool, k int) int {
	return scanAt(b, t, r.turns, reverse, k)
}
