package onnx

import "encoding/binary"

// A SparseTensor has NNZ values that are not zero. Indices has their places in C
// order: [NNZ] linear ones or [NNZ, rank].
type SparseTensor struct {
	Values  *Tensor // [NNZ]; its name is that of the whole
	Indices *Tensor // INT64
	Dims    []int64
}

func (p *parser) sparse(c *cursor) (*SparseTensor, error) {
	s := &SparseTensor{}
	var err error
	for c.next() {
		switch c.num {
		case 1:
			s.Values, err = p.tensor(c.message())
			c.fail(within(err, "values"))
		case 2:
			s.Indices, err = p.tensor(c.message())
			c.fail(within(err, "indices"))
		case 3:
			s.Dims = c.int64s(s.Dims)
		}
	}
	switch {
	case c.err != nil:
		return s, c.err
	case s.Values == nil:
		return s, wrong("", "a sparse tensor without values")
	}
	return s, within(s.check(), "sparse tensor %q", s.Values.Name)
}

func (s *SparseTensor) check() error {
	if _, ok := Elements(s.Dims); !ok {
		return wrong("", "dims %v have a negative one or more elements than can be counted", s.Dims)
	}
	if len(s.Values.Dims) != 1 {
		return wrong("", "values of shape %v; it must have one dimension", s.Values.Dims)
	}
	n, rank := s.Values.Dims[0], int64(len(s.Dims))
	if s.Indices == nil {
		if n > 0 {
			return wrong("", "%d values without indices", n)
		}
		return nil
	}
	d := s.Indices.Dims
	linear := len(d) == 1 && d[0] == n
	if s.Indices.Type != Int64 || !linear && !(len(d) == 2 && d[0] == n && d[1] == rank) {
		return wrong("", "indices %v %v do not fit %d values of a tensor %v", s.Indices.Type, d, n, s.Dims)
	}
	return nil
}

// toDense writes the values among zeros. The memory for this is limited, lest a
// small file make a huge tensor.
func (p *parser) toDense(s *SparseTensor) (*Tensor, error) {
	t := &Tensor{Name: s.Values.Name, Type: s.Values.Type, Dims: s.Dims}
	size, ok := t.size()
	width := int64(t.Type.Bits() / 8)
	switch {
	case width == 0:
		return nil, unsupported(t.place(), "sparse elements of type %v", t.Type)
	case !ok || size > p.dense:
		return nil, unsupported(t.place(), "sparse, %v elements would take much more memory than the file; store it dense", s.Dims)
	}
	p.dense -= size
	values, err := s.Values.Bytes()
	if err != nil {
		return nil, err
	}
	t.data = make([]byte, size)
	if s.Indices == nil {
		return t, nil
	}
	indices, err := s.Indices.Bytes()
	if err != nil {
		return nil, err
	}
	for k := range s.Values.Dims[0] {
		at, ok := s.place(indices, k)
		if !ok {
			return nil, wrong(t.place(), "the index of value %d lies outside %v", k, s.Dims)
		}
		copy(t.data[at*width:(at+1)*width], values[k*width:])
	}
	return t, nil
}

// place returns the linear index of value k.
func (s *SparseTensor) place(indices []byte, k int64) (int64, bool) {
	if len(s.Indices.Dims) == 1 {
		at := int64(binary.LittleEndian.Uint64(indices[8*k:]))
		n, _ := Elements(s.Dims)
		return at, at >= 0 && at < n
	}
	at, rank := int64(0), int64(len(s.Dims))
	for i, d := range s.Dims {
		x := int64(binary.LittleEndian.Uint64(indices[8*(k*rank+int64(i)):]))
		if x < 0 || x >= d {
			return 0, false
		}
		at = at*d + x
	}
	return at, true
}
