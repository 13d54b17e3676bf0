package onnx

// A Sequence is a list of elements that are all of one kind; the others are empty.
type Sequence struct {
	Name      string
	Kind      TypeKind // KindNone in an empty one that does not say
	Tensors   []*Tensor
	Sparse    []*SparseTensor
	Sequences []*Sequence
	Maps      []*Map
	Optionals []*Optional
}

// A Map has keys, integers or strings, and a value for each.
type Map struct {
	Name       string
	KeyType    DataType
	Keys       []int64
	StringKeys [][]byte
	Values     *Sequence
}

// An Optional has the element that Kind names. All are nil if it is empty.
type Optional struct {
	Name     string
	Kind     TypeKind
	Tensor   *Tensor
	Sparse   *SparseTensor
	Sequence *Sequence
	Map      *Map
	Optional *Optional
}

// ParseTensor reads a TensorProto, the form of the inputs and outputs that come
// with ONNX's test models. Its errors and memory are as of Parse.
func ParseTensor(data []byte) (*Tensor, error) {
	if len(data) == 0 {
		return nil, wrong("", "not a tensor (the file is empty)")
	}
	return newParser(data).tensor(&cursor{data: data})
}

// ParseSequence reads a SequenceProto.
func ParseSequence(data []byte) (*Sequence, error) {
	return newParser(data).sequence(&cursor{data: data})
}

// ParseOptional reads an OptionalProto.
func ParseOptional(data []byte) (*Optional, error) {
	return newParser(data).optional(&cursor{data: data})
}

func (p *parser) sequence(c *cursor) (*Sequence, error) {
	s := &Sequence{}
	var err error
	for c.next() {
		switch c.num {
		case 1:
			s.Name = c.string()
		case 2:
			s.Kind = kind(c)
		case 3:
			s.Tensors, err = collect(s.Tensors, p.tensor, c.message())
		case 4:
			s.Sparse, err = collect(s.Sparse, p.sparse, c.message())
		case 5:
			s.Sequences, err = collect(s.Sequences, p.sequence, c.nested())
		case 6:
			s.Maps, err = collect(s.Maps, p.mapping, c.nested())
		case 7:
			s.Optionals, err = collect(s.Optionals, p.optional, c.nested())
		}
		c.fail(err)
	}
	if c.err == nil {
		c.err = s.check()
	}
	return s, within(c.err, "sequence %q", s.Name)
}

// check holds the kind against the elements that there are.
func (s *Sequence) check() error {
	for kind, n := range map[TypeKind]int{
		KindTensor: len(s.Tensors), KindSparseTensor: len(s.Sparse), KindSequence: len(s.Sequences),
		KindMap: len(s.Maps), KindOptional: len(s.Optionals),
	} {
		if n > 0 && kind != s.Kind {
			return wrong("", "has elements of another kind than its elem_type says")
		}
	}
	return nil
}

func (p *parser) mapping(c *cursor) (*Map, error) {
	m := &Map{}
	for c.next() {
		switch c.num {
		case 1:
			m.Name = c.string()
		case 2:
			m.KeyType = dataType(c)
		case 3:
			m.Keys = c.int64s(m.Keys)
		case 4:
			m.StringKeys = append(m.StringKeys, c.raw())
		case 5:
			var err error
			m.Values, err = p.sequence(c.nested())
			c.fail(err)
		}
	}
	return m, within(c.err, "map %q", m.Name)
}

func (p *parser) optional(c *cursor) (*Optional, error) {
	o := &Optional{}
	var err error
	for c.next() {
		switch c.num {
		case 1:
			o.Name = c.string()
		case 2:
			o.Kind = kind(c)
		case 3:
			o.Tensor, err = p.tensor(c.message())
		case 4:
			o.Sparse, err = p.sparse(c.message())
		case 5:
			o.Sequence, err = p.sequence(c.nested())
		case 6:
			o.Map, err = p.mapping(c.nested())
		case 7:
			o.Optional, err = p.optional(c.nested())
		}
		c.fail(err)
	}
	if c.err == nil {
		c.err = o.check()
	}
	return o, within(c.err, "optional %q", o.Name)
}

// check holds the kind against the element that there is.
func (o *Optional) check() error {
	for kind, has := range map[TypeKind]bool{
		KindTensor: o.Tensor != nil, KindSparseTensor: o.Sparse != nil, KindSequence: o.Sequence != nil,
		KindMap: o.Map != nil, KindOptional: o.Optional != nil,
	} {
		if has && kind != o.Kind {
			return wrong("", "has an element of another kind than its elem_type says")
		}
	}
	return nil
}

// kinds are the numbers of SequenceProto.DataType and OptionalProto.DataType.
var kinds = [...]TypeKind{KindNone, KindTensor, KindSparseTensor, KindSequence, KindMap, KindOptional}

func kind(c *cursor) TypeKind {
	n := c.int32()
	if n < 0 || int(n) >= len(kinds) {
		c.fail(unsupported("", "an element of kind %d", n))
		return KindNone
	}
	return kinds[n]
}
