package onnx

import (
	"math"
	"strconv"

	"google.golang.org/protobuf/encoding/protowire"
)

// tensorFields is what a TensorProto says about its data, before it is known which
// of them counts.
type tensorFields struct {
	raw      []byte
	hasRaw   bool
	stores   [stores][]byte // packed numbers
	external bool
	entries  map[string]string // of external_data
}

func (p *parser) tensor(c *cursor) (*Tensor, error) {
	t := &Tensor{}
	var f tensorFields
	for c.next() {
		switch c.num {
		case 1:
			t.Dims = c.int64s(t.Dims)
		case 2:
			t.Type = DataType(c.int32())
		case 3:
			c.fail(unsupported("", "a segment of a tensor"))
		case 6:
			t.Strings = append(t.Strings, c.raw())
		case 8:
			t.Name = c.string()
		default:
			f.field(c)
		}
	}
	if c.err == nil {
		c.err = t.finish(&f)
	}
	if t.External != nil {
		p.external = append(p.external, t)
	}
	if c.err != nil {
		return t, within(c.err, "tensor %q", t.Name)
	}
	return t, nil
}

func (f *tensorFields) field(c *cursor) {
	switch c.num {
	case 4:
		f.number(c, inFloat, protowire.Fixed32Type)
	case 5:
		f.number(c, inInt32, protowire.VarintType)
	case 7:
		f.number(c, inInt64, protowire.VarintType)
	case 9:
		f.raw, f.hasRaw = c.raw(), true
	case 10:
		f.number(c, inDouble, protowire.Fixed64Type)
	case 11:
		f.number(c, inUint64, protowire.VarintType)
	case 13:
		k, v, err := entry(c.message())
		c.fail(err)
		if f.entries == nil {
			f.entries = map[string]string{}
		}
		f.entries[k] = v
	case 14:
		f.external = c.int64() == 1
	}
}

func (f *tensorFields) number(c *cursor, s store, typ protowire.Type) {
	f.stores[s] = c.packed(f.stores[s], typ)
}

// finish checks a tensor's parts against each other and takes its data.
func (t *Tensor) finish(f *tensorFields) error {
	if !t.Type.Known() {
		if t.Type == Undefined {
			return wrong("", "has no data_type")
		}
		return unsupported("", "element %v", t.Type)
	}
	if _, ok := t.size(); !ok {
		return wrong("", "dims %v have a negative one or more %v elements than can be counted", t.Dims, t.Type)
	}
	in := dataTypes[t.Type].in
	for s, data := range f.stores {
		if len(data) > 0 && store(s) != in {
			return wrong("", "elements of type %v do not belong in %s", t.Type, storeNames[s])
		}
	}
	if t.Type != String && len(t.Strings) > 0 {
		return wrong("", "elements of type %v do not belong in string_data", t.Type)
	}
	switch {
	case f.external:
		return t.takeExternal(f)
	case t.Type == String:
		return t.checkStrings(f)
	case f.hasRaw && len(f.raw) > 0 && len(f.stores[in]) > 0:
		return wrong("", "has both raw_data and %s", storeNames[in])
	case len(f.stores[in]) > 0:
		return t.takeStore(f.stores[in], in)
	}
	t.data = f.raw
	return t.checkSize(int64(len(f.raw)))
}

func (t *Tensor) checkSize(have int64) error {
	if want, _ := t.size(); have != want {
		return wrong("", "%d bytes of data do not make %v %v; it takes %d", have, t.Type, t.Dims, want)
	}
	return nil
}

func (t *Tensor) checkStrings(f *tensorFields) error {
	switch n := t.Elements(); {
	case f.hasRaw:
		return wrong("", "strings in raw_data")
	case int64(len(t.Strings)) != n:
		return wrong("", "%d strings do not make %v", len(t.Strings), t.Dims)
	}
	return nil
}

// takeStore takes the elements from a field other than raw_data.
func (t *Tensor) takeStore(data []byte, in store) error {
	t.data = data
	if in == inFloat || in == inDouble {
		return t.checkSize(int64(len(data)))
	}
	t.varint = true
	n, _ := varints(data)
	return t.checkSize(int64(n) * int64(max(1, t.Type.Bits()/8)))
}

// takeExternal reads where the elements are, as keys and values.
func (t *Tensor) takeExternal(f *tensorFields) error {
	switch {
	case t.Type == String:
		return wrong("", "strings in another file")
	case f.entries["location"] == "":
		return wrong("", "its data lie in another file, of which external_data gives no location")
	case len(f.raw) > 0 || len(f.stores[dataTypes[t.Type].in]) > 0:
		return wrong("", "has data of its own and others in the file %q", f.entries["location"])
	}
	e := &External{Location: f.entries["location"], Length: -1, Checksum: f.entries["checksum"]}
	for _, n := range []struct {
		key string
		to  *int64
	}{{"offset", &e.Offset}, {"length", &e.Length}} {
		s, ok := f.entries[n.key]
		if !ok {
			continue
		}
		v, err := strconv.ParseUint(s, 10, 64)
		if err != nil || v > math.MaxInt64 {
			return wrong("", "external_data has the %s %q", n.key, s)
		}
		*n.to = int64(v)
	}
	t.External = e
	if e.Length >= 0 {
		return t.checkSize(e.Length)
	}
	return nil
}

// place names the tensor in errors that come after Parse.
func (t *Tensor) place() string { return "tensor " + strconv.Quote(t.Name) }
