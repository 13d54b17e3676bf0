package main

import (
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/feed"
	"github.com/edgeinfer/edgeinfer/metrics"
	"github.com/edgeinfer/edgeinfer/train"
	"github.com/edgeinfer/edgeinfer/train/data"
)

// evalInfo is the JSON object of eval.
type evalInfo struct {
	Accuracy  float64      `json:"accuracy"` // 0 to 1
	Balanced  float64      `json:"balanced_accuracy"`
	MacroF1   float64      `json:"macro_f1"`
	Loss      *float64     `json:"loss,omitempty"`    // cross-entropy in nats, of data as train reads them
	Metrics   train.Values `json:"metrics,omitempty"` // those that train prints, of such data
	Samples   int          `json:"samples"`
	Correct   int          `json:"correct"`
	Classes   []classInfo  `json:"classes"`
	Confusion [][]int      `json:"confusion"` // row true class, column predicted
	Model     string       `json:"model"`
	Data      string       `json:"data"`
	Kernels   string       `json:"kernels"`
	Notes     []string     `json:"notes,omitempty"`

	numbers *evalNumbers // in place of the above, where targets are numbers
}

type classInfo struct {
	Class     int     `json:"class"`
	Label     string  `json:"label,omitempty"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
	Support   int     `json:"support"`
}

func (a *app) newEvalCommand() *cobra.Command {
	f := evalFlags{feed: &feedFlags{}}
	cmd := &cobra.Command{
		Use:   "eval MODEL DATA",
		Short: "Measure a model's accuracy on labelled data",
		Long: `Run a classifier on labelled data and print its accuracy, confusion matrix and figures per class;
of a model whose targets are numbers, how far off it is.

DATA is a .npz with x (n, then the input's shape) and y (n class numbers), or a folder with one
folder of files for each class; there the classes are numbered by the labels, or sorted by name.
Numbers, pictures and sound are read as run reads them. Tables (.csv), text, .zip files and MNIST's
four files are read as train reads them; with --net NET.yaml all data are, by that description: what
train tests on, the data's test part or what it holds out, is measured, and with --all everything.

The class is the highest element of output 0, of equal ones the first; of an output with one
element, whether it is above 0.5. Each sample begins with a fresh state.`,
		Example: "  edgeinfer eval kws.tflite test.npz\n  edgeinfer eval mlp.onnx mnist/ --html mlp.html\n  edgeinfer eval person.tflite photos/ --labels labels.txt --json",
		Args:    args(cobra.ExactArgs(2)),
		RunE: func(_ *cobra.Command, args []string) error {
			e, err := a.eval(args[0], args[1], f)
			if err != nil {
				return err
			}
			switch {
			case e.numbers != nil && a.json:
				return a.printJSON(e.numbers)
			case e.numbers != nil:
				return a.text(e.numbers.print)
			case a.json:
				return a.printJSON(e)
			}
			return a.text(e.print)
		},
	}
	fs := cmd.Flags()
	fs.StringVar(&f.labels, "labels", "", "names of classes, a line each, from this `FILE` (default: the model's own)")
	fs.StringVar(&f.net, "net", "", "read the data as this description of a network says, `NET.yaml`")
	fs.BoolVar(&f.all, "all", false, "measure on all samples, not only on those that train tests on")
	fs.StringVar(&f.html, "html", "", "draw what was measured, and the worst mistakes, to `FILE`")
	fs.StringVar(&f.label, "label", "", "the `COLUMN` of a table that holds the classes, by its name or number (default: the last)")
	f.feed.add(fs)
	return cmd
}

// evalFlags are the flags of eval.
type evalFlags struct {
	labels, net, html string
	label             string
	all               bool
	feed              *feedFlags
}

func (a *app) eval(model, data string, f evalFlags) (*evalInfo, error) {
	fo, err := f.feed.options(a.stdin)
	if err != nil {
		return nil, err
	}
	m, o, err := a.load(model, nil)
	if err != nil {
		return nil, err
	}
	defer m.Close()
	o.Shapes = m.WithoutDynamic(o.Shapes)
	s, err := session(m, o)
	if err != nil {
		return nil, invalid(err)
	}
	defer s.Close()
	if s.Outputs() == 0 || s.Output(0).Len() == 0 {
		return nil, invalid(fmt.Errorf("%s: output 0 has no elements: only classifiers can be evaluated", model))
	}
	labels, err := classNames(m, s, f.labels)
	if err != nil {
		return nil, invalid(err)
	}
	e := &evalInfo{Model: model, Data: data, Kernels: s.Plan().Kernels().Name}
	if f.net != "" || s.Inputs() > 1 || forTraining(data) || forTrainingOnly(data, s.Input(0).DType().Float()) {
		return e, a.evalLabelled(m, s, labels, e, f)
	}
	if err := f.feed.declareOwn(m, &fo); err != nil {
		return nil, err
	}
	if err := trainedInputs(m, s, &fo); err != nil {
		return nil, invalid(fmt.Errorf("%s: %w", model, err))
	}
	if fo.FrontEnd, err = f.feed.openFrontEnd(m, o); err != nil {
		return nil, err
	}
	in, err := feed.NewReader(m, s, fo)
	if err != nil {
		return nil, invalid(err)
	}
	set, err := in.OpenDataset(data, labels)
	if err != nil {
		return nil, invalid(err)
	}
	c, err := a.classify(s, set, e)
	if err != nil {
		return nil, err
	}
	e.fill(c, set.Classes)
	if f.html != "" {
		err = e.writeHTML(f.html, nil)
	}
	return e, err
}

// evalLabelled is eval on data that train reads.
func (a *app) evalLabelled(m *edgeinfer.Model, s *edgeinfer.Session, labels []string, e *evalInfo, f evalFlags) error {
	symbols, err := feed.Symbols(m)
	if err != nil {
		return invalid(err)
	}
	if symbols != nil {
		labels = nil // the data have none
	}
	numbers, err := numbersOf(m, inputLen(s))
	if err != nil {
		return invalid(fmt.Errorf("%s: %w", e.Model, err))
	}
	set, d, err := openSet(e.Data, f, knows{labels, symbols, inputLen(s), numbers})
	if err != nil {
		return invalid(err)
	}
	if s.Output(0).Len() == count(set.TargetShape()) {
		if set, err = data.SparseClasses(set); err != nil {
			return invalid(err)
		}
	}
	r, err := a.evalSet(s, set, d, e)
	if err != nil {
		return err
	}
	if r.off != nil {
		e.Samples = set.Len()
		e.numbers = r.off.info(e)
	} else {
		if labels == nil {
			labels = r.names
		}
		e.fill(r.counts, labels)
	}
	if f.html != "" {
		return e.writeHTML(f.html, r.watcher)
	}
	return nil
}

// classify runs all samples.
func (a *app) classify(s *edgeinfer.Session, set *feed.Dataset, e *evalInfo) (*metrics.Confusion, error) {
	c := metrics.NewConfusion(max(s.Output(0).Len(), 2, set.Top+1))
	bar := a.newProgress(set.Len)
	defer bar.close()
	for sample, err := range set.Samples {
		if err != nil {
			return nil, invalid(err)
		}
		s.Reset()
		notes, err := sample.Fill(s)
		if err != nil {
			return nil, invalid(err)
		}
		for _, n := range notes {
			if e.Notes == nil { // the others are alike
				e.Notes = []string{n}
				a.note("%s", n)
			}
		}
		if err := s.RunContext(a.ctx); err != nil {
			if a.ctx.Err() != nil {
				return nil, a.ctx.Err()
			}
			return nil, fmt.Errorf("%s: on %s: %w", e.Model, sample.Name, err)
		}
		if err := c.Add(sample.Class, classOf(numbers(s.Output(0)))); err != nil {
			return nil, err
		}
		bar.add(1)
	}
	return c, nil
}

// classOf returns the class that scores stand for.
func classOf(scores []number) int {
	if len(scores) == 1 {
		if scores[0] > 0.5 {
			return 1
		}
		return 0
	}
	return highest(scores, 1, nil)[0].Index
}

func (e *evalInfo) fill(c *metrics.Confusion, labels []string) {
	e.Accuracy, e.Balanced, e.MacroF1 = c.Accuracy(), c.Balanced(), c.MacroF1()
	e.Samples, e.Confusion = c.Samples(), c.Counts
	for i := range c.Counts {
		x := c.Class(i)
		k := classInfo{Class: i, Precision: x.Precision, Recall: x.Recall, F1: x.F1, Support: x.Support}
		if i < len(labels) {
			k.Label = labels[i]
		}
		e.Classes = append(e.Classes, k)
		e.Correct += c.Counts[i][i]
	}
}

// maxMatrix is the most classes of which the matrix is printed for people.
const maxMatrix = 20

func (e *evalInfo) print(w io.Writer) {
	fmt.Fprintf(w, "accuracy %.4f (%d of %d)  balanced %.4f  macro F1 %.4f  on %s kernels\n", e.Accuracy, e.Correct, e.Samples, e.Balanced, e.MacroF1, e.Kernels)
	if e.Metrics != nil {
		fmt.Fprintf(w, "as train measures: %s\n", valuesText(e.Metrics))
	}
	fmt.Fprintln(w)
	table(w, func(w io.Writer) {
		fmt.Fprintln(w, "class\tprecision\trecall\tF1\tsupport")
		for _, c := range e.Classes {
			if c.Support > 0 || c.Precision > 0 || len(e.Classes) <= maxMatrix {
				fmt.Fprintf(w, "%s\t%.4f\t%.4f\t%.4f\t%d\n", c.name(), c.Precision, c.Recall, c.F1, c.Support)
			}
		}
	})
	if len(e.Classes) > maxMatrix {
		fmt.Fprintf(w, "\nthe confusion matrix of %d classes is in --json\n", len(e.Classes))
		return
	}
	fmt.Fprintln(w)
	table(w, func(w io.Writer) {
		fmt.Fprint(w, "true \\ predicted")
		for _, c := range e.Classes {
			fmt.Fprintf(w, "\t%d", c.Class)
		}
		fmt.Fprintln(w)
		for i, row := range e.Confusion {
			fmt.Fprint(w, e.Classes[i].name())
			for _, n := range row {
				fmt.Fprintf(w, "\t%d", n)
			}
			fmt.Fprintln(w)
		}
	})
}

func (c *classInfo) name() string {
	if c.Label == "" {
		return strconv.Itoa(c.Class)
	}
	return fmt.Sprintf("%d %s", c.Class, oneLine(c.Label))
}
