package network

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/edgeinfer/edgeinfer/train"
	"go.yaml.in/yaml/v3"
)

// builder makes a network of layers.
type builder struct {
	*reader
	d      *Description
	inputs []*train.Node
	nodes  map[string]*train.Node // by name
	made   map[string]train.Layer // what each node applies
	places map[string]*yaml.Node  // of layers, by name
	kinds  map[string]int         // how many layers there are of each kind without a name
	count  int
	depth  int
}

// Bounds of what a description, with its aliases, may become.
const (
	maxLayers = 10_000
	maxDepth  = 100
)

// begin makes the inputs. shape is that of samples.
func (b *builder) begin(shape []int) {
	b.places, b.kinds, b.made = map[string]*yaml.Node{}, map[string]int{}, map[string]train.Layer{}
	for _, in := range b.d.inputs {
		s := in.shape
		if s == nil {
			s = shape
		}
		node := train.Input(s...)
		if b.d.tokens[in.name] {
			node = train.Tokens(s...)
		}
		b.nodes[in.name] = node.Named(in.name)
		b.inputs = append(b.inputs, node)
	}
}

// first returns what the first layer reads: nil if there are several inputs.
func (b *builder) first() *train.Node {
	if len(b.inputs) == 1 {
		return b.inputs[0]
	}
	return nil
}

// layers puts layers one after the other, from x on.
func (b *builder) layers(list []*yaml.Node, x *train.Node) *train.Node {
	if b.depth++; b.depth > maxDepth {
		b.fail(list[0], "blocks within blocks, more than %d deep", maxDepth)
	}
	for _, n := range list {
		if b.count++; b.count > maxLayers {
			b.fail(n, "more than %d layers", maxLayers)
		}
		name, at, value := b.item(n, "a layer")
		if b.err != nil {
			break
		}
		switch name {
		case "residual":
			x = b.residual(at, value, x)
		case "shared":
			x = b.shared(at, value, x)
		default:
			x = b.one(name, at, value, x)
		}
	}
	b.depth--
	return x
}

// residual is a block of layers whose result is added to what it reads.
func (b *builder) residual(at, value *yaml.Node, x *train.Node) *train.Node {
	if value == nil || value.Kind != yaml.SequenceNode || len(value.Content) == 0 {
		b.fail(at, "residual takes a list of layers, whose result is added to what the first of them reads")
		return x
	}
	if x == nil {
		b.fail(at, "residual is the first layer of a network with several inputs: begin with a layer that says from: which")
		return x
	}
	y := b.layers(value.Content, x)
	return train.Apply(train.Add(train.Name(b.named("add", at))), x, y)
}

// one adds a layer that reads x, unless it says from where.
func (b *builder) one(name string, at, value *yaml.Node, x *train.Node) *train.Node {
	if !b.known(name, at) {
		return x
	}
	f := b.argument(value, at, name, kinds()[name].primary)
	in := b.from(f, x)
	l := b.layer(name, f)
	f.done()
	if b.err != nil {
		return x
	}
	return b.apply(l, f, l.Kind(), at, in)
}

// shared applies a layer once more, with the weights that it has.
func (b *builder) shared(at, value *yaml.Node, x *train.Node) *train.Node {
	f := b.argument(value, at, "shared", "layer")
	n := f.need("layer", "dense_1")
	name := f.text("layer", "")
	in := b.from(f, x)
	f.get("name")
	f.done()
	if b.err != nil {
		return x
	}
	l := b.made[name]
	if l == nil {
		b.fail(n, "shared: no layer before this one is called %q%s", clip(name), suggest(name, slices.Sorted(maps.Keys(b.made))))
		return x
	}
	return b.apply(l, f, "shared", at, in)
}

// apply applies a layer, and keeps the result by the name that f gives, or one
// after kind.
func (b *builder) apply(l train.Layer, f *fields, kind string, at *yaml.Node, in []*train.Node) *train.Node {
	given := f.text("name", "")
	if given == "" {
		given = b.named(kind, at)
	} else if b.nodes[given] != nil || b.places[given] != nil {
		b.fail(f.get("name"), "two layers are called %q", given)
	}
	b.places[given] = at
	if l.Kind() == "embedding" {
		for k, n := range b.nodes {
			if len(in) == 1 && n == in[0] && n.Kind() == "input" {
				b.d.tokens[k] = true
			}
		}
	}
	y := train.Apply(l, in...)
	b.nodes[given], b.made[given] = y, l
	return y
}

// named returns the name that package train gives to a layer without one.
func (b *builder) named(kind string, at *yaml.Node) string {
	name := kind
	for b.nodes[name] != nil || b.places[name] != nil {
		b.kinds[kind]++
		name = kind + "_" + strconv.Itoa(b.kinds[kind])
	}
	b.places[name] = at
	return name
}

// from returns what a layer reads.
func (b *builder) from(f *fields, x *train.Node) []*train.Node {
	n := f.get("from")
	if n == nil && x == nil {
		f.fail(f.at, "%s is the first layer of a network with several inputs, or follows none: say from: which", f.what)
		return nil
	}
	if n == nil {
		return []*train.Node{x}
	}
	var out []*train.Node
	for i, name := range f.texts("from") {
		at := n
		if n.Kind == yaml.SequenceNode {
			at = n.Content[i]
		}
		node := b.nodes[name]
		if node == nil {
			var names []string
			for k := range b.nodes {
				names = append(names, k)
			}
			f.fail(at, "%s: no layer before this one is called %q%s", f.what, clip(name), suggest(name, names))
		}
		out = append(out, node)
	}
	if len(out) == 0 {
		f.fail(n, "%s: from is empty: name a layer", f.what)
	}
	return out
}

// place returns where the layer is that an error of package train is about.
func (b *builder) place(err error, byDefault *yaml.Node) *yaml.Node {
	_, text, ok := strings.Cut(err.Error(), `layer "`)
	if !ok {
		return byDefault
	}
	name, _, _ := strings.Cut(text, `"`)
	for name != "" {
		if n := b.places[name]; n != nil {
			return n
		}
		i := strings.LastIndexByte(name, '/')
		name = name[:max(i, 0)]
	}
	return byDefault
}
