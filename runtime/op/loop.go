package op

import (
	"encoding/binary"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Loop is ONNX's: it runs Body at most as often as input 0 says, an int64 that
// may be left out, and as long as the condition, a bool, holds, which is input 1
// at first, true if left out, and then Body's first output.
//
// Inputs 2 and following are the first values of what is carried from turn to
// turn, then what Body takes from outside. Body's inputs are the number of the
// turn, from 0 on, the condition, what is carried, and what is taken; its outputs
// are the condition, what is carried, and elements of the scans: they are stacked
// along a new first dimension, one a turn. Outputs are what was carried at the
// end and the scans. Each turn counts as a loop step of the limits.
type Loop struct {
	Body    *graph.Graph
	Carried int
}

// Subgraphs returns the body.
func (o *Loop) Subgraphs() []*graph.Graph { return []*graph.Graph{o.Body} }

const loopFixed = 2 // inputs before what is carried

// Infer returns the types of what is carried, with dimensions that Body changes
// Dynamic, and those of the scans, whose first dimension is known if the number
// of turns is.
func (o *Loop) Infer(in []tensor.View) ([]tensor.Type, error) {
	types, err := o.state(in)
	if err != nil {
		return nil, err
	}
	carried := types[loopFixed : loopFixed+o.Carried]
	var out []tensor.Type
	for known := -1; known != dynamics(types); {
		known = dynamics(types)
		if out, err = outputs(o.Body, types); err != nil {
			return nil, err
		}
		if len(out) < 1+o.Carried {
			return nil, errorf("sub-graph %q has %d outputs, want %d at least", o.Body.Name, len(out), 1+o.Carried)
		}
		if err := merge(carried, out[1:1+o.Carried], o.Body.Name); err != nil {
			return nil, err
		}
	}
	if err := loopCondition(out[0]); err != nil {
		return nil, errorf("sub-graph %q: %w", o.Body.Name, err)
	}
	result := slices.Clone(carried)
	turns := o.turns(in)
	for _, t := range out[1+o.Carried:] {
		t = t.WithShape(append([]int{turns}, t.Shape...)...)
		if err := t.Check(); err != nil {
			return nil, err
		}
		result = append(result, t)
	}
	return result, nil
}

// state checks the inputs and returns the types of Body's.
func (o *Loop) state(in []tensor.View) ([]tensor.Type, error) {
	if len(in) < loopFixed+o.Carried || len(o.Body.In) != len(in) {
		return nil, errorf("%d inputs, and sub-graph %q has %d", len(in), o.Body.Name, len(o.Body.In))
	}
	if trip := &in[0]; !trip.Absent() && (trip.DType != tensor.I64 || trip.Static() && trip.Len() != 1) {
		return nil, errorf("trip count is %s, want one int64", trip.Type)
	}
	if cond := &in[1]; !cond.Absent() {
		if err := loopCondition(cond.Type); err != nil {
			return nil, err
		}
	}
	types := viewTypes(in)
	for i := range types {
		if i < loopFixed {
			types[i] = o.Body.View(o.Body.In[i]).Type
			want := []tensor.DType{tensor.I64, tensor.Bool}[i]
			if types[i].DType != want || !types[i].Static() || types[i].Len() != 1 {
				return nil, errorf("input %d of sub-graph %q is %s, want one %s", i, o.Body.Name, types[i], want)
			}
		} else if in[i].Absent() {
			return nil, errorf("input %d is left out", i)
		}
		types[i].Shape = slices.Clone(types[i].Shape)
	}
	return types, nil
}

func loopCondition(t tensor.Type) error {
	if t.DType != tensor.Bool || t.Static() && t.Len() != 1 {
		return errorf("condition is %s, want one bool", t)
	}
	return nil
}

// turns returns the number of turns if it doesn't depend on what Body computes,
// or else Dynamic.
func (o *Loop) turns(in []tensor.View) int {
	trip, cond := &in[0], &in[1]
	if !cond.Absent() && !cond.Known() {
		return tensor.Dynamic
	}
	if !cond.Absent() && cond.Len() == 1 && cond.Data[0] == 0 {
		return 0
	}
	end := o.Body.View(o.Body.Out[0])
	forever := o.Body.Out[0] == o.Body.In[1] || end.Known() && len(end.Data) == 1 && end.Data[0] != 0
	if !forever || !trip.Known() || trip.Len() != 1 {
		return tensor.Dynamic
	}
	return int(max(0, min(trip.I64()[0], 1<<31-1)))
}

// start returns the most turns that there may be and whether there is a first.
func (o *Loop) start(in []tensor.View) (trip int64, on bool, err error) {
	trip, on = 1<<63-1, true
	if !in[0].Absent() {
		if len(in[0].Data) != 8 {
			return 0, false, dataf("trip count of %d elements", in[0].Len())
		}
		trip = in[0].I64()[0]
	}
	if !in[1].Absent() {
		if len(in[1].Data) != 1 {
			return 0, false, dataf("condition of %d elements", in[1].Len())
		}
		on = in[1].Data[0] != 0
	}
	return trip, on, nil
}

// Prepare plans the body, or if sizes depend on data leaves it to the run.
func (o *Loop) Prepare(p *Prep) (Prepared, error) {
	if p.Grows() {
		return growing(p, func(m *Mem, r *grower) error { return o.grow(m, r, p.Out) }), nil
	}
	in := slices.Clone(p.In)
	for i := range loopFixed {
		in[i] = o.Body.View(o.Body.In[i]).Type
	}
	program, err := p.Plan(withInputs(o.Body, in))
	if err != nil {
		return Prepared{}, err
	}
	work := program.Work()
	for _, t := range in {
		work = satAdd(work, int64(t.Len()))
	}
	return subplans{program}.prepared(func(m *Mem, run []Instance) (Step, error) {
		return func() error { return o.run(m, run[0], work) }, nil
	}), nil
}

// run is a Loop whose sizes are known.
func (o *Loop) run(m *Mem, body Instance, work int64) error {
	trip, on, err := o.start(m.In)
	if err != nil {
		return err
	}
	for i := range o.Carried {
		copy(m.Out[i].Data, m.In[loopFixed+i].Data)
	}
	for turn := int64(0); on && turn < trip; turn++ {
		if err := m.Env.Charge(work); err != nil {
			return err
		}
		binary.LittleEndian.PutUint64(body.In(0).Data, uint64(turn))
		body.In(1).Data[0] = 1
		for i := loopFixed; i < len(m.In); i++ {
			from := m.In[i].Data
			if i < loopFixed+o.Carried {
				from = m.Out[i-loopFixed].Data
			}
			copy(body.In(i).Data, from)
		}
		if err := body.Run(); err != nil {
			return err
		}
		on = body.Out(0).Data[0] != 0
		for i := range m.Out {
			to, from := m.Out[i].Data, body.Out(1+i).Data
			if i >= o.Carried {
				to = to[int(turn)*len(from):]
			}
			copy(to, from)
		}
	}
	return nil
}

// grow is a Loop with values whose size only running it tells.
func (o *Loop) grow(m *Mem, r *grower, out []tensor.Type) error {
	trip, on, err := o.start(m.In)
	if err != nil {
		return err
	}
	state := slices.Clone(m.In)
	for i := range loopFixed {
		state[i].Type = o.Body.View(o.Body.In[i]).Type
		state[i].Data = aligned(state[i].Bytes())
	}
	var scans scanned
	for turn := int64(0); on && turn < trip; turn++ {
		binary.LittleEndian.PutUint64(state[0].Data, uint64(turn))
		state[1].Data[0] = 1
		if err := r.call(o.Body, state); err != nil {
			return err
		}
		work := r.work
		for i := range state {
			work = satAdd(work, int64(len(state[i].Data)))
		}
		if err := m.Env.Charge(work); err != nil {
			return err
		}
		if len(r.out[0].Data) != 1 {
			return dataf("condition of %d elements", len(r.out[0].Data))
		}
		on = r.out[0].Data[0] != 0
		copy(state[loopFixed:], r.out[1:1+o.Carried])
		if err := scans.add(r.out[1+o.Carried:], m.Env.Limits.MaxMemory); err != nil {
			return err
		}
	}
	r.out = append(slices.Clone(state[loopFixed:loopFixed+o.Carried]), scans.results(out[o.Carried:])...)
	return r.finish(m)
}

// scanned gathers what a loop stacks, one View for each scan.
type scanned struct {
	views []tensor.View
	turns int
	bytes int64
}

func (s *scanned) add(elements []tensor.View, limit int64) error {
	if s.turns++; s.turns == 1 {
		s.views = make([]tensor.View, len(elements))
	}
	for i, e := range elements {
		v := &s.views[i]
		if s.turns == 1 {
			v.Type = e.Type
		} else if !v.Type.Equal(e.Type) {
			return dataf("scan output %d is %s in turn %d, and was %s", i, e.Type, s.turns-1, v.Type)
		}
		if s.bytes += int64(len(e.Data)); s.bytes > limit {
			return &LimitError{What: "bytes of memory", Need: s.bytes, Limit: limit, Detail: "for what a loop stacks, so far", Remedy: "raise --max-memory (Limits.MaxMemory)"}
		}
		v.Data = append(v.Data, e.Data...)
	}
	return nil
}

// results returns the stacks. Without any turn, sizes that are not known are 0.
func (s *scanned) results(as []tensor.Type) []tensor.View {
	if s.turns == 0 {
		s.views = make([]tensor.View, len(as))
		for i, v := range as {
			shape := make([]int, max(0, len(v.Shape)-1))
			for d := range shape {
				shape[d] = max(0, v.Shape[d+1])
			}
			s.views[i].Type = v.WithShape(shape...)
		}
	}
	for i := range s.views {
		v := &s.views[i]
		v.Type = v.Type.WithShape(append([]int{s.turns}, v.Shape...)...)
	}
	return s.views
}
