package draw

import (
	"fmt"
	"html"
	"strings"

	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
)

// memory is the picture of a memory plan: x is the step, y the offset.
type memory struct {
	p      *runtime.Plan
	step   float64 // width of a step
	values []placed
	size   int
}

// placed is a value in the arena. It lives from step first to step last; step
// -1 is before the run, and step len(nodes) after it.
type placed struct {
	name          string
	family        string
	first, last   int
	offset, bytes int
}

const (
	plotHeight = 320.0
	axisWidth  = 72.0 // of the numbers on the left
)

func newMemory(p *runtime.Plan) *memory {
	g := p.Graph()
	n := len(g.Nodes)
	m := &memory{p: p, step: min(48, max(6, 1050/float64(n+2))), size: max(1, p.Memory().Arena)}
	first, last, maker := lifetimes(g)
	for v, info := range g.Values {
		off, bytes, ok := p.Extent(graph.Value(v))
		if !ok || bytes == 0 || first[v] > last[v] {
			continue
		}
		x := placed{info.Name, "io", first[v], last[v], off, bytes}
		if k := maker[v]; k >= 0 {
			x.family = family(graph.Name(g.Nodes[k].Op), p.NodeMACs(k))
		}
		m.values = append(m.values, x)
	}
	m.handOver()
	return m
}

// handOver ends values whose memory another one takes over in the same step, so
// that rectangles don't overlap.
func (m *memory) handOver() {
	starts := map[[2]int]bool{} // step and offset
	for _, v := range m.values {
		starts[[2]int{v.first, v.offset}] = true
	}
	for i := range m.values {
		if v := &m.values[i]; v.last > v.first && starts[[2]int{v.last, v.offset}] {
			v.last--
		}
	}
}

// lifetimes returns the steps between which each value is needed, and the node
// that makes it, -1 for inputs. Values that share memory have their own.
func lifetimes(g *graph.Graph) (first, last, maker []int) {
	n := len(g.Values)
	first, last, maker = make([]int, n), make([]int, n), make([]int, n)
	for i := range first {
		first[i], last[i], maker[i] = len(g.Nodes)+1, -2, -1
	}
	use := func(vs []graph.Value, at int) {
		for _, v := range vs {
			if v != graph.None {
				first[v], last[v] = min(first[v], at), max(last[v], at)
			}
		}
	}
	use(g.In, -1)
	for i, node := range g.Nodes {
		use(node.In, i)
		use(node.Out, i)
		for _, v := range node.Out {
			if v != graph.None {
				maker[v] = i
			}
		}
	}
	use(g.Out, len(g.Nodes))
	return first, last, maker
}

func (m *memory) width() float64 {
	return 2*margin + axisWidth + m.step*float64(len(m.p.Graph().Nodes)+2)
}
func (m *memory) height() float64      { return plotHeight + 60 }
func (m *memory) x(step int) float64   { return margin + axisWidth + m.step*float64(step+1) }
func (m *memory) y(offset int) float64 { return 10 + plotHeight*float64(offset)/float64(m.size) }

func (m *memory) draw(b *strings.Builder) {
	m.axes(b)
	for _, v := range m.values {
		x, w := m.x(v.first), m.step*float64(v.last-v.first+1)
		y, h := m.y(v.offset), plotHeight*float64(v.bytes)/float64(m.size)
		fmt.Fprintf(b, "<g><title>%s\n%s at %d, steps %d to %d</title><rect class=\"value %s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\"/>",
			html.EscapeString(v.name), size(v.bytes), v.offset, v.first, v.last, v.family, x+.5, y+.5, max(w-1, 1), max(h-1, 1))
		if text := size(v.bytes); h > 14 && w > float64(len(text))*6+6 {
			fmt.Fprintf(b, "<text class=\"in\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" dominant-baseline=\"central\">%s</text>", x+w/2, y+h/2, text)
		}
		b.WriteString("</g>\n")
	}
	mem := m.p.Memory()
	y := m.y(mem.Bound)
	fmt.Fprintf(b, "<line class=\"bound\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"><title>lower bound: %d bytes live at once</title></line>\n",
		m.x(-1), m.x(len(m.p.Graph().Nodes)+1), y, y, mem.Bound)
}

// axes draws steps below and offsets on the left.
func (m *memory) axes(b *strings.Builder) {
	n := len(m.p.Graph().Nodes)
	left, right, bottom := m.x(-1), m.x(n+1), m.y(m.size)
	const rows = 4
	for i := range rows + 1 {
		off := m.size * i / rows
		fmt.Fprintf(b, "<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/><text class=\"dim\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
			left, right, m.y(off), m.y(off), left-8, m.y(off)+4, size(off))
	}
	every := 1
	for m.step*float64(every) < 24 {
		every++
	}
	for i := 0; i < n; i += every {
		fmt.Fprintf(b, "<text class=\"dim\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%d</text>\n", m.x(i)+m.step/2, bottom+16, i)
	}
	fmt.Fprintf(b, "<text class=\"dim\" x=\"%.1f\" y=\"%.1f\">step of the plan; the dashed line is the most that lives at once</text>\n", left, bottom+36)
}
