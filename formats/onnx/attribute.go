package onnx

// attr returns the attribute called name, nil if the node has none. Within a
// function, references to the function's own attributes are followed.
func (n *node) attr(name string) *Attribute {
	for _, a := range n.Attributes {
		if a.Name != name {
			continue
		}
		if a.RefAttrName == "" {
			return a
		}
		return n.attrs[a.RefAttrName]
	}
	return nil
}

// wrongType reports an attribute of another type than the operator has.
func wrongType(a *Attribute, want string) error {
	return errorf("attribute %q is a %v, want %s", a.Name, a.Type, want)
}

// int returns an integer attribute, or def if there is none.
func (n *node) int(name string, def int) (int, error) {
	a := n.attr(name)
	switch {
	case a == nil:
		return def, nil
	case a.Type != AttrInt:
		return 0, wrongType(a, "an integer")
	case int64(int32(a.Int)) != a.Int:
		return 0, errorf("attribute %q is %d: beyond 32 bits", name, a.Int)
	}
	return int(a.Int), nil
}

// bool returns an integer attribute as a bool.
func (n *node) bool(name string, def bool) (bool, error) {
	d := 0
	if def {
		d = 1
	}
	i, err := n.int(name, d)
	return i != 0, err
}

// float returns a float attribute, or def if there is none.
func (n *node) float(name string, def float32) (float32, error) {
	a := n.attr(name)
	switch {
	case a == nil:
		return def, nil
	case a.Type != AttrFloat:
		return 0, wrongType(a, "a float")
	}
	return a.Float, nil
}

// str returns a string attribute, or def if there is none.
func (n *node) str(name, def string) (string, error) {
	a := n.attr(name)
	switch {
	case a == nil:
		return def, nil
	case a.Type != AttrString:
		return "", wrongType(a, "a string")
	}
	return string(a.String), nil
}

// ints returns a list of integers, nil if there is none.
func (n *node) ints(name string) ([]int, error) {
	a := n.attr(name)
	switch {
	case a == nil:
		return nil, nil
	case a.Type != AttrInts:
		return nil, wrongType(a, "a list of integers")
	}
	out := make([]int, len(a.Ints))
	for i, x := range a.Ints {
		if int64(int32(x)) != x {
			return nil, errorf("attribute %q has %d: beyond 32 bits", name, x)
		}
		out[i] = int(x)
	}
	return out, nil
}

// floats returns a list of floats, nil if there is none.
func (n *node) floats(name string) ([]float32, error) {
	a := n.attr(name)
	switch {
	case a == nil:
		return nil, nil
	case a.Type != AttrFloats:
		return nil, wrongType(a, "a list of floats")
	}
	return a.Floats, nil
}

// tensor returns a tensor attribute, nil if there is none.
func (n *node) tensor(name string) (*Tensor, error) {
	a := n.attr(name)
	switch {
	case a == nil:
		return nil, nil
	case a.Type != AttrTensor || a.Tensor == nil:
		return nil, wrongType(a, "a tensor")
	}
	return a.Tensor, nil
}

// graph returns a graph attribute.
func (n *node) graph(name string) (*Graph, error) {
	a := n.attr(name)
	switch {
	case a == nil:
		return nil, errorf("attribute %q, a graph, is missing", name)
	case a.Type != AttrGraph || a.Graph == nil:
		return nil, wrongType(a, "a graph")
	}
	return a.Graph, nil
}
