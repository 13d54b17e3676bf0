// Accuracy trains small networks on public data sets, from several seeds, and
// measures them on samples that they have not seen. README.md says what it found.
//
//	go run ./bench/accuracy -task mnist-mlp -seeds 1,2,3 -data ../shared/data
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/edgeinfer/edgeinfer/train"
)

func main() {
	if err := command(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "accuracy:", err)
		os.Exit(1)
	}
}

// command runs tasks and prints a line for each run, and then a table.
func command(args []string, out, progress io.Writer) error {
	f := flag.NewFlagSet("accuracy", flag.ContinueOnError)
	names := f.String("task", "all", "tasks, with commas between, or all: "+strings.Join(taskNames(), " "))
	seedList := f.String("seeds", "1,2,3", "seeds, with commas between")
	folder := f.String("data", "../shared/data", "folder of the data sets")
	threads := f.Int("threads", 0, "threads; 0 is as many as there are cores, at most 4. They change no result")
	verbose := f.Bool("v", false, "print a line for each epoch")
	if err := f.Parse(args); err != nil {
		return err
	}
	chosen, err := choose(*names)
	if err != nil {
		return err
	}
	seeds, err := parseSeeds(*seedList)
	if err != nil {
		return err
	}
	r := &bench{data: *folder}
	if *threads > 0 {
		r.options = append(r.options, train.Threads(*threads))
	}
	if *verbose {
		r.options = append(r.options, train.LogTo(progress))
	}
	var rows []row
	var failed []error // one task's data may be missing: others go on
	for _, t := range chosen {
		row, err := r.run(t, seeds, out)
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", t.name, err))
			continue
		}
		rows = append(rows, row)
	}
	table(out, rows)
	return errors.Join(failed...)
}

func taskNames() []string {
	var out []string
	for _, t := range tasks {
		out = append(out, t.name)
	}
	return out
}

func choose(names string) ([]task, error) {
	if names == "all" {
		return tasks, nil
	}
	var out []task
	for name := range strings.SplitSeq(names, ",") {
		i := slices.IndexFunc(tasks, func(t task) bool { return t.name == name })
		if i < 0 {
			return nil, fmt.Errorf("task %q is not known: want %s", name, strings.Join(taskNames(), ", "))
		}
		out = append(out, tasks[i])
	}
	return out, nil
}

func parseSeeds(list string) ([]uint64, error) {
	var out []uint64
	for s := range strings.SplitSeq(list, ",") {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("seed %q is no whole number: give some like 1,2,3", s)
		}
		out = append(out, n)
	}
	return out, nil
}

// run trains and measures one task from each seed.
func (b *bench) run(t task, seeds []uint64, out io.Writer) (row, error) {
	if t.seeds > 0 && len(seeds) > t.seeds {
		seeds = seeds[:t.seeds]
	}
	load := time.Now()
	measure, err := t.open(b)
	if err != nil {
		return row{}, err
	}
	fmt.Fprintf(out, "%s: data read in %.1f s\n", t.name, time.Since(load).Seconds())
	r := row{task: t}
	for _, seed := range seeds {
		start := time.Now()
		res, err := measure(seed)
		if err != nil {
			return row{}, err
		}
		seconds := time.Since(start).Seconds()
		r.values, r.seconds, r.weights = append(r.values, res.value), append(r.seconds, seconds), res.weights
		fmt.Fprintf(out, "%s seed %d: %s in %.0f s, weights %.16s%s\n", t.name, seed, t.show(res.value), seconds, res.hash, res.note)
	}
	return r, nil
}
