package onnx

import (
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// form is one way in which a value exists in the file: "" as in the graph,
// planarForm as [n c h w], or another of a constant's.
type form struct {
	v    graph.Value
	kind string
}

const planarForm = "nchw"

// toPlanar and fromPlanar are the transposes between [n h w c] and [n c h w].
var (
	toPlanar   = []int{0, 3, 1, 2}
	fromPlanar = []int{0, 2, 3, 1}
)

// turned returns the shape [n c h w] of [n h w c].
func turned(shape []int) []int { return []int{shape[0], shape[3], shape[1], shape[2]} }

// planarAxis is where an axis of [n h w c] is in [n c h w].
func planarAxis(axis int) int { return slices.Index(toPlanar, axis) }

// have notes that a value is there in some form.
func (x *modelWriter) have(f form, name string) {
	x.forms[f] = name
	x.formed[name] = true
}

// exists reports whether a value has been computed in some form.
func (x *modelWriter) exists(v graph.Value) bool {
	_, own := x.forms[form{v: v}]
	_, planar := x.forms[form{v, planarForm}]
	return own || planar
}

// onlyPlanar reports whether a value is there as [n c h w], and would have to be
// transposed to be had as in the graph.
func (x *modelWriter) onlyPlanar(v graph.Value) bool {
	_, own := x.forms[form{v: v}]
	_, planar := x.forms[form{v, planarForm}]
	return planar && !own
}

// own returns the name of a value as the graph has it, "" for none.
func (x *modelWriter) own(v graph.Value) string {
	if v == graph.None {
		return ""
	}
	if name, ok := x.forms[form{v: v}]; ok {
		return name
	}
	if t := x.g.Values[v]; t.Const != nil {
		return x.constForm(v, "", t.Type.Shape, func() []byte { return t.Const })
	}
	name := x.base[v]
	if x.forms[form{v, planarForm}] == name { // an input
		name = x.unique(name + "_nhwc")
	}
	return x.turn(form{v: v}, name, x.forms[form{v, planarForm}], fromPlanar)
}

// planar returns the name of a value of four dimensions as [n c h w]. A constant
// may have fewer, and is then what broadcasts as it does.
func (x *modelWriter) planar(v graph.Value) string {
	if name, ok := x.forms[form{v, planarForm}]; ok {
		return name
	}
	if t := x.g.View(v); t.Known() {
		if t.Len() == 1 {
			return x.own(v)
		}
		shape := append(slices.Repeat([]int{1}, 4-t.Rank()), t.Shape...)
		t.Type = t.WithShape(shape...)
		return x.constForm(v, planarForm, turned(shape), func() []byte { return permuted(t, toPlanar) })
	}
	return x.turn(form{v, planarForm}, x.unique(x.base[v]+"_nchw"), x.own(v), toPlanar)
}

// turn adds a Transpose.
func (x *modelWriter) turn(f form, name, from string, perm []int) string {
	x.nodes = append(x.nodes, &writtenNode{
		op: "Transpose", name: x.unique(name + "/Transpose"), in: []string{from}, out: []string{name},
		attrs: []wire{attribute("perm", perm)},
	})
	x.have(f, name)
	return name
}

// constForm returns the name of a form of constant v, which data makes. The first
// form has the constant's own name.
func (x *modelWriter) constForm(v graph.Value, kind string, shape []int, data func() []byte) string {
	f := form{v, kind}
	if name, ok := x.forms[f]; ok {
		return name
	}
	name := x.base[v]
	if x.used[v] {
		name = x.unique(name + "_" + kind)
	}
	x.used[v] = true
	x.constant = append(x.constant, initializer(name, writtenTypes[x.typ(v).DType], shape, data()))
	x.have(f, name)
	return name
}

// transposed returns the name of v after perm; a constant is written so.
func (x *modelWriter) transposed(v graph.Value, perm []int, label string) string {
	if op.Identity(perm) {
		return x.own(v)
	}
	if t := x.g.View(v); t.Known() {
		kind := "perm"
		for _, p := range perm {
			kind += string(rune('0' + p))
		}
		return x.constForm(v, kind, permutedShape(t.Shape, perm), func() []byte { return permuted(t, perm) })
	}
	name := x.unique(label)
	x.nodes = append(x.nodes, &writtenNode{
		op: "Transpose", name: x.unique(name + "/Transpose"), in: []string{x.own(v)}, out: []string{name},
		attrs: []wire{attribute("perm", perm)},
	})
	return name
}

// number returns the name of a scalar.
func (x *modelWriter) number(v float32) string {
	return x.shared(math.Float32bits(v), "const", func(name string) wire {
		return initializer(name, Float, nil, tensor.Bytes([]float32{v}))
	})
}

// list returns the name of a list of int64.
func (x *modelWriter) list(vs ...int) string {
	wide := make([]int64, len(vs))
	for i, v := range vs {
		wide[i] = int64(v)
	}
	return x.shared(string(tensor.Bytes(wide)), "list", func(name string) wire {
		return initializer(name, Int64, []int{len(wide)}, tensor.Bytes(wide))
	})
}

// shared returns the name of a constant of the writer's own, made once for each key.
func (x *modelWriter) shared(key any, name string, tensor func(name string) wire) string {
	if have, ok := x.small[key]; ok {
		return have
	}
	name = x.unique(name)
	x.constant = append(x.constant, tensor(name))
	x.small[key] = name
	return name
}

// floats returns the name of a new constant.
func (x *modelWriter) floats(name string, shape []int, data []float32) string {
	name = x.unique(name)
	x.constant = append(x.constant, initializer(name, Float, shape, tensor.Bytes(data)))
	return name
}

func permutedShape(shape, perm []int) []int {
	out := make([]int, len(shape))
	for i, p := range perm {
		out[i] = shape[p]
	}
	return out
}

// permuted returns a constant's elements after a transpose.
func permuted(t tensor.View, perm []int) []byte {
	out := tensor.View{Type: t.WithShape(permutedShape(t.Shape, perm)...), Data: tensor.Bytes(make([]uint64, len(t.Data)/8+1))[:len(t.Data)]}
	in := []tensor.View{t}
	if (&op.Transpose{Perm: perm}).Ref(in, []tensor.View{out}) != nil {
		panic("BUG: a transpose that its operator refuses")
	}
	return out.Data
}
