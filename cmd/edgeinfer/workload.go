package main

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"github.com/edgeinfer/edgeinfer"
)

// workload is a session with seeded inputs, to be run many times. A run may
// overwrite its inputs, so they are filled before each.
type workload struct {
	ctx    context.Context
	s      *edgeinfer.Session
	inputs [][]byte // copies of what FillSeeded gave
}

func newWorkload(ctx context.Context, s *edgeinfer.Session) *workload {
	s.FillSeeded(benchSource())
	w := &workload{ctx: ctx, s: s}
	for i := range s.Inputs() {
		w.inputs = append(w.inputs, slices.Clone(s.Input(i).Bytes()))
	}
	return w
}

func (w *workload) fill() {
	for i, b := range w.inputs {
		copy(w.s.Input(i).Bytes(), b)
	}
}

func (w *workload) run() error { return w.s.RunContext(w.ctx) }

// times are milliseconds of a run.
type times struct {
	min, med, p90, p99 float64
	runs, batch        int
}

const (
	shortRun   = 50 * time.Microsecond  // below it runs are timed in batches
	batchTime  = 200 * time.Microsecond // that a batch takes at least
	maxSamples = 1 << 20
)

// measure runs for some seconds, the first tenth to warm up, with the garbage
// collector off: a run makes no garbage.
func (w *workload) measure(seconds float64) (times, error) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	warm := time.Duration(seconds / 10 * float64(time.Second))
	est := time.Duration(math.MaxInt64)
	for start := time.Now(); ; {
		w.fill()
		t := time.Now()
		if err := w.run(); err != nil {
			return times{}, err
		}
		est = min(est, time.Since(t))
		if time.Since(start) > warm {
			break
		}
	}
	batch := 1
	if est < shortRun {
		batch = int(batchTime/max(est, 100)) + 1
	}
	samples, err := w.sample(time.Duration(seconds*float64(time.Second)), batch)
	if err != nil {
		return times{}, err
	}
	slices.Sort(samples)
	return times{
		min: samples[0], med: percentile(samples, 50), p90: percentile(samples, 90), p99: percentile(samples, 99),
		runs: len(samples) * batch, batch: batch,
	}, nil
}

// sample returns the milliseconds of a run, one number for each batch.
func (w *workload) sample(d time.Duration, batch int) ([]float64, error) {
	samples := make([]float64, 0, 4096)
	for end := time.Now().Add(d); len(samples) < maxSamples; {
		w.fill()
		start := time.Now()
		for i := range batch {
			if i > 0 {
				w.fill()
			}
			if err := w.run(); err != nil {
				return nil, err
			}
		}
		now := time.Now()
		samples = append(samples, float64(now.Sub(start).Nanoseconds())/1e6/float64(batch))
		if now.After(end) {
			break
		}
	}
	return samples, nil
}

// percentile returns the p-th percentile of sorted numbers, by nearest rank.
func percentile(x []float64, p int) float64 {
	return x[max(0, (len(x)*p+99)/100-1)]
}

// jitter says whether times vary more than a quiet machine's.
func (t times) jitter() []string {
	if t.p99 > 1.5*t.med && t.runs/t.batch >= 20 {
		return []string{fmt.Sprintf("times vary: p99 is %.1f times the median", t.p99/t.med)}
	}
	return nil
}

// allocations returns how many times a run allocates memory. What the process
// allocates now and then for itself, such as new threads, does not count: the
// least of several tries does, over many runs each, and a rest below one a run
// is dropped.
func (w *workload) allocations() (int64, error) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	least := int64(math.MaxInt64)
	for try := 0; try < 5 && least > 0; try++ {
		var before, after runtime.MemStats
		runs := int64(0)
		runtime.ReadMemStats(&before)
		for start := time.Now(); runs < 3 || runs < 200 && time.Since(start) < 100*time.Millisecond; runs++ {
			w.fill()
			if err := w.s.Run(); err != nil {
				return 0, err
			}
		}
		runtime.ReadMemStats(&after)
		least = min(least, int64(after.Mallocs-before.Mallocs)/runs)
	}
	return least, nil
}
