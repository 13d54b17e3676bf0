package host

import (
	"testing"

	"github.com/edgeinfer/edgeinfer/kernels"
)

func BenchmarkPeak(b *testing.B) {
	each(b, "F32", func(b *testing.B, s kernels.Set) {
		macs := 0
		for b.Loop() {
			macs = s.Peak.F32(1000)
		}
		report(b, 2*macs)
	})
	each(b, "S8", func(b *testing.B, s kernels.Set) {
		macs := 0
		for b.Loop() {
			macs = s.Peak.S8(1000)
		}
		report(b, 2*macs)
	})
}
