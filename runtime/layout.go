package runtime

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"unsafe"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// align is the alignment of everything in memory: a cache line, and the
// widest vector.
const align = 64

func up(n int) int { return (n + align - 1) &^ (align - 1) }

// alloc returns n zeroed bytes, aligned.
func alloc(n int) []byte {
	b := make([]byte, n+align)
	pad := int(-uintptr(unsafe.Pointer(unsafe.SliceData(b))) & (align - 1))
	return b[pad : pad+n : pad+n]
}

// block is a stretch of arena, used by one value or by several that share it
// in turn. It is alive from step first to step last; step -1 is before the
// run, and step len(nodes) after it.
type block struct {
	first, last int
	bytes       int
	offset      int
}

func (b *block) overlaps(c *block) bool { return b.first <= c.last && c.first <= b.last }

// layout says where each value lies in the arena.
type layout struct {
	blocks []block
	of     []int // block of each value, -1 if it isn't in the arena
	size   int   // of the arena, in bytes
	bound  int   // the most bytes alive at any step: no layout can be smaller
	least  int   // the same of aligned blocks
}

// newLayout finds lifetimes, shares blocks between values, and places blocks
// so that those alive together do not overlap. What needs more than limit is not
// placed: its size is the bound.
func newLayout(g *graph.Graph, keepInputs bool, limit int64) *layout {
	l := &layout{of: make([]int, len(g.Values))}
	l.live(g, keepInputs)
	l.share(g)
	bound := l.peak(len(g.Nodes), func(n int) int64 { return int64(n) })
	least := l.peak(len(g.Nodes), func(n int) int64 { return (int64(n) + align - 1) &^ (align - 1) })
	l.bound, l.least = clampInt(bound), clampInt(least)
	if l.size = l.least; least <= limit {
		l.place()
	}
	return l
}

// live makes a block for each value that the arena holds: not constants,
// variables, or values whose size is known only at run time.
func (l *layout) live(g *graph.Graph, keepInputs bool) {
	for i, v := range g.Values {
		l.of[i] = -1
		if v.Const == nil && v.Var == nil && v.Type.Static() {
			l.of[i] = len(l.blocks)
			l.blocks = append(l.blocks, block{first: len(g.Nodes), last: -1, bytes: v.Type.Bytes()})
		}
	}
	use := func(vs []graph.Value, at int) {
		for _, v := range vs {
			if v != graph.None && l.of[v] >= 0 {
				b := &l.blocks[l.of[v]]
				b.first, b.last = min(b.first, at), max(b.last, at)
			}
		}
	}
	use(g.In, -1)
	if keepInputs {
		use(g.In, len(g.Nodes))
	}
	for i, n := range g.Nodes {
		use(n.In, i)
		use(n.Out, i)
	}
	use(g.Out, len(g.Nodes))
	if idles(g) { // outputs outlive runs that end early
		use(g.Out, -1)
	}
	for i, b := range l.of { // values of nodes that passes dropped may be larger than the arena
		if b >= 0 && l.blocks[b].first > l.blocks[b].last {
			l.of[i] = -1
		}
	}
}

// idles reports whether a run may end early.
func idles(g *graph.Graph) (found bool) {
	walk(g, func(g *graph.Graph) {
		for i := range g.Nodes {
			o, ok := g.Nodes[i].Op.(op.Idler)
			found = found || ok && o.Idles()
		}
	})
	return found
}

// share lets an output take over the block of an input that dies at its node,
// where the operator allows it.
func (l *layout) share(g *graph.Graph) {
	for i, n := range g.Nodes {
		o, ok := n.Op.(op.InPlacer)
		if !ok || len(n.Out) == 0 || l.of[n.Out[0]] < 0 || late(g, &n) {
			continue
		}
		out := &l.blocks[l.of[n.Out[0]]]
		if out.first < i { // it holds the last run's output
			continue
		}
		for _, k := range o.InPlace(types(g, n.In), types(g, n.Out)) {
			v := n.In[k]
			if v == graph.None || l.of[v] < 0 || uses(n.In, v) > 1 {
				continue
			}
			if in := &l.blocks[l.of[v]]; in.last == i && in.bytes >= out.bytes {
				in.last, out.bytes = out.last, 0
				l.of[n.Out[0]] = l.of[v]
				break
			}
		}
	}
}

func uses(vs []graph.Value, v graph.Value) (n int) {
	for _, u := range vs {
		if u == v {
			n++
		}
	}
	return n
}

func types(g *graph.Graph, vs []graph.Value) []tensor.Type {
	out := make([]tensor.Type, len(vs))
	for i, v := range vs {
		if v != graph.None {
			out[i] = g.Values[v].Type
		}
	}
	return out
}

// clampInt returns n, or the largest int if that is less: on 32-bit machines.
func clampInt(n int64) int { return int(min(n, math.MaxInt)) }

// peak returns the most bytes alive at any of the steps, each block counting
// for size of its bytes.
func (l *layout) peak(steps int, size func(n int) int64) (most int64) {
	change := make([]int64, steps+3)
	for _, b := range l.blocks {
		if b.bytes > 0 && b.first <= b.last {
			change[b.first+1] += size(b.bytes)
			change[b.last+2] -= size(b.bytes)
		}
	}
	now := int64(0)
	for _, c := range change {
		now += c
		most = max(most, now)
	}
	return most
}

// place tries two orders, largest first and longest-lived first, and swaps in
// the better one as long as that may help: chains of convolutions of different
// sizes need it. It ends when the bound is reached, or with its budget.
func (l *layout) place() {
	var todo []*block
	for i := range l.blocks {
		if b := &l.blocks[i]; b.bytes > 0 && b.first <= b.last {
			todo = append(todo, b)
		}
	}
	bySize, byLife := slices.Clone(todo), todo
	slices.SortStableFunc(bySize, func(a, b *block) int {
		return cmp.Or(cmp.Compare(b.bytes, a.bytes), cmp.Compare(a.first, b.first))
	})
	slices.SortStableFunc(byLife, func(a, b *block) int {
		return cmp.Or(cmp.Compare(b.last-b.first, a.last-a.first), cmp.Compare(b.bytes, a.bytes), cmp.Compare(a.first, b.first))
	})
	best := bySize
	if firstFit(byLife) < firstFit(bySize) {
		best = byLife
	}
	l.size = l.improve(best)
}

// layoutTries bounds the swaps that improve tries, and layoutBudget the
// comparisons that they may take: a few milliseconds.
const (
	layoutTries  = 500
	layoutBudget = 1 << 20
)

// improve swaps blocks in the order and keeps what doesn't make the arena
// larger. It places the blocks by the best order and returns the size.
func (l *layout) improve(order []*block) int {
	size, n := firstFit(order), len(order)
	r := rand.New(rand.NewPCG(uint64(n), uint64(l.bound)))
	for tries := min(layoutTries, layoutBudget/max(n*n, 1)); tries > 0 && size > l.least && n > 1; tries-- {
		i, j := r.IntN(n), r.IntN(n)
		order[i], order[j] = order[j], order[i]
		if s := firstFit(order); s <= size {
			size = s
		} else {
			order[i], order[j] = order[j], order[i]
		}
	}
	return firstFit(order)
}

// firstFit gives each block, in the given order, the lowest offset at which it
// meets no block that is alive at the same time. It returns the arena's size.
func firstFit(order []*block) (size int) {
	placed := make([]*block, 0, len(order)) // sorted by offset
	for _, b := range order {
		b.offset = 0
		for _, p := range placed {
			if p.offset >= b.offset+b.bytes {
				break
			}
			if p.overlaps(b) {
				if p.offset > math.MaxInt-2*align-p.bytes-b.bytes {
					return math.MaxInt // the limit refuses it
				}
				b.offset = max(b.offset, up(p.offset+p.bytes))
			}
		}
		at, _ := slices.BinarySearchFunc(placed, b.offset, func(p *block, off int) int { return cmp.Compare(p.offset, off) })
		placed = slices.Insert(placed, at, b)
		size = max(size, up(b.offset+b.bytes))
	}
	return size
}
