package train

import (
	"math"
	"math/bits"

	"github.com/edgeinfer/edgeinfer/quant"
)

// What streams of random numbers are for: no two uses share one.
const (
	streamInit uint64 = iota + 1
	streamShuffle
	streamSplit
	streamAugment
)

// stream makes random numbers that are the same everywhere: SplitMix64
// (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
type stream uint64

// newStream returns the stream of a seed, a use, and a number within it.
func newStream(seed, use, n uint64) *stream {
	s := stream(seed)
	for _, k := range [...]uint64{use, n} {
		s = stream(s.next() ^ k*0x9E3779B97F4A7C15)
	}
	return &s
}

func (s *stream) next() uint64 {
	*s += 0x9E3779B97F4A7C15
	z := uint64(*s)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// below returns a number below n, each as likely (Lemire, Fast random integer
// generation in an interval, 2019, without the rejection: n is small).
func (s *stream) below(n int) int {
	hi, _ := bits.Mul64(s.next(), uint64(n))
	return int(hi)
}

// uniform returns a number in [0, 1).
func (s *stream) uniform() float64 { return float64(s.next()>>11) / (1 << 53) }

// normal returns a number of the standard normal distribution (Marsaglia's polar
// method).
func (s *stream) normal() float64 {
	for {
		u, v := float64(2*s.uniform())-1, float64(2*s.uniform())-1
		if q := float64(u*u) + float64(v*v); q > 0 && q < 1 {
			return u * math.Sqrt(float64(-2*quant.Log64(q))/q)
		}
	}
}

// permutation returns 0 … n-1 in random order, in p's memory.
func (s *stream) permutation(p []int) {
	for i := range p {
		p[i] = i
	}
	for i := len(p) - 1; i > 0; i-- {
		j := s.below(i + 1)
		p[i], p[j] = p[j], p[i]
	}
}
