package runtime

import (
	goruntime "runtime"
	"sync"
	"sync/atomic"
	"time"
)

// An idle worker looks for work for idle before it parks: longer than the gap
// between two operators, and than a caller takes to bring the next inputs, since a
// first operator that begins with a wake-up has lost its helpers. It looks at the
// clock each spins looks.
//
// The caller of Run looks for the end of work spins times, then lets other
// goroutines run in between, and after patience looks sleeps for nap: on a machine
// with more to do than cores, the worker that it waits for may need its core.
const (
	idle     = 200 * time.Microsecond
	spins    = 512
	patience = 1 << 14
	nap      = 50 * time.Microsecond
)

// workers is a fixed set of goroutines that run the same function at once.
// The caller of Run is worker 0, and does the part of any worker that has not begun
// when the caller is done with its own: one that the system gives no core cannot
// hold it up.
type workers struct {
	f       func(worker int)
	turn    atomic.Uint32 // counts calls of Run
	left    atomic.Int32  // workers still running f
	closing atomic.Bool
	idle    []idler
	once    sync.Once
}

type idler struct {
	taken  atomic.Uint32 // the last turn in which somebody did the worker's part
	parked atomic.Bool
	wake   chan struct{}
}

// take reports whether the caller is to do the worker's part of a turn. Turns
// follow each other, and none begins before all parts of the last are taken.
func (i *idler) take(turn uint32) bool { return i.taken.CompareAndSwap(turn-1, turn) }

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

// Run calls f(0) … f(Len()-1), at once as far as there are cores, and returns when
// all have returned.
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
	for i := len(w.idle) - 1; i > 0; i-- {
		if w.idle[i].take(turn) {
			f(i)
			w.left.Add(-1)
		}
	}
	for n := 0; w.left.Load() > 0; n++ {
		if n > patience {
			time.Sleep(nap)
		} else if n > spins {
			goruntime.Gosched()
		}
	}
}

func (w *workers) loop(i int) {
	me := &w.idle[i]
	for seen := uint32(0); ; {
		since := time.Now()
		for n := 0; w.turn.Load() == seen; n++ {
			if n < spins {
				continue
			} else if n = 0; time.Since(since) < idle {
				continue
			}
			me.parked.Store(true)
			// Run may have begun a turn before it could see us parked: whoever
			// takes the flag back decides whether a wake-up is on its way.
			if w.turn.Load() == seen || !me.parked.CompareAndSwap(true, false) {
				<-me.wake
			}
			since = time.Now()
		}
		if w.closing.Load() {
			return
		}
		if seen = w.turn.Load(); me.take(seen) {
			w.f(i)
			w.left.Add(-1)
		}
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
