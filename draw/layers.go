package draw

import (
	"cmp"
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
)

// layers is a layered drawing of a graph, in the manner of Sugiyama: each box
// lies below all that it reads; edges that skip layers pass through bends,
// which take a place in each layer; orders within layers bring neighbours
// together.
type layers struct {
	p             *runtime.Plan
	boxes         []*box
	rows          [][]*box
	edges         []edge
	width, height float64
}

// box is a node, an input, an output, or the bend of an edge (no text).
type box struct {
	text, detail, tip, family string

	row      int
	x        float64 // centre
	w        float64
	up, down []*box
}

func (x *box) bend() bool { return x.text == "" }

// weight says how much a box's wish counts against its neighbours': edges make
// way for boxes.
func (x *box) weight() float64 {
	if x.bend() {
		return 0.02
	}
	return 1
}

// edge is a chain of boxes: two, or more with bends between.
type edge []*box

const (
	boxHeight = 40.0
	rowHeight = 66.0
	gap       = 16.0 // between boxes of a row
	bendWidth = 10.0
	maxBends  = 20_000 // beyond which long edges are drawn straight
)

func newLayers(p *runtime.Plan) *layers {
	l := &layers{p: p}
	l.build()
	l.assignRows()
	l.bendEdges()
	l.order()
	l.place()
	return l
}

// build makes boxes and edges.
func (l *layers) build() {
	g := l.p.Graph()
	from := make([]*box, len(g.Values)) // the box that a value comes from
	for i, v := range g.In {
		from[v] = l.add(l.portBox("input", i, v))
	}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		b := l.add(l.nodeBox(i))
		for _, v := range n.In {
			if v != graph.None {
				l.connect(from[v], b)
			}
		}
		for _, v := range n.Out {
			if v != graph.None {
				from[v] = b
			}
		}
	}
	for i, v := range g.Out {
		l.connect(from[v], l.add(l.portBox("output", i, v)))
	}
}

func (l *layers) add(b *box) *box {
	b.w = max(96, 7.8*float64(len(b.text))+20, 6.6*float64(len([]rune(b.detail)))+20)
	l.boxes = append(l.boxes, b)
	return b
}

// connect adds an edge, once for each pair.
func (l *layers) connect(a, b *box) {
	if a != nil && !slices.Contains(a.down, b) { // nil: a constant or variable
		a.down, b.up = append(a.down, b), append(b.up, a)
	}
}

// assignRows puts each box one row below the lowest that it reads. Boxes are in
// the order of execution.
func (l *layers) assignRows() {
	last := 0
	for _, b := range l.boxes {
		for _, u := range b.up {
			b.row = max(b.row, u.row+1)
		}
		last = max(last, b.row)
	}
	l.rows = make([][]*box, last+1)
	for _, b := range l.boxes {
		l.rows[b.row] = append(l.rows[b.row], b)
	}
}

// bendEdges splits edges that skip rows.
func (l *layers) bendEdges() {
	bends := 0
	for _, b := range l.boxes {
		for i, d := range b.down {
			e := edge{b}
			if span := d.row - b.row - 1; bends+span <= maxBends {
				bends += span
				for r := b.row + 1; r < d.row; r++ {
					x := &box{row: r, w: bendWidth}
					l.rows[r] = append(l.rows[r], x)
					e = append(e, x)
				}
			}
			e = append(e, d)
			l.edges = append(l.edges, e)
			if len(e) > 2 {
				b.down[i] = e[1]
				d.up[slices.Index(d.up, b)] = e[len(e)-2]
				for k := 1; k < len(e)-1; k++ {
					e[k].up, e[k].down = []*box{e[k-1]}, []*box{e[k+1]}
				}
			}
		}
	}
}

// order sorts each row by the mean position of its neighbours above, then
// below, a few times.
func (l *layers) order() {
	at := map[*box]float64{}
	number := func(row []*box) {
		for i, b := range row {
			at[b] = float64(i) - float64(len(row)-1)/2
		}
	}
	for _, row := range l.rows {
		number(row)
	}
	for pass := range 6 {
		for k := range l.rows {
			row := l.rows[k]
			near := func(b *box) []*box { return b.up }
			if pass%2 == 1 {
				row = l.rows[len(l.rows)-1-k]
				near = func(b *box) []*box { return b.down }
			}
			slices.SortStableFunc(row, func(a, b *box) int {
				return cmp.Compare(mean(near(a), at, at[a]), mean(near(b), at, at[b]))
			})
			number(row)
		}
	}
}

func mean(bs []*box, at map[*box]float64, none float64) float64 {
	if len(bs) == 0 {
		return none
	}
	sum := 0.0
	for _, b := range bs {
		sum += at[b]
	}
	return sum / float64(len(bs))
}

// place gives boxes their x: near their neighbours, without overlap, in their
// row's order.
func (l *layers) place() {
	for _, row := range l.rows {
		spread(row, func(*box) float64 { return 0 })
	}
	for pass := range 12 {
		for k := range l.rows {
			if pass%2 == 0 {
				spread(l.rows[k], func(b *box) float64 { return middle(b.up, b.x) })
			} else {
				spread(l.rows[len(l.rows)-1-k], func(b *box) float64 { return middle(b.down, b.x) })
			}
		}
	}
	left, right := math.Inf(1), math.Inf(-1)
	for _, row := range l.rows {
		for _, b := range row {
			left, right = min(left, b.x-b.w/2), max(right, b.x+b.w/2)
		}
	}
	for _, row := range l.rows {
		for _, b := range row {
			b.x += margin - left
		}
	}
	l.width, l.height = max(right-left, 0)+2*margin, rowHeight*float64(len(l.rows)-1)+boxHeight+2*margin
}

// middle prefers boxes to bends, so that a chain of boxes stays straight and
// what skips past it goes around.
func middle(bs []*box, none float64) float64 {
	for _, bends := range []bool{false, true} {
		sum, n := 0.0, 0
		for _, b := range bs {
			if b.bend() == bends {
				sum, n = sum+b.x, n+1
			}
		}
		if n > 0 {
			return sum / float64(n)
		}
	}
	return none
}

// spread moves a row's boxes to where they want to be, as nearly as their order
// and widths allow: those that collide form a cluster around the mean of their
// wishes.
func spread(row []*box, want func(*box) float64) {
	type cluster struct {
		from, n     int
		at          float64 // centre of the first box
		sum, weight float64 // of its wishes
		boxWidth    float64 // from the first centre to the last
	}
	var cs []cluster
	for i, b := range row {
		w := want(b)
		c := cluster{from: i, n: 1, at: w, sum: w * b.weight(), weight: b.weight()}
		for len(cs) > 0 {
			p := cs[len(cs)-1]
			last, first := row[c.from-1], row[c.from]
			apart := (last.w+first.w)/2 + gap
			if p.at+p.boxWidth+apart <= c.at {
				break
			}
			shift := p.boxWidth + apart // of c's first box from p's first
			p.sum += c.sum - shift*c.weight
			p.weight += c.weight
			p.n += c.n
			p.boxWidth = shift + c.boxWidth
			p.at = p.sum / p.weight
			c, cs = p, cs[:len(cs)-1]
		}
		cs = append(cs, c)
	}
	for _, c := range cs {
		x := c.at
		for i := c.from; i < c.from+c.n; i++ {
			if i > c.from {
				x += (row[i-1].w+row[i].w)/2 + gap
			}
			row[i].x = x
		}
	}
}
