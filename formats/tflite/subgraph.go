package tflite

import (
	"fmt"

	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
)

func (p *parser) subgraphs(root flatbuf.Table) error {
	for i, t := range root.Tables(2).All() {
		s, err := p.subgraph(i, t)
		if err != nil {
			return err
		}
		p.Subgraphs = append(p.Subgraphs, s)
	}
	if len(p.Subgraphs) == 0 && p.buf.Err() == nil {
		return wrong("", "the model has no sub-graph")
	}
	return nil
}

func (p *parser) subgraph(i int, t flatbuf.Table) (s Subgraph, err error) {
	s.Name = t.String(4)
	where := ""
	if i > 0 { // nearly all models have one sub-graph: don't name it
		where = fmt.Sprintf("sub-graph %d %q: ", i, s.Name)
	}
	for j, tt := range t.Tables(0).All() {
		tensor, err := p.tensor(tt, fmt.Sprintf("%stensor %d", where, j))
		if err != nil {
			return s, err
		}
		s.Tensors = append(s.Tensors, tensor)
	}
	n := len(s.Tensors)
	if s.Inputs, err = indices(t, 1, n, 0, where+"inputs"); err != nil {
		return s, err
	}
	if s.Outputs, err = indices(t, 2, n, 0, where+"outputs"); err != nil {
		return s, err
	}
	for j, ot := range t.Tables(3).All() {
		op, err := p.operator(ot, n, fmt.Sprintf("%soperator %d", where, j))
		if err != nil {
			return s, err
		}
		s.Operators = append(s.Operators, op)
	}
	return s, nil
}

// indices reads a vector of tensor numbers from lowest to n-1.
func indices(t flatbuf.Table, slot, n int, lowest int32, where string) ([]int32, error) {
	v := t.Int32s(slot)
	for k, i := range v {
		if i < lowest || int64(i) >= int64(n) {
			return nil, wrong(where, "number %d is tensor %d of %d", k, i, n)
		}
	}
	return v, nil
}

func (p *parser) operator(t flatbuf.Table, tensors int, where string) (op Operator, err error) {
	n := t.Uint32(0, 0)
	if int64(n) >= int64(len(p.opcodes)) {
		if p.buf.Err() != nil {
			return op, broken(where, p.buf.Err())
		}
		return op, wrong(where, "names operator code %d of %d", n, len(p.opcodes))
	}
	code := p.opcodes[n]
	op = Operator{Builtin: code.builtin, Version: code.version, Custom: code.custom}
	where += " " + op.Name()
	if op.Inputs, err = indices(t, 1, tensors, -1, where+": inputs"); err != nil {
		return op, err
	}
	if op.Outputs, err = indices(t, 2, tensors, 0, where+": outputs"); err != nil {
		return op, err
	}
	if op.Intermediates, err = indices(t, 8, tensors, 0, where+": intermediates"); err != nil {
		return op, err
	}
	op.MutatingInputs = t.Bools(7)
	if m := len(op.MutatingInputs); m != 0 && m != len(op.Inputs) {
		return op, wrong(where, "%d flags of mutated inputs for %d inputs", m, len(op.Inputs))
	}
	if err = p.options(&op, t, where); err != nil {
		return op, err
	}
	return op, broken(where, p.buf.Err())
}

// options finds an operator's options: of a builtin operator in one of two
// unions, of a custom one in a vector, or outside the flatbuffer as buffers are.
func (p *parser) options(op *Operator, t flatbuf.Table, where string) (err error) {
	kind, table := t.Union(slotOptions)
	op.Options = Options{OptionsType(kind), table.Detach()}
	if kind2, table2 := t.Union(slotOptions2); kind == 0 && kind2 != 0 {
		op.Options = Options{options2 + OptionsType(kind2), table2.Detach()}
	}
	op.CustomOptions = t.Bytes(5)
	if off := t.Uint64(9, 0); off > 1 {
		op.CustomOptions, err = p.outside(where+": custom options", off, t.Uint64(10, 0))
	}
	return err
}
