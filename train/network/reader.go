package network

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Error is a mistake in a description.
type Error struct {
	File         string
	Line, Column int // from 1 on; 0 if the place is not known
	What         string
}

// Error returns "file:line:column: what".
func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.What)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.What)
}

// reader reads a document. The first mistake stays, and what is read after it
// does not count.
type reader struct {
	file string
	err  *Error
	// words stand for numbers that the data know: "classes".
	words map[string]int
}

func (r *reader) fail(n *yaml.Node, format string, args ...any) {
	if r.err == nil {
		r.err = &Error{r.file, n.Line, n.Column, fmt.Sprintf(format, args...)}
	}
}

// maxText bounds the bytes of a description.
const maxText = 1 << 20

// parse returns the document's mapping.
func (r *reader) parse(text []byte) *yaml.Node {
	var doc yaml.Node
	switch err := yaml.Unmarshal(text, &doc); {
	case len(text) > maxText:
		r.err = &Error{File: r.file, What: fmt.Sprintf("%d bytes are more than the %d that a description may have", len(text), maxText)}
	case err != nil:
		r.err = syntax(r.file, err)
	case len(doc.Content) != 1:
		r.err = &Error{File: r.file, What: "the description is empty: write at least layers:"}
	default:
		return doc.Content[0]
	}
	return nil
}

// syntax turns an error of package yaml, which knows lines only, into one of ours.
func syntax(file string, err error) *Error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	var line int
	if n, _ := fmt.Sscanf(text, "line %d:", &line); n == 1 {
		_, text, _ = strings.Cut(text, ": ")
		return &Error{file, line, 1, "not valid YAML: " + text}
	}
	return &Error{File: file, What: "not valid YAML: " + text}
}

// whole returns what an alias stands for.
func whole(n *yaml.Node) *yaml.Node {
	for i := 0; n.Kind == yaml.AliasNode && i < 100; i++ {
		n = n.Alias
	}
	return n
}

// fields are the keys of a mapping. Each is asked for by name; what nobody has
// asked for is a mistake.
type fields struct {
	*reader
	what  string     // that the keys belong to: "dense"
	at    *yaml.Node // where it is
	key   map[string]*yaml.Node
	value map[string]*yaml.Node
	asked []string
}

// fields reads a mapping. Nothing at all is an empty one.
func (r *reader) fields(n *yaml.Node, what string) *fields {
	f := &fields{reader: r, what: what, at: n, key: map[string]*yaml.Node{}, value: map[string]*yaml.Node{}}
	n = whole(n)
	switch {
	case n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null":
		return f
	case n.Kind != yaml.MappingNode:
		r.fail(n, "%s takes keys with values, such as {key: value}, and not %s", what, kindOf(n))
		return f
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := whole(n.Content[i])
		if k.Kind != yaml.ScalarNode {
			r.fail(k, "%s: a key is a word, and not %s", what, kindOf(k))
			return f
		}
		if f.key[k.Value] != nil {
			r.fail(k, "%s has the key %q twice: leave one out", what, k.Value)
		}
		f.key[k.Value], f.value[k.Value] = k, whole(n.Content[i+1])
	}
	return f
}

func kindOf(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "keys with values"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.ShortTag() == "!!null":
		return "nothing"
	}
	return fmt.Sprintf("%q", clip(n.Value))
}

// clip shortens text for an error.
func clip(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// get returns the value of a key, nil if it is not there.
func (f *fields) get(name string) *yaml.Node {
	if !slices.Contains(f.asked, name) {
		f.asked = append(f.asked, name)
	}
	return f.value[name]
}

// need is get of a key that must be there.
func (f *fields) need(name, example string) *yaml.Node {
	n := f.get(name)
	if n == nil {
		others := slices.DeleteFunc(slices.Sorted(maps.Keys(f.key)), func(k string) bool { return slices.Contains(f.asked, k) })
		if k := nearest(name, others); k != "" {
			f.fail(f.key[k], "%s has no key %q: did you mean %s?", f.what, clip(k), name)
		}
		f.fail(f.at, "%s lacks %s: write {%s: %s}", f.what, name, name, example)
	}
	return n
}

// done finds keys that nobody has asked for.
func (f *fields) done() {
	var worst *yaml.Node
	for name, k := range f.key {
		if !slices.Contains(f.asked, name) && (worst == nil || k.Line < worst.Line || k.Line == worst.Line && k.Column < worst.Column) {
			worst = k
		}
	}
	if worst != nil {
		if len(f.asked) == 0 {
			f.fail(worst, "%s takes no keys, and not %q", f.what, clip(worst.Value))
			return
		}
		f.fail(worst, "%s has no key %q%s", f.what, clip(worst.Value), suggest(worst.Value, f.asked))
	}
}

// list returns the elements of a list.
func (f *fields) list(name string) []*yaml.Node {
	n := f.get(name)
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		f.fail(n, "%s: %s is a list, a line for each with a dash before it, and not %s", f.what, name, kindOf(n))
		return nil
	}
	return n.Content
}

// item reads an element of a list: "word", or "word: value". The value is nil if
// there is none.
func (r *reader) item(n *yaml.Node, what string) (name string, at, value *yaml.Node) {
	n = whole(n)
	switch {
	case n.Kind == yaml.ScalarNode && n.ShortTag() != "!!null":
		return n.Value, n, nil
	case n.Kind == yaml.MappingNode && len(n.Content) == 2 && whole(n.Content[0]).Kind == yaml.ScalarNode:
		return whole(n.Content[0]).Value, n.Content[0], whole(n.Content[1])
	case n.Kind == yaml.MappingNode && len(n.Content) > 2:
		r.fail(n.Content[2], "%s is one word with its keys, and here is a second one, %s: put what belongs to it into {}, or further right", what, kindOf(n.Content[2]))
	default:
		r.fail(n, "%s is a word with its keys, and not %s", what, kindOf(n))
	}
	return "", n, nil
}

// argument makes keys of the value of an item: a value that is no mapping is that
// of the key named primary.
func (r *reader) argument(value, at *yaml.Node, what, primary string) *fields {
	if value == nil {
		value = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Line: at.Line, Column: at.Column}
	}
	if primary == "" || value.Kind == yaml.MappingNode || value.Kind == yaml.ScalarNode && value.ShortTag() == "!!null" {
		f := r.fields(value, what)
		f.at = at
		return f
	}
	return &fields{reader: r, what: what, at: at, key: map[string]*yaml.Node{primary: at}, value: map[string]*yaml.Node{primary: value}}
}

// asError returns err as an Error at n, unless it is one.
func asError(file string, n *yaml.Node, err error) error {
	if _, ok := errors.AsType[*Error](err); ok || err == nil {
		return err
	}
	return &Error{file, n.Line, n.Column, err.Error()}
}
