package train

import (
	"errors"
	"fmt"

	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// MemoryPlan is what training takes, in bytes.
type MemoryPlan struct {
	Batch     int
	Parts     int  // that a batch comes in
	Recompute bool // results of layers are computed again
	Weights   int64
	Optimizer int64 // its states, and sums of gradients of a batch in parts
	Arena     int64 // results of layers and gradients
	Scratch   int64 // of operators, with that of each thread
	Total     int64
}

// String says how the plan adds up.
func (p MemoryPlan) String() string {
	s := fmt.Sprintf("%d bytes: weights %d, optimizer %d, activations and gradients %d, scratch %d; batch %d", p.Total, p.Weights, p.Optimizer, p.Arena, p.Scratch, p.Batch)
	if p.Parts > 1 {
		s += fmt.Sprintf(" in %d parts", p.Parts)
	}
	if p.Recompute {
		s += ", recomputing"
	}
	return s
}

// MemoryPlan returns what a training step on a batch takes, before any memory is
// taken. Options are those of Fit: Accumulate, Recompute, MemoryBudget, Threads.
func (m *Model) MemoryPlan(batch int, opts ...FitOption) (MemoryPlan, error) {
	o, err := newSettings(append([]FitOption{BatchSize(batch)}, opts...))
	if err != nil {
		return MemoryPlan{}, err
	}
	if m.err != nil {
		return MemoryPlan{}, m.err
	}
	if !m.plan.ready {
		return MemoryPlan{}, fmt.Errorf("train: Compile the model before MemoryPlan")
	}
	t, err := m.usualTargets()
	if err != nil {
		return MemoryPlan{}, err
	}
	if err := m.budget(t, batch, o); err != nil {
		return MemoryPlan{}, err
	}
	return m.stepMemory(t, batch, o)
}

// usualTargets are targets as the loss prefers them.
func (m *Model) usualTargets() (targets, error) {
	n := length(m.shape)
	if m.plan.loss.classes {
		n /= m.shape[len(m.shape)-1]
	}
	return m.plan.loss.targets(m.shape, n)
}

// stepMemory returns what a step takes as o has it.
func (m *Model) stepMemory(t targets, batch int, o *settings) (MemoryPlan, error) {
	set := o.set
	if set == nil {
		set = fastest()
	}
	g, err := m.trainGraph((batch+o.parts-1)/o.parts, setup{t, o.parts > 1, o.recompute})
	if err != nil {
		return MemoryPlan{}, err
	}
	plan, err := planned(g, set, o.limits)
	if err != nil {
		return MemoryPlan{}, fmt.Errorf("train: %w", err)
	}
	p := MemoryPlan{Batch: batch, Parts: o.parts, Recompute: o.recompute}
	states := int64(m.plan.optimizer.update.States())
	if o.parts > 1 {
		states++
	}
	for _, x := range m.params {
		n := int64(x.v.Type.Bytes())
		p.Weights += n
		if x.Trainable {
			p.Optimizer += n * states
		}
	}
	k := plan.Memory()
	p.Arena, p.Scratch = int64(k.Arena), int64(k.Scratch)+int64(max(o.threads, 1))*int64(k.PerWorker)+int64(k.Packed)
	p.Total = p.Weights + p.Optimizer + p.Arena + p.Scratch
	return p, nil
}

// budget changes o so that a step keeps within its budget, if it has one. Parts of a
// batch and what is computed again decide bits: so they follow from the memory of
// the reference kernels on one thread, which is the same everywhere. Threads, which
// decide none, are as many as there is memory for.
func (m *Model) budget(t targets, samples int, o *settings) error {
	if len(m.memories) > 0 && o.parts > 1 {
		return errors.New("train: batches of a network with a Stateful layer do not come in parts, as a part would go on from the one before: accumulate no parts, and take smaller batches")
	}
	if o.budget == 0 {
		return nil
	}
	if err := m.divide(t, min(o.batch, samples), o); err != nil {
		return err
	}
	for {
		p, err := m.stepMemory(t, min(o.batch, samples), o)
		if err != nil || p.Total <= o.budget {
			return err
		}
		if o.threads <= 1 {
			return &op.LimitError{What: "bytes of memory", Need: p.Total, Limit: o.budget, Detail: p.String(),
				Remedy: "raise the budget, accumulate over more parts, or take the kernels \"go\", which need less"}
		}
		o.threads--
	}
}

// divide sets parts and recompute so that a batch keeps within the budget.
func (m *Model) divide(t targets, batch int, o *settings) error {
	const spare = 32 // the share that other kernels may need more: 1/32
	portable := host.Sets()[0]
	var least MemoryPlan
	for parts := o.parts; ; parts = min(2*parts, batch) {
		for _, again := range []bool{o.recompute, true} {
			try := *o
			try.parts, try.recompute, try.threads, try.set = parts, again, 1, &portable
			p, err := m.stepMemory(t, batch, &try)
			if err != nil {
				return err
			}
			if p.Total+p.Total/spare <= o.budget {
				o.parts, o.recompute = parts, again
				return nil
			}
			if least.Total == 0 || p.Total < least.Total {
				least = p
			}
		}
		if parts >= batch || len(m.memories) > 0 {
			need := least.Total + least.Total/spare
			return &op.LimitError{What: "bytes of memory", Need: need, Limit: o.budget, Detail: least.String(), Remedy: "raise the budget, or make the network or the batches smaller"}
		}
	}
}
