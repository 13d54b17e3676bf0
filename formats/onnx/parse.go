package onnx

// The range of IR versions that are read. Version 3 is the first with opsets.
const (
	MinIRVersion = 3
	MaxIRVersion = 13
)

// A parser has what is gathered from all over a model.
type parser struct {
	external []*Tensor
	dense    int64 // bytes that sparse tensors may still become
}

func newParser(data []byte) *parser {
	return &parser{dense: 16*int64(len(data)) + 1<<20}
}

// Parse reads a model. Its errors are *FormatError and *UnsupportedError. The
// memory it takes is in proportion to the file, the tensors' data not being copied.
func Parse(data []byte) (*Model, error) {
	if err := sniff(data); err != nil {
		return nil, err
	}
	p := newParser(data)
	m := &Model{Opsets: map[string]int64{}, Metadata: map[string]string{}, Size: int64(len(data))}
	if err := checkVersion(data); err != nil {
		return nil, err
	}
	c := &cursor{data: data}
	for c.next() {
		p.modelField(m, c)
	}
	switch {
	case c.err != nil:
		return nil, c.err
	case m.Graph == nil:
		return nil, wrong("", "not an ONNX model (it has no graph)")
	case len(m.Opsets) == 0:
		return nil, wrong("", "the model names no opset; its opset_import is empty")
	}
	m.external = p.external
	return m, nil
}

// checkVersion looks for ir_version only, before the fields of a version that is not
// read draw complaints.
func checkVersion(data []byte) error {
	version, found := int64(0), false
	c := &cursor{data: data}
	for c.next() {
		if c.num == 1 {
			version, found = c.int64(), true
		}
	}
	switch {
	case c.err != nil && !found:
		return within(c.err, "not an ONNX model, or a damaged one")
	case found && (version < MinIRVersion || version > MaxIRVersion):
		return unsupported("", "IR version %d; versions %d to %d are read", version, MinIRVersion, MaxIRVersion)
	case !found && c.err == nil:
		return wrong("", "not an ONNX model (it has no ir_version)")
	}
	return c.err
}

func (p *parser) modelField(m *Model, c *cursor) {
	switch c.num {
	case 1:
		m.IRVersion = c.int64()
	case 2:
		m.Producer = c.string()
	case 3:
		m.ProducerVersion = c.string()
	case 4:
		m.Domain = c.string()
	case 5:
		m.ModelVersion = c.int64()
	case 6:
		m.DocString = c.string()
	case 7:
		if m.Graph != nil { // protobuf would merge them, which no writer means
			c.broken(c.start, "a second graph")
			return
		}
		var err error
		m.Graph, err = p.graph(c.nested())
		c.fail(err)
	case 8:
		c.fail(within(opset(c.message(), m.Opsets), "opset_import"))
	case 14:
		k, v, err := entry(c.message())
		c.fail(within(err, "metadata_props"))
		m.Metadata[k] = v
	case 25:
		f, err := p.function(c.nested())
		c.fail(within(err, "function %d %q", len(m.Functions), f.Name))
		m.Functions = append(m.Functions, f)
	}
}

// domain spells ONNX's own domain in one way.
func domain(s string) string {
	if s == "ai.onnx" {
		return ""
	}
	return s
}

// opset reads an OperatorSetIdProto into the map.
func opset(c *cursor, to map[string]int64) error {
	name, version := "", int64(0)
	for c.next() {
		switch c.num {
		case 1:
			name = domain(c.string())
		case 2:
			version = c.int64()
		}
	}
	before, twice := to[name]
	switch {
	case c.err != nil:
		return c.err
	case version < 1:
		return wrong("", "domain %q has version %d", name, version)
	case twice && before != version:
		return wrong("", "domain %q has versions %d and %d", name, before, version)
	}
	to[name] = version
	return nil
}

// entry reads a StringStringEntryProto.
func entry(c *cursor) (key, value string, err error) {
	for c.next() {
		switch c.num {
		case 1:
			key = c.string()
		case 2:
			value = c.string()
		}
	}
	return key, value, c.err
}
