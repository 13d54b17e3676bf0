package host
import ("testing";"fmt";"github.com/edgeinfer/edgeinfer/kernels")
func BenchmarkTmp(b *testing.B) {
	c, n := 64, 96
	x, y := pattern(make([]int8, 1<<16)), make([]int8, n*c)
	for _, nt := range []int{4, 8, 12, 16, 24} {
		var taps []kernels.Tap
		for t := range nt { taps = append(taps, kernels.Tap{X: int32(t%3*c+t/3*26*c), W: int32(t * c)}) }
		s, _ := ByName("vnni")
		run := s.FixDepthwiseS8(pattern(make([]int8, 64*c)), taps, c, c, 3, scales(c))
		b.Run(fmt.Sprint(nt), func(b *testing.B) {
			for b.Loop() { run(y, x, n) }
			b.ReportMetric(b.Elapsed().Seconds()*1e9*3.82/float64(b.N*n),"cyc")
		})
	}
}
