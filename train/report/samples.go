package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
)

// Limits of what is drawn of a sample.
const (
	maxChannels = 6
	maxText     = 220 // runes
)

// kind returns how a sample is shown, by its shape where that is left open; Auto
// if its shape does not suit its kind.
func (s *Sample) kind() Kind {
	last := 0
	if len(s.Shape) > 0 {
		last = s.Shape[len(s.Shape)-1]
	}
	deep, one := len(s.Shape) == 3 && (last == 1 || last == 3), len(s.Shape) == 3 && last == 1
	flat := len(s.Shape) == 2
	switch s.Kind {
	case Auto:
		switch {
		case s.Text != "":
			return Text
		case deep:
			return Picture
		case flat:
			return Lines
		}
		return Auto
	case Picture:
		if deep || flat {
			return Picture
		}
	case Lines:
		if flat || len(s.Shape) == 1 {
			return Lines
		}
	case Spectrogram:
		if flat || one {
			return Spectrogram
		}
	case Text:
		return Text
	}
	return Auto
}

// mistakes shows samples that were taken for something else, the surest first.
func (p *page) mistakes(all []Sample) {
	if len(all) == 0 {
		return
	}
	worst := slices.Clone(all)
	sort.SliceStable(worst, func(i, j int) bool { return cmp.Less(worst[j].Probability, worst[i].Probability) })
	words := "Those of which the model was surest come first."
	if math.IsNaN(worst[0].Probability) { // the greatest: none is known
		words = "The worst come first."
	}
	if len(worst) > MaxMistakes {
		words = fmt.Sprintf("The %d of %s of which the model was surest.", MaxMistakes, grouped(int64(len(worst))))
		worst = worst[:MaxMistakes]
	}
	p.section("Worst mistakes", words)
	p.WriteString("<ul class=\"cards\">\n")
	for i := range worst {
		p.card(&worst[i])
	}
	p.WriteString("</ul></section>\n")
}

func (p *page) card(s *Sample) {
	p.WriteString("<li>")
	if s.kind() == Text || len(s.Values) > 0 && s.kind() != Auto {
		class := "show"
		if s.kind() == Text {
			class = "show words"
		}
		p.f("<div class=\"%s\">", class)
		p.show(s)
		p.WriteString("</div>")
	}
	probability := ""
	if !math.IsNaN(s.Probability) {
		probability = " <span class=\"dim\">" + percent(s.Probability) + "</span>"
	}
	p.f("<div class=\"is\">is <b>%s</b><br/>taken for <span class=\"no\">%s</span>%s<span class=\"file\">%s</span></div></li>\n", esc(s.Truth), esc(s.Predicted), probability, esc(s.Name))
}

// show draws a sample's values.
func (p *page) show(s *Sample) {
	about := fmt.Sprintf("%s: is %s, taken for %s", s.Name, s.Truth, s.Predicted)
	switch s.kind() {
	case Text:
		p.f("<blockquote>%s</blockquote>", esc(shorten(s.Text, maxText)))
	case Lines:
		p.sequence(s, about)
	default:
		uri, small := s.picture()
		class := "large"
		if small {
			class = "small"
		}
		if s.kind() == Spectrogram {
			class += " whole"
		}
		p.f("<img class=\"%s\" alt=\"%s\" src=\"%s\"/>", class, esc(about), uri)
	}
}

// span returns the least and the largest finite value; 0 and 1 if there is none.
func (s *Sample) span() (lo, hi float64) {
	if s.Low != 0 || s.High != 0 {
		return float64(s.Low), float64(s.High)
	}
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, v := range s.Values {
		if x := float64(v); !math.IsNaN(x) && !math.IsInf(x, 0) {
			lo, hi = min(lo, x), max(hi, x)
		}
	}
	if lo > hi {
		return 0, 1
	}
	return lo, hi
}

// sequence draws a line for each channel, all on one scale.
func (p *page) sequence(s *Sample, about string) {
	const width, height = 240.0, 150.0
	t, c := s.Shape[0], 1
	if len(s.Shape) > 1 {
		c = s.Shape[1]
	}
	lo, hi := s.span()
	if lo == hi {
		lo, hi = lo-1, hi+1
	}
	shown := ""
	if c > maxChannels {
		shown = fmt.Sprintf("; the first %d of %d channels", maxChannels, c)
	}
	p.f("<svg class=\"thin\" viewBox=\"0 0 %g %g\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"%s\"><title>%s; from %s to %s%s</title>", width, height, esc(about), esc(about), number(lo), number(hi), shown)
	for k := range min(c, maxChannels) {
		x := &axis{lo: 0, hi: float64(max(t-1, 1)), from: 2, to: width - 2}
		y := &axis{lo: lo, hi: hi, from: height - 4, to: 4}
		p.f("<path class=\"l %c\" d=\"%s\"/>", "abcdef"[k], s.channel(k, t, c, x, y))
	}
	p.WriteString("</svg>")
}

// channel returns the path of channel k of c. Of more than 240 steps it takes
// the least and the largest of each of 120 parts.
func (s *Sample) channel(k, t, c int, x, y *axis) string {
	var d strings.Builder
	pen := byte('M')
	point := func(i int) {
		v := float64(s.Values[i*c+k])
		if math.IsNaN(v) || math.IsInf(v, 0) {
			pen = 'M'
			return
		}
		fmt.Fprintf(&d, "%c%.1f %.1f", pen, x.at(float64(i)), y.at(min(max(v, y.lo), y.hi)))
		pen = 'L'
	}
	const parts = 120
	if t <= 2*parts {
		for i := range t {
			point(i)
		}
		return d.String()
	}
	for part := range parts {
		from, to := cut(part, parts, t), cut(part+1, parts, t)
		least, largest := from, from
		for i := from; i < to; i++ {
			if s.Values[i*c+k] < s.Values[least*c+k] {
				least = i
			}
			if s.Values[i*c+k] > s.Values[largest*c+k] {
				largest = i
			}
		}
		point(min(least, largest))
		if least != largest {
			point(max(least, largest))
		}
	}
	return d.String()
}
