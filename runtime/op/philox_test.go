package op

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPhilox has the known answers of Random123 for philox4x32 of 10 rounds.
func TestPhilox(t *testing.T) {
	for _, c := range []struct {
		counter [4]uint32
		key     [2]uint32
		want    [4]uint32
	}{
		{[4]uint32{}, [2]uint32{}, [4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{[4]uint32{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, [2]uint32{0xffffffff, 0xffffffff}, [4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
		{[4]uint32{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, [2]uint32{0xa4093822, 0x299f31d0}, [4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
	} {
		require.Equal(t, c.want, philox4x32(c.counter, c.key))
	}
	for range 100 {
		block, step, seed, layer := rand.Uint64(), rand.Uint32(), rand.Uint32(), rand.Uint32()
		p, q := philoxPair(block, step, seed, layer)
		require.Equal(t, philox4x32([4]uint32{uint32(block), uint32(block >> 32), step}, [2]uint32{seed, layer}), p)
		block++
		require.Equal(t, philox4x32([4]uint32{uint32(block), uint32(block >> 32), step}, [2]uint32{seed, layer}), q)
	}
}

func BenchmarkRandomDropout(b *testing.B) {
	x, y := make([]float32, 1<<16), make([]float32, 1<<16)
	for i := range x {
		x[i] = float32(i)
	}
	for _, rate := range []float32{0.1, 0.5} {
		b.Run(fmt.Sprint(rate), func(b *testing.B) {
			b.SetBytes(4 << 16)
			for i := 0; b.Loop(); i++ {
				RandomDropout{Rate: rate, Seed: 1, Layer: 2}.drop(y, x, 0, uint32(i))
			}
		})
	}
}
