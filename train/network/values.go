package network

import (
	"maps"
	"math"
	"slices"

	"go.yaml.in/yaml/v3"
)

// text reads a word or sentence.
func (f *fields) text(name, byDefault string) string {
	n := f.get(name)
	if n == nil {
		return byDefault
	}
	if n.Kind != yaml.ScalarNode || n.ShortTag() == "!!null" {
		f.fail(n, "%s: %s is a word, and not %s", f.what, name, kindOf(n))
	}
	return n.Value
}

// choice reads one of some words.
func (f *fields) choice(name string, words ...string) string {
	n := f.get(name)
	if n == nil {
		return ""
	}
	if s := f.text(name, ""); slices.Contains(words, s) {
		return s
	}
	f.fail(n, "%s: %s: %s is not known%s", f.what, name, kindOf(n), suggest(n.Value, words))
	return ""
}

// flag reads true or false.
func (f *fields) flag(name string, byDefault bool) bool {
	n := f.get(name)
	if n == nil {
		return byDefault
	}
	var b bool
	if n.ShortTag() != "!!bool" || n.Decode(&b) != nil {
		f.fail(n, "%s: %s is true or false, and not %s", f.what, name, kindOf(n))
	}
	return b
}

// most is the greatest whole number that a description may hold.
const most = math.MaxInt32

// int reads a whole number from lo to hi.
func (f *fields) int(name string, byDefault, lo, hi int) int {
	n := f.get(name)
	if n == nil {
		return byDefault
	}
	return f.intOf(n, name, lo, hi)
}

// intOf reads a whole number, or a word that stands for one.
func (f *fields) intOf(n *yaml.Node, name string, lo, hi int) int {
	n = whole(n)
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!str" {
		if x, ok := f.words[n.Value]; ok {
			if x < 1 {
				f.fail(n, "%s: %s: the data have no %s: write a number", f.what, name, n.Value)
			}
			return x
		}
	}
	var x int64
	if near := nearest(n.Value, slices.Sorted(maps.Keys(f.words))); near != "" && n.ShortTag() == "!!str" && len(n.Value) > 3 {
		f.fail(n, "%s: %s is a number, and %s is not known: did you mean %s?", f.what, name, kindOf(n), near)
	}
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!int" || n.Decode(&x) != nil || x < int64(lo) || x > int64(hi) {
		f.fail(n, "%s: %s is a whole number from %d to %d, and not %s", f.what, name, lo, hi, kindOf(n))
		return lo
	}
	return int(x)
}

// count reads a size that must be there: a number from 1 on, or a word.
func (f *fields) count(name string) int {
	if n := f.need(name, "1"); n != nil {
		return f.intOf(n, name, 1, most)
	}
	return 1
}

// real reads a finite number from lo to hi.
func (f *fields) real(name string, byDefault, lo, hi float64) float64 {
	n := f.get(name)
	if n == nil {
		return byDefault
	}
	return f.realOf(n, name, lo, hi)
}

func (f *fields) realOf(n *yaml.Node, name string, lo, hi float64) float64 {
	n = whole(n)
	var x float64
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!int" && n.ShortTag() != "!!float" || n.Decode(&x) != nil || !(x >= lo && x <= hi) {
		f.fail(n, "%s: %s is a number from %g to %g, and not %s", f.what, name, lo, hi, kindOf(n))
		return lo
	}
	return x
}

// ints reads a list of whole numbers, or a single one.
func (f *fields) ints(name string, lo, hi int) []int {
	n := f.get(name)
	if n == nil {
		return nil
	}
	return f.intsOf(n, name, lo, hi)
}

func (f *fields) intsOf(n *yaml.Node, name string, lo, hi int) []int {
	if n.Kind != yaml.SequenceNode {
		return []int{f.intOf(n, name, lo, hi)}
	}
	var out []int
	for _, e := range n.Content {
		out = append(out, f.intOf(e, name, lo, hi))
	}
	return out
}

// pair reads a number for both directions, or one for each.
func (f *fields) pair(name string, byDefault, lo int) [2]int {
	n := f.get(name)
	if n == nil {
		return [2]int{byDefault, byDefault}
	}
	switch x := f.intsOf(n, name, lo, most); len(x) {
	case 1:
		return [2]int{x[0], x[0]}
	case 2:
		return [2]int(x)
	}
	f.fail(n, "%s: %s is one number or two, [height, width]", f.what, name)
	return [2]int{lo, lo}
}

// texts reads a list of words, or a single one.
func (f *fields) texts(name string) []string {
	n := f.get(name)
	if n == nil {
		return nil
	}
	list := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		list = n.Content
	}
	var out []string
	for _, e := range list {
		if e = whole(e); e.Kind != yaml.ScalarNode || e.ShortTag() == "!!null" {
			f.fail(e, "%s: %s is a list of words, and %s is none", f.what, name, kindOf(e))
		}
		out = append(out, e.Value)
	}
	return out
}
