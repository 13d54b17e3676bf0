package main

import (
	"fmt"
	"image"
	"io"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/edgeinfer/edgeinfer/feed"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/tasks"
)

// taskResult is what a picture shows. Coordinates and areas are in its pixels.
type taskResult struct {
	Model   string       `json:"model"`
	Input   string       `json:"input"`
	Task    tasks.Task   `json:"task"`
	MS      float64      `json:"ms"`
	Kernels string       `json:"kernels"`
	Width   int          `json:"width,omitempty"`
	Height  int          `json:"height,omitempty"`
	Classes *[]score     `json:"classes,omitempty"`
	Head    string       `json:"head,omitempty"`
	Boxes   *[]foundBox  `json:"boxes,omitempty"`
	Areas   *[]classArea `json:"areas,omitempty"`
	Length  int          `json:"length,omitempty"` // of an embedding
	Drawn   string       `json:"drawn,omitempty"`
	Mask    string       `json:"mask,omitempty"`
	File    string       `json:"file,omitempty"`
	Notes   []string     `json:"notes,omitempty"`
}

// foundBox is an object.
type foundBox struct {
	Class  int         `json:"class"`
	Label  string      `json:"label,omitempty"`
	Score  number      `json:"score"`
	X0     number      `json:"x0"`
	Y0     number      `json:"y0"`
	X1     number      `json:"x1"`
	Y1     number      `json:"y1"`
	Points [][2]number `json:"points,omitempty"`
}

// classArea is how much of a picture a class covers.
type classArea struct {
	Class  int     `json:"class"`
	Label  string  `json:"label,omitempty"`
	Pixels int     `json:"pixels"`
	Part   float64 `json:"part"`
}

// picture runs one picture and reports on it.
func (t *taskRun) picture(set *feed.Set) error {
	res, out, err := t.run(set)
	if err != nil {
		return err
	}
	img := set.Picture(0)
	bounds, fit := image.Rect(0, 0, t.size.W, t.size.H), tasks.Fit{}
	fit.Source, fit.Target = bounds, bounds
	if img != nil {
		bounds = img.Rect
		if fit, err = t.fit(bounds); err != nil {
			return invalid(fmt.Errorf("%s: %w", set.Name, err))
		}
	} else if t.taskFlags.draw != "" {
		return usagef("%s: is no picture to draw on: leave --draw out", set.Name)
	}
	switch t.d.Task {
	case tasks.Classify:
		err = t.classify(res, out)
	case tasks.Detect:
		res.Width, res.Height = bounds.Dx(), bounds.Dy()
		err = t.detect(res, out, img, bounds, fit)
	case tasks.Segment:
		res.Width, res.Height = bounds.Dx(), bounds.Dy()
		err = t.segment(res, out, img, bounds, fit)
	}
	if err != nil {
		return err
	}
	return t.report(res)
}

func (t *taskRun) report(res *taskResult) error {
	if t.json {
		return t.printJSON(res)
	}
	return t.text(res.print)
}

// misfit explains outputs that the task can't read.
func (t *taskRun) misfit(err error) error {
	if t.d.from != "" {
		return invalid(fmt.Errorf("%s: as %s declares: %w", t.model, t.d.from, err))
	}
	return invalid(fmt.Errorf("%s: %w", t.model, err))
}

func (t *taskRun) classify(res *taskResult, out []tasks.Tensor) error {
	classes, err := t.d.Classifier.Classify(out)
	if err != nil {
		return t.misfit(err)
	}
	res.Classes = &[]score{}
	if len(classes) == 1 && len(t.d.Labels) == 2 { // one probability decides between two
		p := classes[0].Score
		classes = []tasks.Class{{Index: 1, Score: p}, {Index: 0, Score: 1 - p}}
		if p <= .5 {
			slices.Reverse(classes)
		}
	}
	for _, c := range classes {
		*res.Classes = append(*res.Classes, score{c.Index, t.d.Label(c.Index), number(c.Score)})
	}
	return nil
}

func (t *taskRun) detect(res *taskResult, out []tasks.Tensor, img *image.NRGBA, bounds image.Rectangle, fit tasks.Fit) error {
	boxes, err := t.d.Detector.Detect(out, t.size)
	if err != nil {
		return t.misfit(err)
	}
	boxes = fit.Boxes(boxes, bounds)
	res.Head, res.Boxes = t.d.Detector.Head.Name(), &[]foundBox{}
	for _, b := range boxes {
		f := foundBox{b.Class, t.d.Label(b.Class), number(b.Score), number(b.X0), number(b.Y0), number(b.X1), number(b.Y1), nil}
		for _, p := range b.Points {
			f.Points = append(f.Points, [2]number{number(p.X), number(p.Y)})
		}
		*res.Boxes = append(*res.Boxes, f)
	}
	if t.taskFlags.draw != "" {
		res.Drawn, err = t.writePNG("draw", t.taskFlags.draw, res.Input, drawnBoxes(img, boxes, t.d.Label))
	}
	return err
}

func (t *taskRun) segment(res *taskResult, out []tasks.Tensor, img *image.NRGBA, bounds image.Rectangle, fit tasks.Fit) error {
	scores, err := t.d.Segmenter.Segment(out)
	if err != nil {
		return t.misfit(err)
	}
	mask := scores.Mask(bounds, fit, t.size)
	areas, total := mask.Areas(), 0
	for _, n := range areas {
		total += n
	}
	res.Areas = &[]classArea{}
	for c, n := range areas {
		if n > 0 {
			*res.Areas = append(*res.Areas, classArea{c, t.d.Label(c), n, float64(n) / float64(total)})
		}
	}
	if t.taskFlags.draw != "" {
		res.Drawn, err = t.writePNG("draw", t.taskFlags.draw, res.Input, drawnMask(img, mask, t.d.Spec))
	}
	if err == nil && t.taskFlags.mask != "" {
		res.Mask, err = t.writePNG("mask", t.taskFlags.mask, res.Input, maskClasses(mask, t.d.Spec))
	}
	return err
}

// folder returns where --out writes the outputs of this picture.
func (t *taskRun) folder() string {
	if t.steps == 0 && t.single {
		return t.out
	}
	return filepath.Join(t.out, strconv.Itoa(t.steps))
}

// fractions reports whether a quantisation is that of an integer softmax: its
// range is 0 to 1.
func fractions(q *quant.Params) bool {
	if q == nil || len(q.Scale) != 1 {
		return false
	}
	switch q.Scale[0] {
	case 1.0 / 256, 1.0 / 32768, 1.0 / 65536:
		return true
	}
	return false
}

func (res *taskResult) print(w io.Writer) {
	fmt.Fprintf(w, "%s", oneLine(res.Input))
	if res.Width > 0 {
		fmt.Fprintf(w, " %d×%d", res.Width, res.Height)
	}
	switch {
	case res.Classes != nil:
		fmt.Fprintln(w)
		printScores(w, *res.Classes)
	case res.Boxes != nil:
		fmt.Fprintf(w, ": %s (%s)\n", plural(len(*res.Boxes), "object"), res.Head)
		printBoxes(w, *res.Boxes)
	case res.Areas != nil:
		fmt.Fprintln(w)
		printAreas(w, *res.Areas)
	default:
		fmt.Fprintf(w, ": embedding of %d numbers\n", res.Length)
	}
	for _, f := range []string{res.Drawn, res.Mask, res.File} {
		if f != "" {
			fmt.Fprintf(w, "→ %s\n", f)
		}
	}
	fmt.Fprintf(w, "%.3f ms on %s kernels\n", res.MS, res.Kernels)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func printBoxes(w io.Writer, boxes []foundBox) {
	table(w, func(w io.Writer) {
		if len(boxes) > 0 {
			fmt.Fprintf(w, "  class\tscore\tx0\ty0\tx1\ty1\tlabel\n")
		}
		for _, b := range boxes {
			fmt.Fprintf(w, "  %d\t%.3f\t%.1f\t%.1f\t%.1f\t%.1f\t%s\n", b.Class, float32(b.Score), float32(b.X0), float32(b.Y0), float32(b.X1), float32(b.Y1), oneLine(b.Label))
		}
	})
}

func printAreas(w io.Writer, areas []classArea) {
	table(w, func(w io.Writer) {
		fmt.Fprintf(w, "  class\tpixels\tpart\tlabel\n")
		for _, a := range areas {
			fmt.Fprintf(w, "  %d\t%d\t%.1f%%\t%s\n", a.Class, a.Pixels, 100*a.Part, oneLine(a.Label))
		}
	})
}
