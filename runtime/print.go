package runtime

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
)

// Fprint writes the plan as text: memory, then a line for each step with its
// kernel and where its outputs lie in the arena.
func (p *Plan) Fprint(w io.Writer) error {
	m := p.Memory()
	fmt.Fprintf(w, "arena %d bytes (at least %d alive at once), scratch %d + %d per thread, packed weights %d, variables %d, %d MACs\n",
		m.Arena, m.Bound, m.Scratch, m.PerWorker, m.Packed, m.Variables, p.macs)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, v := range p.g.In {
		fmt.Fprintf(t, "\tinput\t\t%s\t%s\n", p.place(v), p.value(v))
	}
	for i, n := range p.g.Nodes {
		fmt.Fprintf(t, "%d\t%s\t%s\t", i, graph.Name(n.Op), p.Kernel(i))
		for j, v := range n.Out {
			if j > 0 {
				fmt.Fprint(t, "\n\t\t\t")
			}
			fmt.Fprintf(t, "%s\t%s", p.place(v), p.value(v))
		}
		fmt.Fprintln(t)
	}
	for _, v := range p.g.Out {
		fmt.Fprintf(t, "\toutput\t\t%s\t%s\n", p.place(v), p.value(v))
	}
	return t.Flush()
}

func (p *Plan) value(v graph.Value) string {
	return fmt.Sprintf("%q %s", p.g.Values[v].Name, p.g.Values[v].Type)
}

// place says where a value lies: "1024+512" is 512 bytes from 1024 on.
func (p *Plan) place(v graph.Value) string {
	if off, n, ok := p.Extent(v); ok {
		return fmt.Sprintf("%d+%d", off, n)
	}
	switch info := p.g.Values[v]; {
	case info.Var != nil:
		return "variable"
	case info.Const != nil:
		return "constant"
	}
	return "grows"
}

// Extent returns where in the arena a value lies, if it does.
func (p *Plan) Extent(v graph.Value) (offset, bytes int, ok bool) {
	b := p.layout.of[v]
	if b < 0 {
		return 0, 0, false
	}
	return p.layout.blocks[b].offset, p.g.Values[v].Type.Bytes(), true
}

// Lifetime returns the first and last step at which the memory of a value is
// in use; -1 is before the first step.
func (p *Plan) Lifetime(v graph.Value) (first, last int, ok bool) {
	b := p.layout.of[v]
	if b < 0 {
		return 0, 0, false
	}
	return p.layout.blocks[b].first, p.layout.blocks[b].last, true
}
