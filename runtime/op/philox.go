package op

import "math/bits"

// The constants of Philox4x32: Salmon, Moraes, Dror and Shaw, "Parallel random
// numbers: as easy as 1, 2, 3" (2011).
const (
	philoxA, philoxB       = 0xD2511F53, 0xCD9E8D57
	philoxKeyA, philoxKeyB = 0x9E3779B9, 0xBB67AE85
	philoxRounds           = 10
)

// philox4x32 returns the four words of Philox4x32-10 for a counter and a key.
func philox4x32(c [4]uint32, k [2]uint32) [4]uint32 {
	for range philoxRounds {
		hi0, lo0 := bits.Mul32(philoxA, c[0])
		hi1, lo1 := bits.Mul32(philoxB, c[2])
		c = [4]uint32{hi1 ^ c[1] ^ k[0], lo1, hi0 ^ c[3] ^ k[1], lo0}
		k[0] += philoxKeyA
		k[1] += philoxKeyB
	}
	return c
}

// philoxPair returns the words of counters (block, step) and (block+1, step), made
// side by side: the rounds of one wait for its products.
func philoxPair(block uint64, step, seed, layer uint32) (p, q [4]uint32) {
	a0, a1, a2, a3 := uint32(block), uint32(block>>32), step, uint32(0)
	b0, b1, b2, b3 := uint32(block+1), uint32((block+1)>>32), step, uint32(0)
	for range philoxRounds {
		ap, aq := philoxA*uint64(a0), philoxB*uint64(a2)
		bp, bq := philoxA*uint64(b0), philoxB*uint64(b2)
		a0, a1, a2, a3 = uint32(aq>>32)^a1^seed, uint32(aq), uint32(ap>>32)^a3^layer, uint32(ap)
		b0, b1, b2, b3 = uint32(bq>>32)^b1^seed, uint32(bq), uint32(bp>>32)^b3^layer, uint32(bp)
		seed += philoxKeyA
		layer += philoxKeyB
	}
	return [4]uint32{a0, a1, a2, a3}, [4]uint32{b0, b1, b2, b3}
}
