//go:build !purego

package amd64

// peak returns a slot of kernels.Peak: loop's rounds, of macs each.
func peak(loop func(n int), macs int) func(n int) int {
	return func(n int) int {
		loop(n)
		return n * macs
	}
}

//go:noescape
func peakF32AVX2(n int)

//go:noescape
func peakF32AVX512(n int)

//go:noescape
func peakS8AVX2(n int)

//go:noescape
func peakS8AVX512(n int)

//go:noescape
func peakS8AVXVNNI(n int)

//go:noescape
func peakS8VNNI(n int)
