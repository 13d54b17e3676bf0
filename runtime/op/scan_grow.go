package op

import (
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// grow is a Scan with outputs whose size only running Body tells. types are those
// of Body's inputs at first, lead the batch, if there is one, and the turns, and as
// what is known of the outputs' types.
func (o *Scan) grow(m *Mem, r *grower, types []tensor.Type, lead []int, as []tensor.Type) error {
	batch, turns := 1, lead[len(lead)-1]
	if o.Batch {
		batch = lead[0]
	}
	var all scanned // items of the batch
	var out []tensor.View
	for b := range batch {
		item, err := o.growItem(m, r, types, as[o.States:], b, turns)
		if err != nil {
			return err
		}
		if out = item; !o.Batch {
			break
		}
		if err := all.add(item, m.Env.Limits.MaxMemory); err != nil {
			return err
		}
	}
	if o.Batch {
		out = all.results(as)
	}
	r.out = out
	return r.finish(m)
}

// growItem scans item b and returns its states and stacks.
func (o *Scan) growItem(m *Mem, r *grower, types, as []tensor.Type, b, turns int) ([]tensor.View, error) {
	args := make([]tensor.View, len(types))
	for i, t := range types {
		args[i] = m.In[i]
		if i < o.States {
			args[i] = tensor.View{Type: t, Data: m.In[i].Data[b*t.Bytes():][:t.Bytes()]}
		}
	}
	var scans scanned
	for t := range turns {
		for k := range o.Scanned {
			i := o.States + k
			size := types[i].Bytes()
			at := scanAt(b, t, turns, o.FromEnd, k) * size
			args[i] = tensor.View{Type: types[i], Data: m.In[i].Data[at:][:size]}
		}
		if err := r.call(o.Body, args); err != nil {
			return nil, err
		}
		work := r.work
		for i := range args {
			work = satAdd(work, int64(len(args[i].Data)))
		}
		if err := m.Env.Charge(work); err != nil {
			return nil, err
		}
		copy(args, r.out[:o.States])
		if err := scans.add(r.out[o.States:], m.Env.Limits.MaxMemory); err != nil {
			return nil, err
		}
	}
	drop := 0
	if o.Batch {
		drop = 1
	}
	as = slices.Clone(as)
	for i, t := range as {
		as[i] = t.WithShape(t.Shape[drop:]...)
	}
	stacks := scans.results(as)
	for k := range stacks {
		if k < len(o.ToEnd) && o.ToEnd[k] {
			scanReverse(stacks[k].Data, turns)
		}
	}
	return append(slices.Clone(args[:o.States]), stacks...), nil
}

// scanReverse puts n elements in the opposite order.
func scanReverse(data []byte, n int) {
	if n < 2 {
		return
	}
	size := len(data) / n
	from := slices.Clone(data)
	for i := range n {
		copy(data[i*size:], from[(n-1-i)*size:][:size])
	}
}

// scanAt returns the element that turn t of item b reads or writes.
func scanAt(b, t, turns int, reverse []bool, k int) int {
	if k < len(reverse) && reverse[k] {
		t = turns - 1 - t
	}
	return b*turns + t
}
