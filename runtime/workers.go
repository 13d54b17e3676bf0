package runtime

import (
	goruntime "runtime"
	"sync"
	"sync/atomic"
)

// spins is how often an idle worker looks for work before it parks: some 50 µs,
// at 2 ns each. That is longer than an operator that one worker does alone, such
// as a normalisation; to be woken takes as long again.
const spins = 24000

// workers is a fixed set of goroutines that run the same function at once.
// The caller of Run is worker 0, and does what the others have not begun when it
// has done its own: a worker may have to be woken, or the operating system may run
// something else in its place.
type workers struct {
	f       func(worker int)
	turn    atomic.Uint32 // counts calls of Run
	left    atomic.Int32  // workers still running f
	closing atomic.Bool
	idle    []idler
	once    sync.Once
}

type idler struct {
	taken  atomic.Uint32 // the last turn in which the worker's part was begun
	parked atomic.Bool
	wake   chan struct{}
}

// alone runs everything in the caller.
type alone struct{}

func (alone) Len() int               { return 1 }
func (alone) Run(f func(worker int)) { f(0) }

func newWorkers(n int) *workers {
	w := &workers{idle: make([]idler, n)}
	for i := 1; i < n; i++ {
		w.idle[i].wake = make(chan struct{}, 1)
		go w.loop(i)
	}
	return w
}

// Len returns the number of workers.
func (w *workers) Len() int { return len(w.idle) }

// Run calls f(0) … f(Len()-1), at once where it can, and returns when all have
// returned.
func (w *workers) Run(f func(worker int)) {
	w.f = f
	w.left.Store(int32(len(w.idle) - 1))
	turn := w.turn.Add(1)
	for i := 1; i < len(w.idle); i++ {
		if w.idle[i].parked.CompareAndSwap(true, false) {
			w.idle[i].wake <- struct{}{}
		}
	}
	f(0)
	for i := 1; i < len(w.idle); i++ {
		w.take(i, turn)
	}
	for n := 0; w.left.Load() > 0; n++ {
		if n > spins {
			goruntime.Gosched()
		}
	}
}

// take does worker i's part of a turn, unless someone has begun it.
func (w *workers) take(i int, turn uint32) {
	// A turn ends when all of its parts are done: whoever is late finds this one's
	// taken, and doesn't touch f, which may be of another turn.
	if w.idle[i].taken.CompareAndSwap(turn-1, turn) {
		w.f(i)
		w.left.Add(-1)
	}
}

func (w *workers) loop(i int) {
	me := &w.idle[i]
	for seen := uint32(0); ; {
		for n := 0; w.turn.Load() == seen; n++ {
			if n < spins {
				continue
			}
			me.parked.Store(true)
			// Run may have begun a turn before it could see us parked: whoever
			// takes the flag back decides whether a wake-up is on its way.
			if w.turn.Load() == seen || !me.parked.CompareAndSwap(true, false) {
				<-me.wake
			}
			n = 0
		}
		if w.closing.Load() {
			return
		}
		seen = w.turn.Load()
		w.take(i, seen)
	}
}

// close ends the goroutines. No Run may follow or be under way.
func (w *workers) close() {
	w.once.Do(func() {
		w.closing.Store(true)
		w.turn.Add(1)
		for i := 1; i < len(w.idle); i++ {
			if w.idle[i].parked.CompareAndSwap(true, false) {
				w.idle[i].wake <- struct{}{}
			}
		}
	})
}
