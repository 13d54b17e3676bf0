package main

import (
	"encoding/csv"
	"fmt"
	"iter"
	"path/filepath"
	"strconv"

	"github.com/edgeinfer/edgeinfer/feed"
)

// many runs sets, each on a fresh state with --batch, and prints a line for
// each.
func (r *runner) many(sets iter.Seq2[*feed.Set, error], total int) error {
	lines, err := r.newLines()
	if err != nil {
		return err
	}
	bar := r.newProgress(total)
	if isTerminal(r.stdout) { // the lines show progress enough
		bar.w = nil
	}
	defer bar.close()
	step := 0
	for set, err := range sets {
		if err != nil {
			return invalid(err)
		}
		if r.batch {
			r.s.Reset()
		}
		res, err := r.infer(set)
		if err != nil {
			return err
		}
		if r.out != "" {
			if err := r.write(filepath.Join(r.out, strconv.Itoa(step)), res); err != nil {
				return err
			}
		}
		if err := lines.print(step, res); err != nil {
			return err
		}
		step++
		bar.add(1)
	}
	return nil
}

// lines prints results as CSV or, with --json, as JSON.
type lines struct {
	*runner
	csv    *csv.Writer
	values bool // of all outputs, else the highest scores
	top    int
}

// maxColumns is the most output elements that are printed in a line of CSV.
const maxColumns = 256

// newLines decides what a line has, and prints the CSV's head.
func (r *runner) newLines() (*lines, error) {
	l := &lines{runner: r, top: r.top}
	if l.top == 0 && r.labels != nil {
		l.top = 1
	}
	if r.json {
		return l, nil
	}
	n := 0
	head := []string{"step", "input"}
	for k := range l.top {
		head = append(head, fmt.Sprintf("class_%d", k+1), fmt.Sprintf("label_%d", k+1), fmt.Sprintf("score_%d", k+1))
	}
	for j := range r.s.Outputs() {
		n += r.s.Output(j).Len()
	}
	switch l.values = l.top == 0 && n <= maxColumns; {
	case l.values:
		for j := range r.s.Outputs() {
			for i := range r.s.Output(j).Len() {
				head = append(head, fmt.Sprintf("output_%d[%d]", j, i))
			}
		}
	case l.top == 0 && r.out == "":
		return nil, usagef("%s: its outputs have %d elements, too many for a line: give --out DIR, --top K or --json", r.model, n)
	}
	l.csv = csv.NewWriter(r.stdout)
	return l, l.row(head)
}

func (l *lines) row(fields []string) error {
	if err := l.csv.Write(fields); err != nil {
		return writing(err)
	}
	l.csv.Flush()
	return writing(l.csv.Error())
}

func (l *lines) print(step int, res *result) error {
	if l.json {
		return l.printJSON(struct {
			Step int `json:"step"`
			*result
		}{step, res})
	}
	fields := []string{strconv.Itoa(step), res.Input}
	if l.top > 0 {
		for _, s := range highest(scoresOf(l.s.Output(0), l.labels), l.top, l.labels) {
			fields = append(fields, strconv.Itoa(s.Index), s.Label, s.Score.String())
		}
	}
	if l.values {
		for j := range l.s.Outputs() {
			for _, x := range numbers(l.s.Output(j)) {
				fields = append(fields, x.String())
			}
		}
	}
	return l.row(fields)
}
