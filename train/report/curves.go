package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// curve is a measure over the epochs: series[0] of training, series[1] of
// validation. What was not measured is NaN.
type curve struct {
	name   string
	series [2][]float64
}

var seriesNames = [2]string{"training", "validation"}

// A curve is drawn on a log scale if its largest value is logSpan times its
// smallest, and logMedian times its median: a linear scale would be empty but
// for the first epochs.
const (
	logSpan   = 20
	logMedian = 6
)

const rateName = "learning rate"

// Pixels of a plot.
const (
	plotWidth, plotHeight = 560.0, 270.0
	plotLeft, plotRight   = 56.0, 548.0
	plotTop, plotBottom   = 22.0, 228.0
)

// gather sorts the epochs' values by measure, in the order in which they are
// met. The learning rate is the last, if it changes.
func gather(es []Epoch) []*curve {
	var all []*curve
	get := func(name string) *curve {
		for _, c := range all {
			if c.name == name {
				return c
			}
		}
		c := &curve{name: name}
		for i := range c.series {
			c.series[i] = make([]float64, len(es))
			for k := range es {
				c.series[i][k] = math.NaN()
			}
		}
		all = append(all, c)
		return c
	}
	for k, e := range es {
		for _, v := range e.Values {
			name, of := strings.CutPrefix(v.Name, "val_")
			i := 0
			if of {
				i = 1
			}
			get(name).series[i][k] = drawable(v.Value)
		}
	}
	rate := false
	for _, e := range es {
		rate = rate || e.Rate != es[0].Rate
	}
	if rate {
		c := get(rateName)
		for k, e := range es {
			c.series[0][k] = drawable(e.Rate)
		}
	}
	return all
}

// drawable keeps values away from the ends of float64, where axes would overflow.
// What is too large is a gap.
func drawable(v float64) float64 {
	switch a := math.Abs(v); {
	case a > 1e300:
		return math.NaN()
	case a < 1e-300:
		return 0
	}
	return v
}

// curves draws how training went.
func (p *page) curves(r *Report) {
	if len(r.Epochs) == 0 {
		return
	}
	first, last := r.Epochs[0], r.Epochs[len(r.Epochs)-1]
	seconds, constant := 0.0, true
	for _, e := range r.Epochs {
		seconds += e.Seconds
		constant = constant && e.Rate == first.Rate
	}
	words := plural(len(r.Epochs), "epoch")
	if seconds > 0 {
		words += fmt.Sprintf(" in %s, %s each", duration(seconds), duration(seconds/float64(len(r.Epochs))))
	}
	if constant && first.Rate > 0 {
		words += fmt.Sprintf("; learning rate %v throughout", first.Rate)
	}
	if r.Best > 0 && r.Best != last.Epoch {
		words += fmt.Sprintf("; the weights of epoch %d were kept", r.Best)
	}
	p.section("Learning", words+".")
	p.WriteString("<div class=\"plots\">\n")
	all := gather(r.Epochs)
	for _, c := range all {
		p.curve(c, r)
	}
	p.WriteString("</div>\n")
	p.epochs(all, r)
	p.WriteString("</section>\n")
}

// curve draws one measure, with its values at the best epoch, else the last.
func (p *page) curve(c *curve, r *Report) {
	x, y := c.axes(r.Epochs)
	if y == nil {
		return
	}
	at := len(r.Epochs) - 1
	for k, e := range r.Epochs {
		if e.Epoch == r.Best {
			at = k
		}
	}
	p.f("<figure><figcaption><b>%s</b>", esc(c.name))
	label := fmt.Sprintf("%s over %s", c.name, plural(len(r.Epochs), "epoch"))
	for i, s := range c.series {
		if !finite(s) {
			continue
		}
		who := seriesNames[i]
		if c.name == rateName {
			who = ""
		}
		p.f("<span class=\"key\"><svg viewBox=\"0 0 26 10\" aria-hidden=\"true\"><path class=\"l %s\" d=\"M1 5H25\"/></svg>%s %s</span>", seriesClass(i), who, number(s[at]))
		label += fmt.Sprintf("; %s %s at epoch %d", who, number(s[at]), r.Epochs[at].Epoch)
	}
	if y.log {
		p.WriteString("<small>log scale</small>")
	}
	p.f("</figcaption>\n<svg viewBox=\"0 0 %g %g\" role=\"img\" aria-label=\"%s\"><title>%s</title>\n", plotWidth, plotHeight, esc(label), esc(label))
	p.frame(x, y, "epoch")
	if r.Best > 0 && r.Epochs[at].Epoch == r.Best {
		px, anchor := x.at(float64(r.Best)), "start"
		if px > (plotLeft+plotRight)/2 {
			anchor = "end"
		}
		p.f("<path class=\"best\" d=\"M%.1f %gV%g\"/><text class=\"on\" x=\"%.1f\" y=\"%g\" text-anchor=\"%s\">best: epoch %d</text>\n", px, plotTop, plotBottom, px, plotTop-7, anchor, r.Best)
	}
	for i, s := range c.series {
		p.line(s, r.Epochs, x, y, i, at)
	}
	p.WriteString("</svg></figure>\n")
}

func seriesClass(i int) string { return [2]string{"a", "b dash"}[i] }

func finite(s []float64) bool {
	for _, v := range s {
		if !math.IsNaN(v) {
			return true
		}
	}
	return false
}

// axes returns those of a curve; nil if it has no values.
func (c *curve) axes(es []Epoch) (x, y *axis) {
	lo, hi := math.Inf(1), math.Inf(-1)
	var all []float64
	for _, s := range c.series {
		for _, v := range s {
			if !math.IsNaN(v) {
				lo, hi = min(lo, v), max(hi, v)
				all = append(all, v)
			}
		}
	}
	if lo > hi {
		return nil, nil
	}
	slices.Sort(all)
	log := lo > 0 && hi >= logSpan*lo && hi >= logMedian*all[len(all)/2]
	y = newAxis(lo, hi, plotBottom, plotTop, log)
	first, last := math.Inf(1), math.Inf(-1)
	for _, e := range es {
		first, last = min(first, float64(e.Epoch)), max(last, float64(e.Epoch))
	}
	return epochAxis(first, last), y
}

// epochAxis has ticks at whole epochs.
func epochAxis(first, last float64) *axis {
	x := &axis{lo: first, hi: last, from: plotLeft + 6, to: plotRight - 6}
	if first == last {
		x.lo, x.hi = first-1, first+1
	}
	step := 1.0
	for k := 0; (last-first)/step > 12; k++ {
		step *= []float64{2, 2.5, 2}[k%3]
	}
	x.ticks = []tick{{first, fmt.Sprint(first)}}
	for v := step * math.Ceil((first+0.75*step)/step); v <= last; v += step {
		x.ticks = append(x.ticks, tick{v, fmt.Sprint(v)})
	}
	return x
}

// frame draws the axes and their numbers.
func (p *page) frame(x, y *axis, under string) {
	for _, t := range y.ticks {
		py := y.at(t.at)
		p.f("<path class=\"grid\" d=\"M%g %.1fH%g\"/><text x=\"%g\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", plotLeft, py, plotRight, plotLeft-8, py+4, t.text)
	}
	for _, t := range x.ticks {
		p.f("<text x=\"%.1f\" y=\"%g\" text-anchor=\"middle\">%s</text>\n", x.at(t.at), plotBottom+18, t.text)
	}
	p.f("<path class=\"axis\" d=\"M%g %gH%g\"/><text x=\"%g\" y=\"%g\" text-anchor=\"middle\">%s</text>\n", plotLeft, plotBottom, plotRight, (plotLeft+plotRight)/2, plotBottom+36, under)
}

// line draws a series: points where there are few or where a value stands alone,
// and one at epoch number at.
func (p *page) line(s []float64, es []Epoch, x, y *axis, series, at int) {
	var d strings.Builder
	pen := byte('M')
	for k, v := range s {
		if math.IsNaN(v) {
			pen = 'M'
			continue
		}
		fmt.Fprintf(&d, "%c%.1f %.1f", pen, x.at(float64(es[k].Epoch)), y.at(v))
		pen = 'L'
	}
	if d.Len() == 0 {
		return
	}
	p.f("<path class=\"l %s\" d=\"%s\"/>\n", seriesClass(series), d.String())
	for k, v := range s {
		alone := (k == 0 || math.IsNaN(s[k-1])) && (k == len(s)-1 || math.IsNaN(s[k+1]))
		if !math.IsNaN(v) && (alone || k == at || len(s) <= 25) {
			radius := 2.2
			if k == at {
				radius = 4
			}
			p.f("<circle class=\"p %c\" cx=\"%.1f\" cy=\"%.1f\" r=\"%g\"><title>epoch %d: %s</title></circle>\n", "ab"[series], x.at(float64(es[k].Epoch)), y.at(v), radius, es[k].Epoch, number(v))
		}
	}
}

// maxRows is about how many epochs the table of epochs shows.
const maxRows = 100

// epochs is the table behind the curves.
func (p *page) epochs(all []*curve, r *Report) {
	every := (len(r.Epochs) + maxRows - 1) / maxRows
	p.WriteString("<details><summary>The numbers</summary><div class=\"scroll\"><table><thead><tr><th class=\"n\">epoch</th>")
	for _, c := range all {
		for i, s := range c.series {
			switch {
			case !finite(s):
			case i == 1:
				p.f("<th class=\"n\">validation %s</th>", esc(c.name))
			default:
				p.f("<th class=\"n\">%s</th>", esc(c.name))
			}
		}
	}
	p.WriteString("<th class=\"n\">seconds</th></tr></thead><tbody>\n")
	for k, e := range r.Epochs {
		if k%every != 0 && k != len(r.Epochs)-1 && e.Epoch != r.Best {
			continue
		}
		mark := ""
		if e.Epoch == r.Best {
			mark = "best "
		}
		p.f("<tr><th class=\"n\">%s%d</th>", mark, e.Epoch)
		for _, c := range all {
			for _, s := range c.series {
				if finite(s) {
					p.f("<td class=\"n\">%s</td>", number(s[k]))
				}
			}
		}
		p.f("<td class=\"n\">%s</td></tr>\n", number(e.Seconds))
	}
	p.WriteString("</tbody></table></div></details>\n")
}
