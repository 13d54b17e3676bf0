package runtime

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestWorkersRunAll(t *testing.T) {
	for _, n := range []int{2, 4, 7} {
		w := newWorkers(n)
		var sum atomic.Int64
		f := func(i int) { sum.Add(1 << (8 * i)) }
		want := int64(0)
		for turn := range 200 {
			w.Run(f)
			for i := range n {
				want += 1 << (8 * i)
			}
			require.Equal(t, want, sum.Load(), "turn %d", turn)
			if turn%50 == 0 {
				time.Sleep(time.Millisecond) // let the workers park
			}
		}
		w.close()
		w.close()
	}
}

func BenchmarkWorkers(b *testing.B) {
	w := newWorkers(2)
	defer w.close()
	f := func(int) {}
	for b.Loop() {
		w.Run(f)
	}
}
