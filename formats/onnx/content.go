package onnx

import "google.golang.org/protobuf/encoding/protowire"

// fieldTypes are the wire types of a ModelProto's fields.
var fieldTypes = map[protowire.Number]protowire.Type{
	1: protowire.VarintType, 2: protowire.BytesType, 3: protowire.BytesType, 4: protowire.BytesType, 5: protowire.VarintType,
	6: protowire.BytesType, 7: protowire.BytesType, 8: protowire.BytesType, 14: protowire.BytesType, 25: protowire.BytesType,
}

// Sniff reports whether data begin as an ONNX model does: its first field is one
// that a model has. The rest may be damaged.
func Sniff(data []byte) bool {
	num, typ, n := protowire.ConsumeTag(data)
	if want, ok := fieldTypes[num]; n != 1 && num < 16 || !ok || typ != want || sniff(data) != nil {
		return false
	}
	if typ == protowire.BytesType {
		size, m := protowire.ConsumeVarint(data[n:])
		return m > 0 && size <= uint64(len(data))
	}
	version, m := protowire.ConsumeVarint(data[n:])
	return m > 0 && (num != 1 || version > 0 && version < 1<<16)
}

// Content is what is counted of a model: its operators by name, domain and opset,
// and the bytes of its constants.
type Content struct {
	Operators   map[Operator]int
	WeightBytes int64
	Graphs      int // sub-graphs included
}

// Operator is what identifies an operator's meaning.
type Operator struct {
	Name  string // with its domain, unless that is ai.onnx
	Opset int64
}

// Content counts all graphs and functions of the model.
func (m *Model) Content() *Content {
	c := &Content{Operators: map[Operator]int{}}
	c.graph(m.Graph, m.Opsets)
	for _, f := range m.Functions {
		c.nodes(f.Nodes, f.Opsets)
	}
	return c
}

func (c *Content) graph(g *Graph, opsets map[string]int64) {
	c.Graphs++
	for _, t := range g.Initializers {
		c.tensor(t)
	}
	c.nodes(g.Nodes, opsets)
}

func (c *Content) nodes(nodes []*Node, opsets map[string]int64) {
	for _, p := range nodes {
		n := &node{Node: p, domain: domainOf(p.Domain)}
		c.Operators[Operator{n.kind(), opsets[n.domain]}]++
		for _, a := range p.Attributes {
			if a.Tensor != nil {
				c.tensor(a.Tensor)
			}
			if a.Graph != nil {
				c.graph(a.Graph, opsets)
			}
			for _, g := range a.Graphs {
				c.graph(g, opsets)
			}
		}
	}
}

func (c *Content) tensor(t *Tensor) {
	if n, ok := t.size(); ok {
		c.WeightBytes += n
	}
}
