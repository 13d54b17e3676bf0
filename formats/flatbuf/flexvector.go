package flatbuf

// flexElements is where a vector's elements lie.
type flexElements struct {
	first, width, n int64
	kind            FlexKind // of each element, if types is 0
	types           int64    // position of the elements' packed types
}

// elements finds the elements of a vector or map of any kind.
func (v Flex) elements() (e flexElements, ok bool) {
	if !v.Present() {
		return e, false
	}
	fixed := int64(0)
	switch k := v.kind; {
	case k == FlexMap || k == FlexVector:
	case k >= FlexInts && k <= FlexStrings:
		e.kind = k - FlexInts + FlexInt
	case k >= FlexInts2 && k <= FlexFloats4:
		e.kind = (k-FlexInts2)%3 + FlexInt
		fixed = int64(k-FlexInts2)/3 + 2
	case k == FlexBools:
		e.kind = FlexBool
	default:
		v.wrongKind("a vector")
		return e, false
	}
	if e.first, ok = v.back(v.at, v.parent); !ok {
		return e, false
	}
	e.width, e.n = v.width, fixed
	if fixed == 0 {
		n, ok := v.uint(e.first-e.width, e.width)
		if !ok {
			return e, false
		}
		e.n = clamp(n)
	}
	each := e.width
	if v.kind == FlexMap || v.kind == FlexVector {
		each++ // and a type
	}
	if e.n > int64(len(v.b.data)) || !v.b.has(e.first, e.n*each, "a vector") {
		v.b.Fail(e.first, "a vector claims %d elements", e.n)
		return e, false
	}
	if each != e.width {
		e.types = e.first + e.n*e.width
	}
	return e, v.b.spend(v.at, 8)
}

// Len returns the number of elements of a vector or map, 0 if it is absent.
func (v Flex) Len() int {
	e, ok := v.elements()
	if !ok {
		return 0
	}
	return int(e.n)
}

// At returns element i of a vector, or of a map in the order of its keys; an
// absent value if there is none.
func (v Flex) At(i int) Flex {
	e, ok := v.elements()
	if !ok || i < 0 || int64(i) >= e.n {
		return Flex{}
	}
	return v.element(e, int64(i))
}

func (v Flex) element(e flexElements, i int64) Flex {
	if v.depth >= maxFlexDepth {
		v.b.Fail(v.at, "values are nested more than %d deep", maxFlexDepth)
		return Flex{}
	}
	out := Flex{b: v.b, at: e.first + i*e.width, parent: e.width, kind: e.kind, width: 1, depth: v.depth + 1}
	if e.types != 0 {
		out = out.typed(v.b.data[int(e.types+i)])
	}
	return out
}

// keys returns a map's vector of keys. Its offset and width lie before the length.
func (v Flex) keys() (e flexElements, ok bool) {
	if !v.Present() {
		return e, false
	}
	if v.kind != FlexMap {
		v.wrongKind("a map")
		return e, false
	}
	values, ok := v.elements()
	if !ok {
		return e, false
	}
	if e.first, ok = v.back(values.first-3*values.width, values.width); !ok {
		return e, false
	}
	w, ok := v.uint(values.first-2*values.width, values.width)
	if !ok || !v.widthOK(clamp(w), values.first-2*values.width) {
		return e, false
	}
	e.width = int64(w)
	n, ok := v.uint(e.first-e.width, e.width)
	if !ok {
		return e, false
	}
	if clamp(n) != values.n {
		v.b.Fail(e.first, "a map has %d keys and %d values", n, values.n)
		return e, false
	}
	e.n, e.kind = values.n, FlexKey
	return e, v.b.has(e.first, e.n*e.width, "a vector of keys")
}

// Key returns the value at a map's key, an absent one if there is none. The keys
// need not be sorted.
func (v Flex) Key(name string) Flex {
	e, ok := v.keys()
	for i := int64(0); ok && i < e.n; i++ {
		at, found := v.back(e.first+i*e.width, e.width)
		if !found || !v.b.spend(at, 1) {
			return Flex{}
		}
		if v.keyIs(at, name) {
			return v.At(int(i))
		}
	}
	return Flex{}
}

// keyIs reports whether the key at a position is name; it reads no further than name is long.
func (v Flex) keyIs(at int64, name string) bool {
	end := at + int64(len(name))
	return end < int64(len(v.b.data)) && string(v.b.data[int(at):int(end)]) == name && v.b.data[int(end)] == 0
}

// Keys returns a map's keys in their order, nil if it is absent.
func (v Flex) Keys() []string {
	e, ok := v.keys()
	var out []string
	for i := int64(0); ok && i < e.n; i++ {
		at, found := v.back(e.first+i*e.width, e.width)
		if !found {
			return nil
		}
		out = append(out, v.key(at))
		if v.b.err.Load() != nil {
			return nil
		}
	}
	return out
}
