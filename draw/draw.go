// Package draw makes pictures of plans: the graph in layers, and the memory
// plan over time. They are self-contained, and follow the reader's choice of a
// dark or a light look.
package draw

import (
	"fmt"
	"html"
	"io"
	"strings"

	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
)

const margin = 24.0 // around each picture, in pixels

// SVG writes one picture: the memory plan, and the graph below it.
func SVG(w io.Writer, p *runtime.Plan, title string) error {
	m, g := newMemory(p), newLayers(p)
	width := max(m.width(), g.width)
	top := m.height() + 90
	var b strings.Builder
	open(&b, width, top+g.height, title)
	fmt.Fprintf(&b, "<rect class=\"page\" width=\"100%%\" height=\"100%%\"/><text class=\"h\" x=\"%g\" y=\"32\">%s</text>\n", margin, html.EscapeString(title))
	fmt.Fprintf(&b, "<text class=\"sub\" x=\"%g\" y=\"52\">%s</text>\n", margin, html.EscapeString(summary(p)))
	fmt.Fprintf(&b, "<g transform=\"translate(0 64)\">\n")
	m.draw(&b)
	fmt.Fprintf(&b, "</g><g transform=\"translate(%g %g)\">\n", (width-g.width)/2, top)
	g.draw(&b)
	b.WriteString("</g></svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// HTML writes a page with both pictures and a table of the nodes.
func HTML(w io.Writer, p *runtime.Plan, title string) error {
	m, g := newMemory(p), newLayers(p)
	var b strings.Builder
	t := html.EscapeString(title)
	fmt.Fprintf(&b, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>%s</title>\n<style>%s%s</style></head>\n<body><h1>%s</h1><p class=\"sub\">%s</p>\n", t, style, pageStyle, t, html.EscapeString(summary(p)))
	b.WriteString("<h2>Memory over time</h2><p class=\"sub\">Each rectangle is a value: from the step that makes it to the last that reads it, at its place in the arena.</p><figure>\n")
	open(&b, m.width(), m.height(), "memory plan")
	m.draw(&b)
	b.WriteString("</svg></figure>\n<h2>Graph</h2><figure>\n")
	open(&b, g.width, g.height, "graph")
	g.draw(&b)
	b.WriteString("</svg></figure>\n<h2>Nodes</h2>\n")
	nodeTable(&b, p)
	b.WriteString("</body></html>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// open begins a picture. Its style is inside, for pictures that stand alone.
func open(b *strings.Builder, w, h float64, label string) {
	fmt.Fprintf(b, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%g\" height=\"%g\" viewBox=\"0 0 %g %g\" role=\"img\" aria-label=\"%s\">\n<style>%s</style>\n",
		w, h, w, h, html.EscapeString(label), style)
}

func summary(p *runtime.Plan) string {
	m := p.Memory()
	return fmt.Sprintf("%d nodes · %s MACs · arena %s, at least %s · scratch %s · packed weights %s · %s kernels",
		len(p.Graph().Nodes), count(p.MACs()), size(m.Arena), size(m.Bound), size(m.Scratch+m.PerWorker), size(m.Packed), p.Kernels().Name)
}

func nodeTable(b *strings.Builder, p *runtime.Plan) {
	b.WriteString("<table><tr><th>node<th>operator<th>kernel<th>output<th class=\"n\">MACs<th class=\"n\">arena<th>name</tr>\n")
	g := p.Graph()
	for i := range g.Nodes {
		n := &g.Nodes[i]
		out, place := "", ""
		if len(n.Out) > 0 {
			t := g.Values[n.Out[0]].Type
			out = t.DType.String() + dims(t.Shape)
			if off, bytes, ok := p.Extent(n.Out[0]); ok {
				place = fmt.Sprintf("%d+%d", off, bytes)
			}
		}
		fmt.Fprintf(b, "<tr><td>%d<td><i class=\"dot %s\"></i>%s<td>%s<td>%s<td class=\"n\">%s<td class=\"n\">%s<td class=\"name\">%s</tr>\n", i, family(graph.Name(n.Op), p.NodeMACs(i)),
			html.EscapeString(graph.Name(n.Op)), html.EscapeString(p.Kernel(i)), html.EscapeString(out), count(p.NodeMACs(i)), place, html.EscapeString(n.Label))
	}
	b.WriteString("</table>\n")
}
