package runtime

import (
	goruntime "runtime"
	"sync"
	"sync/atomic"
)

// spins is how often an idle worker looks for work before it parks: about
// 20 µs, longer than the gap between two operators.
const spins = 4000

// workers is a fixed set of goroutines that run the same function at once.
// The caller of Run is worker 0.
type workers struct {
	f       func(worker int)
	turn    atomic.Uint32 // counts calls of Run
	left    atomic.Int32  // workers still running f
	closing atomic.Bool
	idle    []idler
	once    sync.Once
}

type idler struct {
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

// Run calls f(0) … f(Len()-1) at once and returns when all have returned.
func (w *workers) Run(f func(worker int)) {
	w.f = f
	w.left.Store(int32(len(w.idle) - 1))
	w.turn.Add(1)
	for i := 1; i < len(w.idle); i++ {
		if w.idle[i].parked.CompareAndSwap(true, false) {
			w.idle[i].wake <- struct{}{}
		}
	}
	f(0)
	for n := 0; w.left.Load() > 0; n++ {
		if n > spins {
			goruntime.Gosched()
		}
	}
}

func (w *workers) loop(i int) {
	me := &w.idle[i]
	for seen := uint32(0); ; seen++ {
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
		w.f(i)
		w.left.Add(-1)
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
