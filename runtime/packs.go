package runtime

import (
	"maps"
	"unsafe"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// packs holds the weights that operators keep in their kernels' layouts, one
// copy for each constant and form.
type packs struct {
	made  map[packKey][]byte
	bytes int64
	limit int64
	nodes int // planned so far, sub-graphs included
}

type packKey struct {
	data *byte
	size int
	form string
}

func newPacks(l op.Limits) *packs { return &packs{made: map[packKey][]byte{}, limit: l.MaxMemory} }

func (p *packs) get(src []byte, form string, n int, fill func(dst []byte)) ([]byte, error) {
	k := packKey{unsafe.SliceData(src), len(src), form}
	if b, ok := p.made[k]; ok && len(b) == n {
		return b, nil
	}
	if p.bytes+int64(n) > p.limit {
		return nil, &op.LimitError{What: "bytes of memory", Need: p.bytes + int64(n), Limit: p.limit, Detail: "for packed weights so far", Remedy: "raise --max-memory (Limits.MaxMemory)"}
	}
	b := alloc(n)
	fill(b)
	p.made[k], p.bytes = b, p.bytes+int64(n)
	return b, nil
}

// drop forgets what data was packed to that a plan computed for itself: nobody else
// can ask for it, and the packs would keep it in memory.
func (p *packs) drop(own func(data *byte) bool) {
	maps.DeleteFunc(p.made, func(k packKey, _ []byte) bool { return own(k.data) })
}

// constUses finds the constants that no step reads, since all have packed
// copies. Those computed at plan time need not be kept.
type constUses struct {
	g    *graph.Graph
	left []int
}

func newUses(g *graph.Graph) *constUses {
	u := &constUses{g, make([]int, len(g.Values))}
	for _, n := range g.Nodes {
		for _, v := range n.In {
			if v != graph.None {
				u.left[v]++
			}
		}
	}
	for _, v := range g.Out {
		u.left[v]++
	}
	return u
}

func (u *constUses) release(v graph.Value) {
	if v != graph.None {
		u.left[v]--
	}
}

// forget passes on the contents of n's constants that are left without use.
func (u *constUses) forget(n *graph.Node, forget func(data []byte)) {
	if forget == nil {
		return
	}
	for _, v := range n.In {
		if v != graph.None && u.left[v] <= 0 && len(u.g.Values[v].Const) > 0 {
			forget(u.g.Values[v].Const)
		}
	}
}

// done drops the contents of constants that are left without use.
func (u *constUses) done() []bool {
	unused := make([]bool, len(u.left))
	for i := range u.g.Values {
		if v := &u.g.Values[i]; v.Const != nil && u.left[i] <= 0 {
			v.Const, unused[i] = []byte{}, true
		}
	}
	return unused
}

// contents returns the contents of g's constants, by where they are.
func contents(g *graph.Graph) map[*byte][]byte {
	c := map[*byte][]byte{}
	for _, v := range g.Values {
		if len(v.Const) > 0 {
			c[&v.Const[0]] = v.Const
		}
	}
	return c
}
