package onnx

// valueInfos adds the ValueInfoProto that the field holds.
func valueInfos(field *cursor, place string, to *[]*ValueInfo) {
	v := &ValueInfo{}
	c := field.message()
	for c.next() {
		switch c.num {
		case 1:
			v.Name = c.string()
		case 2:
			var err error
			v.Type, err = typeProto(c.nested())
			c.fail(err)
		}
	}
	if c.err != nil {
		field.fail(within(c.err, "%s %d %q", place, len(*to), v.Name))
	}
	*to = append(*to, v)
}

func typeProto(c *cursor) (*TypeProto, error) {
	t := &TypeProto{}
	for c.next() {
		var kind TypeKind
		switch c.num {
		case 1:
			kind = KindTensor
		case 4:
			kind = KindSequence
		case 5:
			kind = KindMap
		case 7:
			kind = KindOpaque
		case 8:
			kind = KindSparseTensor
		case 9:
			kind = KindOptional
		default:
			continue
		}
		*t = TypeProto{Kind: kind} // a oneof: the last counts
		c.fail(t.read(c.message()))
	}
	return t, c.err
}

// read reads the message of the type's kind.
func (t *TypeProto) read(c *cursor) error {
	for c.next() {
		switch t.Kind {
		case KindTensor, KindSparseTensor:
			t.tensorField(c)
		case KindSequence, KindOptional:
			if c.num == 1 {
				t.elem(c)
			}
		case KindMap:
			switch c.num {
			case 1:
				t.Key = dataType(c)
			case 2:
				t.elem(c)
			}
		}
	}
	return c.err
}

func (t *TypeProto) elem(c *cursor) {
	var err error
	t.Elem, err = typeProto(c.nested())
	c.fail(err)
}

func (t *TypeProto) tensorField(c *cursor) {
	switch c.num {
	case 1:
		t.DataType = dataType(c)
	case 2:
		t.HasShape, t.Shape = true, nil
		m := c.message()
		for m.next() {
			if m.num == 1 {
				t.Shape = append(t.Shape, dim(m))
			}
		}
		c.fail(m.err)
	}
}

// dataType reads an element type; Undefined is let through, since exporters write
// it for values whose type they could not infer.
func dataType(c *cursor) DataType {
	t := DataType(c.int32())
	if c.err == nil && t != Undefined && !t.Known() {
		c.fail(unsupported("", "element type %d", int32(t)))
	}
	return t
}

// dim reads a dimension. Some exporters write an unknown one as -1.
func dim(field *cursor) (d Dim) {
	c := field.message()
	for c.next() {
		switch c.num {
		case 1:
			d = Dim{Value: c.int64(), Known: true}
		case 2:
			d = Dim{Param: c.string()}
		}
	}
	if d.Value < -1 {
		c.broken(0, "a negative dimension")
	}
	if d.Value < 0 {
		d = Dim{}
	}
	field.fail(c.err)
	return d
}
