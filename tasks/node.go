package tasks

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxDeclaration bounds the bytes of a declaration; anchors can be long.
const maxDeclaration = 1 << 20

// key is one that an object may have.
type key struct {
	name string
	read func(n *yaml.Node) error
}

// root returns the object that a document is.
func root(data []byte) (*yaml.Node, error) {
	if len(data) > maxDeclaration {
		return nil, fmt.Errorf("%d bytes are more than the limit of %d", len(data), maxDeclaration)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, errors.New(strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if len(doc.Content) != 1 {
		return nil, errors.New("the declaration is empty: write at least task: and one of " + taskNames())
	}
	return doc.Content[0], nil
}

func at(n *yaml.Node, format string, args ...any) error {
	return fmt.Errorf("line %d: %s", n.Line, fmt.Sprintf(format, args...))
}

// readObject reads an object strictly. Keys are read in the order of the list, not
// of the document, since the meaning of some depends on others.
func readObject(n *yaml.Node, what string, keys ...key) error {
	if n.Kind != yaml.MappingNode {
		return at(n, "%s wants keys, one a line: %s", what, keyNames(keys))
	}
	values := map[string]*yaml.Node{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if !slices.ContainsFunc(keys, func(x key) bool { return x.name == k.Value }) {
			return at(k, "%s has no key %q: the keys are %s", what, k.Value, keyNames(keys))
		}
		if values[k.Value] != nil {
			return at(k, "%s has the key %q twice: leave one out", what, k.Value)
		}
		values[k.Value] = n.Content[i+1]
	}
	for _, k := range keys {
		if v := values[k.name]; v != nil {
			if err := k.read(v); err != nil {
				return err
			}
		}
	}
	return nil
}

func keyNames(keys []key) string {
	var names []string
	for _, k := range keys {
		names = append(names, k.name)
	}
	return strings.Join(names, ", ")
}

func taskNames() string {
	var names []string
	for _, t := range Tasks {
		names = append(names, string(t))
	}
	return strings.Join(names, ", ")
}

// text reads a string; numbers are strings too.
func text(name string, to *string) key {
	return key{name, func(n *yaml.Node) error {
		if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
			return at(n, "%s wants a word", name)
		}
		*to = n.Value
		return nil
	}}
}

// choice reads one of some words.
func choice[T any](name string, words []string, values []T, to *T) key {
	return key{name, func(n *yaml.Node) error {
		i := slices.Index(words, n.Value)
		if n.Kind != yaml.ScalarNode || i < 0 {
			return at(n, "%s: %q: choose one of %s", name, n.Value, strings.Join(words, ", "))
		}
		*to = values[i]
		return nil
	}}
}

func flag(name string, to *bool) key {
	return choice(name, []string{"true", "false"}, []bool{true, false}, to)
}

// real reads a finite number from lo to hi.
func real(name string, lo, hi float32, to *float32) key {
	return key{name, func(n *yaml.Node) (err error) {
		*to, err = number(n, name, lo, hi)
		return err
	}}
}

func number(n *yaml.Node, name string, lo, hi float32) (float32, error) {
	var x float32
	if n.Kind != yaml.ScalarNode || n.Decode(&x) != nil || !(x >= lo && x <= hi) {
		return 0, at(n, "%s: %q: give a number from %g to %g", name, n.Value, lo, hi)
	}
	return x, nil
}

func whole(name string, lo, hi int, to *int) key {
	return key{name, func(n *yaml.Node) error {
		var x int
		if n.ShortTag() != "!!int" || n.Decode(&x) != nil || x < lo || x > hi {
			return at(n, "%s: %q: give a whole number from %d to %d", name, n.Value, lo, hi)
		}
		*to = x
		return nil
	}}
}

// list calls each with the elements of a list.
func list(name, of string, each func(n *yaml.Node) error) key {
	return key{name, func(n *yaml.Node) error {
		if n.Kind != yaml.SequenceNode {
			return at(n, "%s wants a list of %s", name, of)
		}
		for _, e := range n.Content {
			if err := each(e); err != nil {
				return err
			}
		}
		return nil
	}}
}

// numbers reads a list, or a single number.
func numbers(name string, lo, hi float32, to *[]float32) key {
	one := func(n *yaml.Node) error {
		x, err := number(n, name, lo, hi)
		*to = append(*to, x)
		return err
	}
	return key{name, func(n *yaml.Node) error {
		if n.Kind == yaml.ScalarNode {
			return one(n)
		}
		return list(name, "numbers", one).read(n)
	}}
}

// tuple reads a list of exactly len(to) numbers.
func tuple(n *yaml.Node, name string, lo, hi float32, to ...*float32) error {
	var x []float32
	if err := numbers(name, lo, hi, &x).read(n); err != nil {
		return err
	}
	if len(x) != len(to) {
		return at(n, "%s: %d numbers: give %d", name, len(x), len(to))
	}
	for i := range to {
		*to[i] = x[i]
	}
	return nil
}

// pairs reads names by name.
func pairs(name string, keys []string, to *map[string]string) key {
	return key{name, func(n *yaml.Node) error {
		*to = map[string]string{}
		var ks []key
		got := make([]string, len(keys))
		for i, k := range keys {
			ks = append(ks, text(k, &got[i]))
		}
		if err := readObject(n, name, ks...); err != nil {
			return err
		}
		for i, k := range keys {
			if got[i] != "" {
				(*to)[k] = got[i]
			}
		}
		return nil
	}}
}
