package ref

import (
	"math"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// dropF32 draws eight elements at a time.
func dropF32(y, x []float32, block uint64, d *kernels.Drop) {
	x = x[:len(y)]
	for ; len(y) >= 8; x, y, block = x[8:], y[8:], block+2 {
		p, q := philoxPair(block, d)
		from, to := x[:8], y[:8]
		for l, r := range p {
			to[l] = keep(from[l]*d.Scale, r, d.Least)
		}
		for l, r := range q {
			to[4+l] = keep(from[4+l]*d.Scale, r, d.Least)
		}
	}
	for ; len(y) > 0; block++ {
		n := min(4, len(y))
		p := kernels.Philox4x32([4]uint32{uint32(block), uint32(block >> 32), d.Step, d.High}, d.Key)
		for l := range n {
			y[l] = keep(x[l]*d.Scale, p[l], d.Least)
		}
		x, y = x[n:], y[n:]
	}
}

// keep returns v or 0, without a branch: the sign of r − least makes the mask.
func keep(v float32, r, least uint32) float32 {
	mask := uint32((int64(r) - int64(least)) >> 63)
	return math.Float32frombits(math.Float32bits(v) &^ mask)
}

// philoxPair returns the words of block and the next, made side by side: the
// rounds of one wait for its products.
func philoxPair(block uint64, d *kernels.Drop) (p, q [4]uint32) {
	k0, k1 := d.Key[0], d.Key[1]
	a0, a1, a2, a3 := uint32(block), uint32(block>>32), d.Step, d.High
	b0, b1, b2, b3 := uint32(block+1), uint32((block+1)>>32), d.Step, d.High
	for range kernels.PhiloxRounds {
		ap, aq := kernels.PhiloxA*uint64(a0), kernels.PhiloxB*uint64(a2)
		bp, bq := kernels.PhiloxA*uint64(b0), kernels.PhiloxB*uint64(b2)
		a0, a1, a2, a3 = uint32(aq>>32)^a1^k0, uint32(aq), uint32(ap>>32)^a3^k1, uint32(ap)
		b0, b1, b2, b3 = uint32(bq>>32)^b1^k0, uint32(bq), uint32(bp>>32)^b3^k1, uint32(bp)
		k0 += kernels.PhiloxKeyA
		k1 += kernels.PhiloxKeyB
	}
	return [4]uint32{a0, a1, a2, a3}, [4]uint32{b0, b1, b2, b3}
}
