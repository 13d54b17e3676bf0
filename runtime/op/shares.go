package op

// shareWork is how many elements, of work 1 each, are worth waking a worker for.
const shareWork = 1 << 15

// inShares returns a step that does n things, in multiples of grain, shared
// among the session's workers. work is what each thing takes: 1 for a visit to
// an element. What is done to one thing must not depend on the others.
func inShares(m *Mem, n, grain, work int, do func(lo, hi int)) Step {
	threads := 1
	if m.Env != nil && m.Env.Workers != nil {
		threads = int(min(int64(m.Env.Workers.Len()), 1+int64(n)*int64(work)/shareWork))
	}
	if threads == 1 {
		return func() error { do(0, n); return nil }
	}
	return onWorkers(m.Env.Workers, threads, func(w int) {
		if lo, hi := Share(n, w, threads, grain); lo < hi {
			do(lo, hi)
		}
	})
}
