package quant

import (
	"fmt"
	"math"
	"testing"
)

func TestRecordedFixedPoint16(t *testing.T) {
	checkDigest(t, "fractions16", func(d *digest) {
		for x := 0; x <= math.MaxInt16; x++ {
			d.add(int32(OneOverOnePlusX16(int16(x))))
			d.add(int32(OneMinusXOverOnePlusX16(int16(x))))
		}
	})
	sweep := func(name string, bits []int, hi int, f func(int16, int) int16) {
		for _, b := range bits {
			checkDigest(t, fmt.Sprintf("%s/%d", name, b), func(d *digest) {
				for x := math.MinInt16; x <= hi; x++ {
					d.add(int32(f(int16(x), b)))
				}
			})
		}
	}
	sweep("exp16", []int{0, 1, 2, 3, 4, 5, 6, 7}, 0, ExpOnNegativeValues16)
	sweep("logistic16", []int{0, 3, 6}, math.MaxInt16, Logistic16)
	sweep("tanh16", []int{0, 1, 2, 3, 4, 5, 6}, math.MaxInt16, FixedTanh16)
}

func TestRecordedFixedPoint32(t *testing.T) {
	checkDigest(t, "fractions32", func(d *digest) {
		for x := int64(0); x <= math.MaxInt32; x += 32749 {
			d.add(OneOverOnePlusX(int32(x)))
			d.add(OneMinusXOverOnePlusX(int32(x)))
		}
	})
	for _, b := range []int{0, 3, 5, 6, 12, 26} {
		checkDigest(t, fmt.Sprintf("exp32/%d", b), func(d *digest) {
			for x := int64(math.MinInt32); x <= 0; x += 65521 {
				d.add(ExpOnNegativeValues(int32(x), b))
			}
			for x := int32(-1000); x <= 0; x++ {
				d.add(ExpOnNegativeValues(x, b))
			}
		})
	}
	sweep := func(name string, f func(int32, int) int32) {
		for _, b := range []int{0, 4, 12} {
			checkDigest(t, fmt.Sprintf("%s/%d", name, b), func(d *digest) {
				for x := int64(math.MinInt32); x <= math.MaxInt32; x += 131063 {
					d.add(f(int32(x), b))
				}
			})
		}
	}
	sweep("logistic32", Logistic)
	sweep("tanh32", FixedTanh)
}

// positives calls f with numbers up to 2^31 whose distances grow with them.
func positives(from int64, f func(int32)) {
	for x := from; x <= math.MaxInt32; x += x/5000 + 1 {
		f(int32(x))
	}
}

func TestRecordedReciprocals(t *testing.T) {
	checkDigest(t, "reciprocal", func(d *digest) {
		positives(1, func(x int32) {
			r, n := GetReciprocal(x, 12)
			d.add(r)
			d.add(int32(n))
		})
	})
	checkDigest(t, "invsqrt", func(d *digest) {
		positives(0, func(x int32) {
			m, shift := InvSqrtQuantizedMultiplier(x)
			d.add(m)
			d.add(int32(shift))
		})
	})
	for _, bits := range [][2]int{{5, 12}, {4, 16}, {5, 5}} {
		checkDigest(t, fmt.Sprintf("log/%d/%d", bits[0], bits[1]), func(d *digest) {
			positives(1, func(x int32) { d.add(LogGreaterThanOrEqualOne(x, bits[1], bits[0])) })
		})
	}
}

func TestRecordedSoftmaxScaling(t *testing.T) {
	addMultiplier := func(d *digest, m Multiplier, err error) {
		if err != nil {
			t.Fatal(err)
		}
		d.add(m.M)
		d.add(int32(m.Shift))
	}
	checkDigest(t, "softmax scaling", func(d *digest) {
		g := lcg(1)
		for i := range 20000 {
			fraction := 1 + float64(g.next())/4294967296
			s := math.Ldexp(fraction, -int(g.next()%20))
			m, err := PreprocessSoftmaxScaling(1+float64(i%7)*0.25, s, 5)
			addMultiplier(d, m, err)
			d.add(int32(CalculateInputRadius(5, int(m.Shift), 31)))
			_, reverse, err := PreprocessLogSoftmaxScaling(1, min(s, 0.9), 5)
			addMultiplier(d, reverse, err)
		}
	})
	checkDigest(t, "checked log2", func(d *digest) {
		g := lcg(1)
		for i := range 100000 {
			x := float32(1)
			if i%3 != 0 {
				x = 1
			} else {
				x += float32(g.next()>>9) * 0x1p-36
			}
			log2, ok := CheckedLog2(float32(math.Ldexp(float64(x), -(i%40)+20)))
			d.add(int32(log2))
			if ok {
				d.add(1)
			} else {
				d.add(0)
			}
		}
	})
}
