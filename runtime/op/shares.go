package op

// shareWork is how many elements, of work 1 each, are worth waking a worker for.
const shareWork = 1 << 17

// inShares returns a step that does n things, in multiples of grain, shared
// among the session's workers. work is what each thing takes: 1 for a visit to
// an element. What is done to one thing must not depend on the others.
func inShares(m *Mem, n, grain, work int, do func(lo, hi int)) Step {
	return inSharesOf(m, n, grain, work, func(_, lo, hi int) { do(lo, hi) })
}

// inSharesOf is inShares for what must know its worker.
func inSharesOf(m *Mem, n, grain, work int, do func(w, lo, hi int)) Step {
	threads := m.sharers(n, work)
	if threads == 1 {
		return func() error { do(0, 0, n); return nil }
	}
	return onWorkers(m.Env.Workers, threads, func(w int) {
		if lo, hi := Share(n, w, threads, grain); lo < hi {
			do(w, lo, hi)
		}
	})
}

// sharers returns among how many workers inShares shares.
func (m *Mem) sharers(n, work int) int {
	if m.Env == nil || m.Env.Workers == nil {
		return 1
	}
	return int(min(int64(m.Env.Workers.Len()), 1+int64(n)*int64(work)/shareWork))
}

// worker returns worker w's scratch, if the operator asked for some.
func (m *Mem) worker(w int) []byte {
	if w < len(m.PerWorker) {
		return m.PerWorker[w]
	}
	return nil
}
