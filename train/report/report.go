// Package report writes a page about a training or an evaluation: one HTML file
// with figures, learning curves, a confusion matrix, the worst mistakes and the
// layers. The page asks for nothing from elsewhere and needs no script; it
// follows the reader's choice of a dark or a light look, and prints.
//
// Whoever runs the training fills in a Report; what is left empty is left out.
// The same Report gives the same bytes. All text is escaped: names of files and
// classes may hold anything.
package report

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
)

// MaxMistakes is how many mistakes a page shows.
const MaxMistakes = 24

// Report is what a page tells.
type Report struct {
	Title     string
	Summary   string // a sentence below the title
	Facts     []Fact // task, data, model, parameters, seed, …, in order
	Headlines []Fact // the figures that matter most: accuracy, loss, …

	Epochs []Epoch
	Best   int // the epoch whose weights were kept, its Epoch.Epoch; 0: none

	Classes     []string // by index; those that are missing are numbers
	Confusion   [][]int  // [truth][predicted] samples; nil: no classes
	Calibration *Calibration

	Mistakes []Sample // the MaxMistakes of the highest probability are shown
	Layers   []Layer
}

// Fact is a name and what is known under it. Note says more, in small letters.
type Fact struct{ Name, Value, Note string }

// Epoch is how one went.
type Epoch struct {
	Epoch   int     // from 1 on
	Rate    float64 // of learning; 0: not known
	Seconds float64
	Values  []Value
}

// Value is a measure: "loss", "accuracy", …; "val_loss", … are those of the
// validation set, drawn in the plot of the measure without "val_". What is not
// finite, or beyond 1e300, is a gap in the curve.
type Value struct {
	Name  string
	Value float64
}

// Kind says how a sample is shown.
type Kind int

// The kinds of samples.
const (
	Auto        Kind = iota // by its shape: [h w 1|3] Picture, [h w] and [t c] Lines, else only words
	Picture                 // [h w], [h w 1] or [h w 3]
	Lines                   // [t] or [t c]: a line for each channel
	Spectrogram             // [t f] or [t f 1]: time to the right, frequency upwards
	Text                    // Sample.Text
)

// Sample is one that was taken for something else.
type Sample struct {
	Name             string // of its file, or its number
	Truth, Predicted string
	Probability      float64 // of what was predicted; NaN: not known, and the order is the caller's
	Kind             Kind
	Shape            []int     // without the batch
	Values           []float32 // prod(Shape)
	Low, High        float32   // the values that are black and white; both 0: the sample's own
	Text             string
}

// Layer is a row of the table of layers.
type Layer struct {
	Name, Kind, Shape string
	Parameters        int64
	MACs              int64
	Bytes             int64 // of its output
	Frozen            bool
}

// Write writes the page.
func Write(w io.Writer, r *Report) error {
	if err := r.check(); err != nil {
		return err
	}
	var p page
	p.head(r)
	p.headlines(r.Headlines)
	p.facts(r.Facts)
	p.curves(r)
	p.classes(r)
	p.calibration(r.Calibration)
	p.mistakes(r.Mistakes)
	p.layers(r.Layers)
	p.foot()
	_, err := io.WriteString(w, p.String())
	return err
}

// check refuses what can't be drawn.
func (r *Report) check() error {
	n := len(r.Confusion)
	for i, row := range r.Confusion {
		if len(row) != n {
			return fmt.Errorf("report: row %d of the confusion matrix has %d columns, and it has %d rows", i, len(row), n)
		}
		for j, count := range row {
			if count < 0 {
				return fmt.Errorf("report: the confusion matrix counts %d samples of class %d for class %d", count, i, j)
			}
		}
	}
	if n > 0 && len(r.Classes) > n {
		return fmt.Errorf("report: %d classes are named, and the confusion matrix has %d", len(r.Classes), n)
	}
	for i := range r.Mistakes {
		if err := r.Mistakes[i].check(); err != nil {
			return fmt.Errorf("report: mistake %d, %q: %w", i, r.Mistakes[i].Name, err)
		}
	}
	return nil
}

func (s *Sample) check() error {
	if s.Kind < Auto || s.Kind > Text {
		return fmt.Errorf("there is no kind %d", s.Kind)
	}
	if s.Kind == Text || len(s.Values) == 0 {
		return nil
	}
	n := 1
	for _, d := range s.Shape {
		if d <= 0 || n > math.MaxInt32/d {
			return fmt.Errorf("no sample has shape %v", s.Shape)
		}
		n *= d
	}
	if n != len(s.Values) {
		return fmt.Errorf("%d values do not have shape %v", len(s.Values), s.Shape)
	}
	if s.Kind != Auto && s.kind() == Auto {
		return errors.New("its shape " + strings.Trim(fmt.Sprint(s.Shape), "[]") + " does not suit how it is to be shown; leave Kind at Auto")
	}
	return nil
}
