package onnx

import "fmt"

func (p *parser) graph(c *cursor) (*Graph, error) {
	g := &Graph{}
	for c.next() {
		p.graphField(g, c)
	}
	if c.err != nil && g.Name != "" {
		return g, within(c.err, "graph %q", g.Name)
	}
	return g, within(c.err, "graph")
}

func (p *parser) graphField(g *Graph, c *cursor) {
	switch c.num {
	case 1:
		p.nodes(c, &g.Nodes)
	case 2:
		g.Name = c.string()
	case 5:
		t, err := p.tensor(c.message())
		c.fail(within(err, "initializer %d", len(g.Initializers)))
		g.Initializers = append(g.Initializers, t)
	case 10:
		g.DocString = c.string()
	case 11:
		valueInfos(c, "input", &g.Inputs)
	case 12:
		valueInfos(c, "output", &g.Outputs)
	case 13:
		valueInfos(c, "value_info", &g.ValueInfo)
	case 15:
		s, err := p.sparse(c.message())
		var t *Tensor
		if err == nil {
			t, err = p.toDense(s)
		}
		c.fail(within(err, "sparse initializer"))
		g.Initializers = append(g.Initializers, t)
	}
}

// nodes adds the node that the field holds.
func (p *parser) nodes(c *cursor, to *[]*Node) {
	n, err := p.node(c.message())
	if err != nil {
		c.fail(within(err, "%s", n.place(len(*to))))
	}
	*to = append(*to, n)
}

// place names the i-th node by what is known of it.
func (n *Node) place(i int) string {
	s := fmt.Sprintf("node %d", i)
	if n.OpType != "" {
		s += " " + n.OpType
	}
	if n.Name != "" {
		s += fmt.Sprintf(" %q", n.Name)
	}
	return s
}

func (p *parser) node(c *cursor) (*Node, error) {
	n := &Node{}
	for c.next() {
		switch c.num {
		case 1:
			n.Inputs = append(n.Inputs, c.string())
		case 2:
			n.Outputs = append(n.Outputs, c.string())
		case 3:
			n.Name = c.string()
		case 4:
			n.OpType = c.string()
		case 5:
			p.attributes(c, &n.Attributes)
		case 6:
			n.DocString = c.string()
		case 7:
			n.Domain = domain(c.string())
		case 8:
			n.Overload = c.string()
		}
	}
	if c.err == nil && n.OpType == "" {
		c.broken(0, "has no op_type")
	}
	return n, c.err
}

func (p *parser) function(c *cursor) (*Function, error) {
	f := &Function{Opsets: map[string]int64{}}
	for c.next() {
		switch c.num {
		case 1:
			f.Name = c.string()
		case 4:
			f.Inputs = append(f.Inputs, c.string())
		case 5:
			f.Outputs = append(f.Outputs, c.string())
		case 6:
			f.AttributeNames = append(f.AttributeNames, c.string())
		case 7:
			p.nodes(c, &f.Nodes)
		case 8:
			f.DocString = c.string()
		case 9:
			c.fail(within(opset(c.message(), f.Opsets), "opset_import"))
		case 10:
			f.Domain = domain(c.string())
		case 11:
			p.attributes(c, &f.AttributeDefaults)
		case 13:
			f.Overload = c.string()
		}
	}
	if c.err == nil && f.Name == "" {
		c.broken(0, "has no name")
	}
	return f, c.err
}
