package main

import (
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/boards/machine"
)

// benchInfo is the JSON line of bench. Times are in milliseconds, memory of
// the process in MB of 2^20 bytes.
type benchInfo struct {
	Model        string  `json:"model"`
	Threads      int     `json:"threads"`
	MinMS        float64 `json:"min_ms"`
	MedMS        float64 `json:"med_ms"`
	P90MS        float64 `json:"p90_ms"`
	P99MS        float64 `json:"p99_ms"`
	Runs         int     `json:"runs"`
	Batch        int     `json:"batch"` // runs that one reading of the clock covers
	FirstMS      float64 `json:"first_ms"`
	LoadMS       float64 `json:"load_ms"`
	RSSMB        float64 `json:"rss_mb"`    // the most at any time
	LoadedMB     float64 `json:"loaded_mb"` // after load
	BaseMB       float64 `json:"base_mb"`   // before it
	ArenaBytes   int     `json:"arena_bytes"`
	ScratchBytes int     `json:"scratch_bytes"` // of all threads
	BoundBytes   int     `json:"bound_bytes"`
	PackedBytes  int     `json:"packed_bytes"`
	MACs         int64   `json:"macs"`
	GOPS         float64 `json:"gops"` // at min_ms; a multiply-accumulate is two operations
	AllocsPerRun int64   `json:"allocs_per_run"`
	Kernels      string  `json:"kernels"`
	// Tainted is false, or the list of what may have spoilt the figures.
	Tainted any        `json:"tainted"`
	Profile []nodeTime `json:"profile,omitempty"`
}

func (a *app) newBenchCommand() *cobra.Command {
	var seconds float64
	var profile bool
	var shapes []string
	cmd := &cobra.Command{
		Use:   "bench MODEL",
		Short: "Measure a model's speed and memory",
		Long: `Run a model on seeded inputs for some seconds and print how long a run takes.

Filling the inputs is not counted, except where runs take less than 50 µs: those are timed in
batches, inputs and all. "tainted" says what may have spoilt the figures: throttling, other
processes, times that vary. With --profile, "of peak" is the share of the multiply-adds that this
processor does at best, which a short loop without memory measures; bytes are those of a node's
inputs, weights and outputs; and a second table adds up the nodes of each operator.`,
		Example: "  edgeinfer bench model.tflite --threads 2 --seconds 3\n  edgeinfer bench --profile model.tflite",
		Args:    args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			if !(seconds > 0 && seconds <= 1e6) {
				return usagef("--seconds %g: give a positive number", seconds)
			}
			b, err := a.bench(args[0], shapes, seconds, profile)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(b)
			}
			return a.text(b.print)
		},
	}
	fs := cmd.Flags()
	fs.Float64Var(&seconds, "seconds", 1, "measure for `S` seconds")
	fs.BoolVar(&profile, "profile", false, "then measure each node")
	fs.StringArrayVar(&shapes, "shape", nil, "resize an input: `NAME=1,96,96,3`")
	return cmd
}

func (a *app) bench(path string, shapes []string, seconds float64, profile bool) (*benchInfo, error) {
	base, _ := machine.Resident()
	var m *edgeinfer.Model
	var s *edgeinfer.Session
	var given map[string][]int
	loadMS, err := timed(func() (err error) {
		var o edgeinfer.Options
		if m, o, err = a.load(path, shapes); err != nil {
			return err
		}
		given = o.Shapes
		o.Shapes = m.WithoutDynamic(o.Shapes)
		s, err = session(m, o)
		return guessed(m, given, invalid(err))
	})
	if err != nil {
		return nil, err
	}
	defer m.Close()
	defer s.Close()
	loaded, _ := machine.Resident()
	w := newWorkload(a.ctx, s)
	w.fill()
	firstMS, err := timed(w.run)
	if err != nil {
		return nil, guessed(m, given, a.benchError(path, err))
	}
	before := machine.Look()
	t, err := w.measure(seconds)
	if err != nil {
		return nil, guessed(m, given, a.benchError(path, err))
	}
	reasons := machine.Taint(before, machine.Look())
	allocs, err := w.allocations()
	if err != nil {
		return nil, guessed(m, given, a.benchError(path, err))
	}
	_, peak := machine.Resident()
	mem := s.Plan().Memory()
	b := &benchInfo{
		Model: path, Threads: a.threads, MinMS: t.min, MedMS: t.med, P90MS: t.p90, P99MS: t.p99, Runs: t.runs, Batch: t.batch,
		FirstMS: firstMS, LoadMS: loadMS, RSSMB: float64(peak) / (1 << 20), LoadedMB: float64(loaded) / (1 << 20), BaseMB: float64(base) / (1 << 20),
		ArenaBytes: mem.Arena, ScratchBytes: mem.Scratch + a.threads*mem.PerWorker, BoundBytes: mem.Bound, PackedBytes: mem.Packed,
		MACs: s.Plan().MACs(), GOPS: gops(s.Plan().MACs(), t.min), AllocsPerRun: allocs, Kernels: s.Plan().Kernels().Name, Tainted: false,
	}
	if reasons = append(reasons, t.jitter()...); len(reasons) > 0 {
		b.Tainted = reasons
	}
	if profile {
		b.Profile, err = w.profile(seconds, a.threads)
	}
	return b, err
}

func (a *app) benchError(path string, err error) error {
	if a.ctx.Err() != nil {
		return a.ctx.Err()
	}
	return invalid(fmt.Errorf("%s: on seeded inputs: %w", path, err))
}

// gops returns the rate of macs in ms milliseconds, in 10^9 operations a second.
func gops(macs int64, ms float64) float64 {
	if ms <= 0 {
		return 0
	}
	return 2 * float64(macs) / ms / 1e6
}

func (b *benchInfo) print(w io.Writer) {
	fmt.Fprintf(w, "%s: %s MACs, %s kernels, threads: %d\n", filepath.Base(b.Model), countText(b.MACs), b.Kernels, b.Threads)
	table(w, func(w io.Writer) {
		fmt.Fprintf(w, "  a run\tmin %s\tmedian %s\tp90 %s\tp99 %s\t%d runs\n", msText(b.MinMS), msText(b.MedMS), msText(b.P90MS), msText(b.P99MS), b.Runs)
		fmt.Fprintf(w, "  before\tload %s\tfirst run %s\t\t\t\n", msText(b.LoadMS), msText(b.FirstMS))
		fmt.Fprintf(w, "  memory\tarena %s\tbound %s\tscratch %s\tpacked %s\tRSS %.1f MB, after load %.1f, before %.1f\n",
			bytesText(int64(b.ArenaBytes)), bytesText(int64(b.BoundBytes)), bytesText(int64(b.ScratchBytes)), bytesText(int64(b.PackedBytes)), b.RSSMB, b.LoadedMB, b.BaseMB)
		fmt.Fprintf(w, "  rate\t%.2f GOP/s\t%d allocations a run\t\t\t\n", b.GOPS, b.AllocsPerRun)
	})
	if reasons, ok := b.Tainted.([]string); ok {
		for _, r := range reasons {
			fmt.Fprintf(w, "  tainted: %s\n", r)
		}
	}
	if b.Profile != nil {
		printProfile(w, b.Profile)
	}
}

// msText formats milliseconds with three digits.
func msText(ms float64) string {
	switch {
	case ms < 1:
		return fmt.Sprintf("%.3g µs", ms*1e3)
	case ms < 1000:
		return fmt.Sprintf("%.3g ms", ms)
	}
	return fmt.Sprintf("%.2f s", ms/1e3)
}

// benchSeed makes the inputs of all benchmarks the same.
const benchSeed = 1

func benchSource() rand.Source { return rand.NewPCG(benchSeed, 0) }
