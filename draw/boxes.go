package draw

import (
	"fmt"
	"html"
	"strings"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
)

// nodeBox returns the box of node i.
func (l *layers) nodeBox(i int) *box {
	g := l.p.Graph()
	n := &g.Nodes[i]
	b := &box{text: fmt.Sprintf("%d %s", i, graph.Name(n.Op)), family: family(graph.Name(n.Op), l.p.NodeMACs(i))}
	lines := []string{n.String(), "kernel " + l.p.Kernel(i)}
	if macs := l.p.NodeMACs(i); macs > 0 {
		lines = append(lines, count(macs)+" MACs")
	}
	for k, v := range n.Out {
		if v == graph.None {
			continue
		}
		t := g.Values[v].Type
		if k == 0 {
			b.detail = t.DType.String() + dims(t.Shape)
		}
		lines = append(lines, fmt.Sprintf("%q %s", g.Values[v].Name, t))
	}
	b.tip = strings.Join(lines, "\n")
	return b
}

// portBox returns the box of an input or output.
func (l *layers) portBox(kind string, i int, v graph.Value) *box {
	info := l.p.Graph().Values[v]
	return &box{
		text: fmt.Sprintf("%s %d", kind, i), family: "io",
		detail: info.Type.DType.String() + dims(info.Type.Shape),
		tip:    fmt.Sprintf("%q %s", info.Name, info.Type),
	}
}

func (l *layers) draw(b *strings.Builder) {
	for _, e := range l.edges {
		fmt.Fprintf(b, "<path class=\"edge\" d=\"%s\"/>\n", e.path())
	}
	for _, x := range l.boxes {
		left, top := x.x-x.w/2, x.y()
		fmt.Fprintf(b, "<g><title>%s</title><rect class=\"%s box\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%g\" rx=\"6\"/>", html.EscapeString(x.tip), x.family, left, top, x.w, boxHeight)
		fmt.Fprintf(b, "<rect class=\"%s bar\" x=\"%.1f\" y=\"%.1f\" width=\"4\" height=\"%g\" rx=\"2\"/>", x.family, left, top, boxHeight)
		fmt.Fprintf(b, "<text class=\"op\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text>", x.x+2, top+17, html.EscapeString(x.text))
		fmt.Fprintf(b, "<text class=\"dim\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">%s</text></g>\n", x.x+2, top+32, html.EscapeString(x.detail))
	}
}

func (x *box) y() float64 { return margin + rowHeight*float64(x.row) }

// path returns the curve of an edge: from the bottom of its first box to the
// top of its last, upright at every row.
func (e edge) path() string {
	var s strings.Builder
	fmt.Fprintf(&s, "M%.1f %.1f", e[0].x, e[0].y()+boxHeight)
	for i := 1; i < len(e); i++ {
		from, to := e[i-1], e[i]
		y0, y1 := from.y()+boxHeight, to.y()
		mid := (y0 + y1) / 2
		fmt.Fprintf(&s, "C%.1f %.1f %.1f %.1f %.1f %.1f", from.x, mid, to.x, mid, to.x, y1)
		if to.bend() {
			fmt.Fprintf(&s, "V%.1f", y1+boxHeight)
		}
	}
	return s.String()
}
