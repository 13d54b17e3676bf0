package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// element is one of a page that was read.
type element struct {
	name  string
	attrs map[string]string
}

// read returns a page's elements and its text. It fails if the page is not well
// formed.
func read(t *testing.T, page string) (all []element, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	var words strings.Builder
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return all, words.String()
		}
		require.NoError(t, err)
		switch x := tok.(type) {
		case xml.StartElement:
			e := element{x.Name.Local, map[string]string{}}
			for _, a := range x.Attr {
				e.attrs[a.Name.Local] = a.Value
			}
			all = append(all, e)
		case xml.CharData:
			words.Write(x)
			words.WriteByte('|')
		}
	}
}

func write(t *testing.T, r *Report) (page string, all []element, text string) {
	t.Helper()
	var b strings.Builder
	require.NoError(t, Write(&b, r))
	all, text = read(t, b.String())
	assertAlone(t, all)
	return b.String(), all, text
}

// assertAlone holds that a page runs nothing, asks for nothing and draws no
// number that is none.
func assertAlone(t *testing.T, all []element) {
	t.Helper()
	for _, e := range all {
		assert.NotContains(t, []string{"script", "link", "iframe", "object", "embed", "a", "base", "form", "use"}, e.name)
		for name, value := range e.attrs {
			assert.False(t, strings.HasPrefix(name, "on") || name == "href", "%s of %s", name, e.name)
			switch name {
			case "src":
				assert.True(t, strings.HasPrefix(value, "data:image/png;base64,"))
			case "d", "x", "y", "cx", "cy", "r", "width", "height", "style":
				assert.NotContains(t, value, "NaN")
				assert.NotContains(t, value, "Inf")
				assert.NotContains(t, value, "url")
			}
		}
	}
	assert.NotContains(t, style, "url(")
	assert.NotContains(t, style, "@import")
}

func count(all []element, name string) (n int) {
	for _, e := range all {
		if e.name == name {
			n++
		}
	}
	return n
}

// classes returns a report of n classes, each of which is taken for the next
// once.
func classes(n int) *Report {
	r := &Report{Title: "run", Confusion: make([][]int, n)}
	for i := range n {
		r.Classes = append(r.Classes, fmt.Sprintf("class-%d-of", i))
		r.Confusion[i] = make([]int, n)
		r.Confusion[i][i] += 9
		r.Confusion[i][(i+1)%n]++
	}
	return r
}

func TestEmpty(t *testing.T) {
	_, all, text := write(t, &Report{Title: "nothing"})
	assert.Contains(t, text, "nothing")
	assert.Zero(t, count(all, "section"))
	assert.Zero(t, count(all, "svg"))
}

func TestEveryClassIsNamed(t *testing.T) {
	for _, n := range []int{1, 2, 3, 12, 13, 25, 26, 40, 41, 200} {
		r := classes(n)
		_, all, text := write(t, r)
		for _, name := range r.Classes {
			require.Contains(t, text, "|"+name+"|", "%d classes", n)
		}
		cells := 0
		for _, e := range all {
			if strings.HasSuffix(e.attrs["title"], "%") && strings.Contains(e.attrs["title"], " taken for ") {
				cells++
			}
		}
		switch {
		case n == 1:
			assert.Equal(t, 1, cells)
		case n <= maxTable:
			assert.Equal(t, 2*n, cells, "cells that count something, of %d classes", n)
		default:
			assert.Zero(t, cells)
			assert.Equal(t, 1, count(all, "svg"))
		}
	}
}

func TestClassFigures(t *testing.T) {
	r := &Report{Classes: []string{"off"}, Confusion: [][]int{{90, 10, 0}, {0, 50, 50}, {0, 0, 0}}}
	page, _, text := write(t, r)
	assert.Contains(t, text, "200 samples of 3 classes")
	assert.Contains(t, page, "title=\"off taken for 1: 10 of 100, 10.0\u202f%\">10<small>10\u202f%</small>")
	assert.Contains(t, page, "<th scope=\"row\" class=\"name\">off</th><td class=\"n bar\" style=\"--v:100.0%\">100.0\u202f%</td><td class=\"n bar\" style=\"--v:90.0%\">90.0\u202f%</td>")
	assert.Contains(t, text, "2 (50)", "class 1 is most often taken for class 2")
	assert.Contains(t, text, "balanced 70.0\u202f%")
	assert.Contains(t, text, "accuracy 70.0\u202f%")
}

// TestSmallSharesAreEscaped: "<1 %" in a cell.
func TestSmallSharesAreEscaped(t *testing.T) {
	for _, n := range []int{2, 30} {
		r := classes(n)
		r.Confusion[0][0] = 5000
		_, _, text := write(t, r)
		assert.Contains(t, text, "|<1")
	}
}

func TestHostileNames(t *testing.T) {
	const evil = "\"'><script>alert(1)</script><img src=http://x onerror=y>&\x00\x1b\u202e\xff]]>"
	r := classes(3)
	r.Classes[1] = evil
	r.Title, r.Summary = evil, evil
	r.Facts, r.Headlines = []Fact{{evil, evil, evil}}, []Fact{{evil, evil, evil}}
	r.Epochs = []Epoch{{Epoch: 1, Values: []Value{{evil, 1}, {"val_" + evil, 2}}}}
	r.Layers = []Layer{{Name: evil, Kind: evil, Shape: evil}}
	for _, s := range []Sample{{Text: evil}, {Shape: []int{2, 2, 1}, Values: make([]float32, 4)}, {Shape: []int{2, 2}, Values: make([]float32, 4)}} {
		s.Name, s.Truth, s.Predicted = evil, evil, evil
		r.Mistakes = append(r.Mistakes, s)
	}
	page, _, text := write(t, r)
	assert.NotContains(t, page, "<script")
	assert.NotContains(t, page, "\x1b")
	assert.NotContains(t, page, "\u202e")
	assert.Contains(t, text, "<script>alert(1)</script>", "it is shown as text")
	for _, classes := range []int{20, 50} {
		page, _, _ := write(t, classesOf(classes, evil))
		assert.NotContains(t, page, "<script")
	}
}

func classesOf(n int, name string) *Report {
	r := classes(n)
	for i := range r.Classes {
		r.Classes[i] = name
	}
	return r
}

func TestCurves(t *testing.T) {
	r := &Report{Best: 2}
	for e := 1; e <= 4; e++ {
		x := float64(e)
		r.Epochs = append(r.Epochs, Epoch{Epoch: e, Rate: 1 / x, Seconds: 2, Values: []Value{
			{"loss", math.Pow(0.1, x)}, {"val_loss", 0.5}, {"accuracy", 1 - 0.2/x}, {"gone", math.NaN()}}})
	}
	r.Epochs[2].Values[1].Value = math.Inf(1)
	page, all, text := write(t, r)
	assert.Equal(t, 3+4, count(all, "svg"), "loss, accuracy, learning rate, and their keys")
	assert.Contains(t, text, "4 epochs in 8 s, 2 s each; the weights of epoch 2 were kept.")
	assert.Contains(t, page, "aria-label=\"loss over 4 epochs; training 0.0100 at epoch 2; validation 0.5000 at epoch 2\"")
	assert.Equal(t, 3, strings.Count(text, "best: epoch 2"))
	assert.Contains(t, page, "validation loss</th>")
	broken := regexp.MustCompile(`class="l b dash" d="M[\d. L]+M[\d. ]+"`)
	assert.Regexp(t, broken, page, "the curve has a gap at epoch 3")

	for _, e := range [][]Epoch{
		{{Epoch: 1, Rate: 0.1, Values: []Value{{"loss", 0}}}},
		{{Epoch: 5}, {Epoch: 5}},
		{{Epoch: 1, Values: []Value{{"loss", 1e300}}}, {Epoch: 2, Values: []Value{{"loss", -1e300}}}},
		{{Epoch: 1, Values: []Value{{"loss", math.MaxFloat64}}}, {Epoch: 2, Values: []Value{{"loss", -math.MaxFloat64}}}},
		{{Epoch: 1, Values: []Value{{"loss", 5e-324}}}, {Epoch: 2, Values: []Value{{"loss", 1e308}}}},
		{{Epoch: 1, Values: []Value{{"loss", 5e-324}}}, {Epoch: 2, Values: []Value{{"loss", 5e-324}}}},
	} {
		write(t, &Report{Epochs: e})
	}
}

func TestMistakes(t *testing.T) {
	pixels := []float32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}
	nan := float32(math.NaN())
	for _, c := range []struct {
		s      Sample
		shapes string // the element that shows it
	}{
		{Sample{Shape: []int{2, 2, 3}, Values: pixels}, "img"},
		{Sample{Shape: []int{3, 4, 1}, Values: pixels}, "img"},
		{Sample{Shape: []int{3, 4}, Values: pixels, Kind: Picture, Low: 0, High: 255}, "img"},
		{Sample{Shape: []int{3, 4}, Values: pixels, Kind: Spectrogram}, "img"},
		{Sample{Shape: []int{1000, 1200, 1}, Values: make([]float32, 1_200_000)}, "img"},
		{Sample{Shape: []int{1000, 2}, Values: make([]float32, 2000), Kind: Spectrogram}, "img"},
		{Sample{Shape: []int{6, 2}, Values: pixels}, "path"},
		{Sample{Shape: []int{1, 12}, Values: pixels}, "path"},
		{Sample{Shape: []int{3}, Values: []float32{1, nan, nan}, Kind: Lines}, "path"},
		{Sample{Shape: []int{1000, 2}, Values: make([]float32, 2000)}, "path"},
		{Sample{Text: "see the cat"}, "blockquote"},
		{Sample{Shape: []int{12}, Values: pixels}, "li"},
	} {
		c.s.Name, c.s.Truth, c.s.Predicted, c.s.Probability = "a.wav", "yes", "no", 0.75
		page, all, text := write(t, &Report{Mistakes: []Sample{c.s}})
		assert.NotZero(t, count(all, c.shapes), "%v %v", c.s.Kind, c.s.Shape)
		assert.Contains(t, text, "75.0\u202f%")
		assert.Contains(t, text, "a.wav")
		if c.shapes == "img" {
			assert.Contains(t, page, "alt=\"a.wav: is yes, taken for no\"")
		}
		assert.Less(t, len(page), 200_000)
	}
}

func TestSurestMistakesAreShown(t *testing.T) {
	r := &Report{}
	for i := range 40 {
		r.Mistakes = append(r.Mistakes, Sample{Name: fmt.Sprintf("<%d>", i), Probability: float64(i%8) / 8})
	}
	r.Mistakes[7].Probability = math.NaN()
	_, all, text := write(t, r)
	assert.Equal(t, MaxMistakes, count(all, "li"))
	assert.Contains(t, text, "The 24 of 40")
	assert.Contains(t, text, "<15>")
	assert.NotContains(t, text, "<7>")
	assert.NotContains(t, text, "<0>")
}

func TestRefused(t *testing.T) {
	for _, c := range []struct {
		r    Report
		want string
	}{
		{Report{Confusion: [][]int{{1, 2}, {3}}}, "row 1 of the confusion matrix has 1 columns"},
		{Report{Confusion: [][]int{{-1}}}, "counts -1 samples"},
		{Report{Confusion: [][]int{{1}}, Classes: []string{"a", "b"}}, "2 classes are named"},
		{Report{Mistakes: []Sample{{Name: "x", Shape: []int{2, 2}, Values: make([]float32, 3)}}}, `mistake 0, "x": 3 values do not have shape [2 2]`},
		{Report{Mistakes: []Sample{{Shape: []int{1 << 30, 1 << 30, 0}, Values: make([]float32, 3)}}}, "no sample has shape"},
		{Report{Mistakes: []Sample{{Kind: Picture, Shape: []int{3}, Values: make([]float32, 3)}}}, "does not suit"},
		{Report{Mistakes: []Sample{{Kind: 9}}}, "no kind 9"},
	} {
		require.ErrorContains(t, Write(io.Discard, &c.r), c.want)
	}
}

func TestLayersAndFacts(t *testing.T) {
	r := &Report{Facts: []Fact{{"seed", "7", ""}}, Headlines: []Fact{{"accuracy", "97 %", "97 of 100"}},
		Layers: []Layer{{"conv", "Conv2D", "4×4×8", 1200, 30000, 512, true}, {"head", "Dense", "10", 34, 4, 40, false}}}
	_, _, text := write(t, r)
	for _, s := range []string{"|seed|7|", "|97 %|97 of 100|", "|1\u202f234|30\u202f004|552|", "|frozen|"} {
		assert.Contains(t, strings.ReplaceAll(text, "\n", ""), s)
	}
}

func TestSameInputSameBytes(t *testing.T) {
	r := classes(60)
	r.Epochs = []Epoch{{Epoch: 1, Values: []Value{{"loss", 1}, {"b", 2}, {"a", 3}}}}
	first, _, _ := write(t, r)
	for range 5 {
		again, _, _ := write(t, r)
		require.Equal(t, first, again)
	}
}
