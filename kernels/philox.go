package kernels

import "math/bits"

// The constants of Philox4x32: Salmon, Moraes, Dror and Shaw, "Parallel random
// numbers: as easy as 1, 2, 3" (2011). Keys are bumped between rounds.
const (
	PhiloxA, PhiloxB       = 0xD2511F53, 0xCD9E8D57
	PhiloxKeyA, PhiloxKeyB = 0x9E3779B9, 0xBB67AE85
	PhiloxRounds           = 10
)

// Philox4x32 returns the four words of Philox4x32-10 for a counter and a key: random
// numbers without a state.
func Philox4x32(c [4]uint32, k [2]uint32) [4]uint32 {
	for range PhiloxRounds {
		hi0, lo0 := bits.Mul32(PhiloxA, c[0])
		hi1, lo1 := bits.Mul32(PhiloxB, c[2])
		c = [4]uint32{hi1 ^ c[1] ^ k[0], lo1, hi0 ^ c[3] ^ k[1], lo0}
		k[0] += PhiloxKeyA
		k[1] += PhiloxKeyB
	}
	return c
}

// Drop says which elements DropF32 keeps: those whose random word is at least Least.
// The four elements of a block have the words of Philox4x32 for Key and the counter
// of block, 64 bits, Step and High.
type Drop struct {
	Key         [2]uint32
	Step, Least uint32
	Scale       float32 // of what is kept
	High        uint32
}

// DropF32 computes y[i] = x[i]·d.Scale, or 0 for what is dropped. Element 0 is the
// first of block. x is as long as y at least; y may be x.
type DropF32 func(y, x []float32, block uint64, d *Drop)
