package report

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/edgeinfer/edgeinfer/metrics"
)

const (
	maxSmall = 12 // classes of which cells have counts and shares
	maxTable = 40 // classes of which the matrix is a table; beyond, it is a picture
	maxPairs = 12 // rows of the most common confusions; half of it if few classes
)

// names returns the classes' names; numbers where they are missing.
func (r *Report) names() []string {
	out := make([]string, len(r.Confusion))
	for i := range out {
		out[i] = strconv.Itoa(i)
		if i < len(r.Classes) && r.Classes[i] != "" {
			out[i] = r.Classes[i]
		}
	}
	return out
}

// classes shows how well classes are told apart.
func (p *page) classes(r *Report) {
	n := len(r.Confusion)
	if n == 0 {
		return
	}
	c := &metrics.Confusion{Counts: r.Confusion}
	names := r.names()
	p.section("Classes", fmt.Sprintf("%s of %s. Rows are what samples are, columns what they were taken for; colours are shares of the row.",
		plural(c.Samples(), "sample"), plural(n, "class")))
	p.WriteString("<div class=\"split\">\n")
	if n <= maxTable {
		p.matrix(c.Counts, names)
	} else {
		p.heat(c.Counts, names)
	}
	if n <= maxSmall { // the tables are beside the matrix
		p.WriteString("<div class=\"stack\">\n")
	}
	p.perClass(c, names)
	if n > 2 {
		p.pairs(c.Counts, names)
	}
	if n <= maxSmall {
		p.WriteString("</div>\n")
	}
	p.WriteString("</div></section>\n")
}

// matrix is a table: counts and shares up to 12 classes, beyond them shares, or
// counts if all are short; the rest is in the cell's title.
func (p *page) matrix(m [][]int, names []string) {
	size, counts, room := matrixSize(m)
	turn := ""
	for _, name := range names {
		if utf8.RuneCountInString(name) > room {
			turn = " class=\"up\""
		}
	}
	what := "samples"
	if !counts {
		what = "percent of the row"
	}
	p.f("<div class=\"scroll\"><table class=\"matrix %s\"><caption>Confusion matrix: %s</caption><thead><tr><th></th>", size, what)
	for _, name := range names {
		p.f("<th class=\"col\" scope=\"col\" title=\"%s\"><span%s>%s</span></th>", esc(name), turn, esc(name))
	}
	p.WriteString("</tr></thead><tbody>\n")
	for t, row := range m {
		p.f("<tr><th class=\"name\" scope=\"row\" title=\"%s\">%s</th>", esc(names[t]), esc(names[t]))
		total := sum(row)
		for k, count := range row {
			if count == 0 {
				p.WriteString("<td></td>")
				continue
			}
			p.cell(count, total, names[t], names[k], t == k, counts, len(m) <= maxSmall)
		}
		p.WriteString("</tr>\n")
	}
	p.WriteString("</tbody></table></div>\n")
}

// cell is one of the matrix: count of total samples.
func (p *page) cell(count, total int, truth, taken string, right, counts, both bool) {
	share := ratio(count, total)
	text := strconv.Itoa(count)
	switch {
	case both:
		text += "<small>" + esc(shortPercent(share)) + "</small>"
	case !counts:
		text = esc(strings.TrimSuffix(shortPercent(share), "\u202f%"))
	}
	p.f("<td class=\"%s\" title=\"%s taken for %s: %d of %d, %s\">%s</td>", shade(share, right), esc(truth), esc(taken), count, total, percent(share), text)
}

// matrixSize returns the class of a matrix's look, whether its cells have room
// for counts, and how many letters fit across a column.
func matrixSize(m [][]int) (size string, counts bool, letters int) {
	switch n := len(m); {
	case n > 25:
		return "small", largest(m) < 100, 2
	case n > maxSmall:
		return "mid", largest(m) < 1000, 4
	case n <= 4:
		return "m big", true, 15
	}
	return "m", true, 6
}

// shortPercent rounds to whole percents, which never say all or none of what is
// only nearly so.
func shortPercent(x float64) string {
	n := int(100*x + 0.5)
	switch {
	case n == 100 && x < 1:
		n = 99
	case n == 0 && x > 0:
		return "<1\u202f%"
	}
	return strconv.Itoa(n) + "\u202f%"
}

// shade returns the class of a share's colour, in ten steps. Mistakes are
// stronger than their share, for most are small.
func shade(share float64, right bool) string {
	if right {
		return "g" + strconv.Itoa(max(1, int(10*share)))
	}
	return "r" + strconv.Itoa(min(10, 1+int(18*share)))
}

func sum(xs []int) (n int) {
	for _, x := range xs {
		n += x
	}
	return n
}

func largest(m [][]int) (n int) {
	for _, row := range m {
		n = max(n, slices.Max(row))
	}
	return n
}

// heat is a picture of the matrix, for many classes: one path for each shade.
func (p *page) heat(m [][]int, names []string) {
	const side, left, top = 760.0, 150.0, 8.0
	cell := side / float64(len(m))
	label := fmt.Sprintf("Confusion matrix of %d classes", len(m))
	p.f("<figure style=\"width:920px\"><figcaption>%s; the tables below have names and numbers</figcaption><svg viewBox=\"0 0 %g %g\" role=\"img\" aria-label=\"%s\"><title>%s</title>\n<rect class=\"back\" x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\"/>\n",
		label, left+side, side+2*top, label, label, left, top, side, side)
	paths := map[string]*strings.Builder{}
	for t, row := range m {
		total := sum(row)
		for k, count := range row {
			if count > 0 {
				s := shade(ratio(count, total), t == k)
				if paths[s] == nil {
					paths[s] = new(strings.Builder)
				}
				fmt.Fprintf(paths[s], "M%.1f %.1fh%.1fv%.1fh-%.1fz", left+cell*float64(k), top+cell*float64(t), cell, cell, cell)
			}
		}
	}
	for _, s := range sortedKeys(paths) {
		p.f("<path class=\"%c %s\" d=\"%s\"/>\n", s[0], s, paths[s].String())
	}
	every := 1
	for cell*float64(every) < 15 {
		every++
	}
	for t := 0; t < len(m); t += every {
		p.f("<text x=\"%g\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", left-8, top+cell*(float64(t)+0.5)+4, esc(shorten(names[t], 20)))
	}
	p.WriteString("</svg></figure>\n")
}

func sortedKeys(m map[string]*strings.Builder) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// shorten cuts text after n runes.
func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}

// pairs lists the most common confusions.
func (p *page) pairs(m [][]int, names []string) {
	type pair struct{ truth, taken, count int }
	var all []pair
	for t, row := range m {
		for k, count := range row {
			if t != k && count > 0 {
				all = append(all, pair{t, k, count})
			}
		}
	}
	if len(all) == 0 {
		return
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].count > all[j].count })
	p.WriteString("<table><caption>Most common confusions</caption><thead><tr><th>is</th><th>was taken for</th><th class=\"n\">samples</th><th class=\"n\">of the class</th></tr></thead><tbody>\n")
	rows := maxPairs
	if len(m) <= maxSmall {
		rows /= 2
	}
	for _, x := range all[:min(len(all), rows)] {
		p.f("<tr>%s%s<td class=\"n\">%s</td><td class=\"n\">%s</td></tr>\n", nameCell("td", names[x.truth]), nameCell("td", names[x.taken]), grouped(int64(x.count)), percent(ratio(x.count, sum(m[x.truth]))))
	}
	p.WriteString("</tbody></table>\n")
}

// nameCell is a cell with a name.
func nameCell(element, name string) string {
	return fmt.Sprintf("<%s class=\"name\">%s</%s>", element, esc(name), element)
}

// perClass is a table of each class's figures.
func (p *page) perClass(c *metrics.Confusion, names []string) {
	p.WriteString("<div class=\"scroll\"><table><caption>Each class</caption><thead><tr><th>class</th><th class=\"n\">precision</th><th class=\"n\">recall</th><th class=\"n\">F1</th><th class=\"n\">samples</th><th>most often taken for</th></tr></thead><tbody>\n")
	for i, row := range c.Counts {
		x := c.Class(i)
		p.f("<tr>%s", strings.Replace(nameCell("th", names[i]), "<th", "<th scope=\"row\"", 1))
		for _, v := range []float64{x.Precision, x.Recall, x.F1} {
			p.f("<td class=\"n bar\" style=\"--v:%.1f%%\">%s</td>", 100*v, percent(v))
		}
		p.f("<td class=\"n\">%s</td><td class=\"name\">%s</td></tr>\n", grouped(int64(x.Support)), takenFor(row, i, names))
	}
	p.f("</tbody><tfoot><tr><th>all</th><td class=\"n\" colspan=\"2\">balanced %s</td><td class=\"n\">%s</td><td class=\"n\">%s</td><td>accuracy %s</td></tr></tfoot></table></div>\n",
		percent(c.Balanced()), percent(c.MacroF1()), grouped(int64(c.Samples())), percent(c.Accuracy()))
}

// takenFor tells, escaped, for which other class samples of class i are taken most
// often.
func takenFor(row []int, i int, names []string) string {
	best := -1
	for k, count := range row {
		if k != i && count > 0 && (best < 0 || count > row[best]) {
			best = k
		}
	}
	if best < 0 {
		return ""
	}
	return fmt.Sprintf("%s (%s)", esc(names[best]), grouped(int64(row[best])))
}
