package onnx

// attributes adds the attribute that the field holds.
func (p *parser) attributes(c *cursor, to *[]*Attribute) {
	a := &Attribute{}
	if err := p.attribute(c.message(), a); err != nil {
		c.fail(within(err, "attribute %d %q", len(*to), a.Name))
	}
	*to = append(*to, a)
}

func (p *parser) attribute(c *cursor, a *Attribute) error {
	held := uint32(0) // a bit for each type of which there is a value
	for c.next() {
		switch c.num {
		case 1:
			a.Name = c.string()
		case 20:
			a.Type = AttributeType(c.int32())
		case 21:
			a.RefAttrName = c.string()
		default:
			t := a.scalar(c)
			if t == AttrUndefined {
				t = p.attributeMessage(a, c)
			}
			held |= 1 << t
		}
	}
	if c.err == nil {
		c.err = a.check(held &^ 1)
	}
	return c.err
}

// scalar reads a value that is no message, and returns its type; AttrUndefined if
// the field is another.
func (a *Attribute) scalar(c *cursor) AttributeType {
	switch c.num {
	case 2:
		a.Float = c.float32()
		return AttrFloat
	case 3:
		a.Int = c.int64()
		return AttrInt
	case 4:
		a.String = c.raw()
		return AttrString
	case 7:
		a.Floats = c.float32s(a.Floats)
		return AttrFloats
	case 8:
		a.Ints = c.int64s(a.Ints)
		return AttrInts
	case 9:
		a.Strings = append(a.Strings, c.raw())
		return AttrStrings
	}
	return AttrUndefined
}

// attributeMessage reads a value that is a message, and returns its type;
// AttrUndefined if the field is none of an attribute's values.
func (p *parser) attributeMessage(a *Attribute, c *cursor) AttributeType {
	var err error
	defer func() { c.fail(err) }()
	switch c.num {
	case 5:
		a.Tensor, err = p.tensor(c.message())
		return AttrTensor
	case 6:
		a.Graph, err = p.graph(c.nested())
		return AttrGraph
	case 10:
		a.Tensors, err = collect(a.Tensors, p.tensor, c.message())
		return AttrTensors
	case 11:
		a.Graphs, err = collect(a.Graphs, p.graph, c.nested())
		return AttrGraphs
	case 14:
		a.TypeProto, err = typeProto(c.nested())
		return AttrTypeProto
	case 15:
		a.TypeProtos, err = collect(a.TypeProtos, typeProto, c.nested())
		return AttrTypeProtos
	case 22:
		a.SparseTensor, err = p.sparse(c.message())
		return AttrSparseTensor
	case 23:
		a.SparseTensors, err = collect(a.SparseTensors, p.sparse, c.message())
		return AttrSparseTensors
	}
	return AttrUndefined
}

// collect adds what read makes of a message.
func collect[T any](to []T, read func(*cursor) (T, error), c *cursor) ([]T, error) {
	x, err := read(c)
	return append(to, x), err
}

// check holds the type against the values that there are. Type came with IR
// version 2, but some writers leave it out; a value tells it then.
func (a *Attribute) check(held uint32) error {
	if a.Type < 0 || int(a.Type) >= len(attributeTypes) {
		return unsupported("", "attribute type %d", int32(a.Type))
	}
	if a.Type == AttrUndefined && a.RefAttrName == "" {
		for t := AttrFloat; int(t) < len(attributeTypes); t++ {
			if held == 1<<t {
				a.Type = t
			}
		}
		if a.Type == AttrUndefined {
			return wrong("", "has no type and not one value that would tell it")
		}
	}
	if others := held &^ (1 << a.Type); others != 0 {
		return wrong("", "has type %v and a value of another type", a.Type)
	}
	one := uint32(1<<AttrTensor | 1<<AttrGraph | 1<<AttrSparseTensor | 1<<AttrTypeProto)
	if one&(1<<a.Type) != 0 && held == 0 && a.RefAttrName == "" {
		return wrong("", "has type %v and no value", a.Type)
	}
	return nil
}
