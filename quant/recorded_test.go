package quant

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// digest is FNV-1a over the little-endian bytes of 32-bit results.
type digest uint64

func newDigest() digest { return 14695981039346656037 }

func (d *digest) add(v int32) {
	for i := range 4 {
		*d = (*d ^ digest(uint8(uint32(v)>>(8*i)))) * 1099511628211
	}
}

// lcg is the generator that the recording program used (Knuth's MMIX).
type lcg uint64

func (g *lcg) next() uint32 {
	*g = *g*6364136223846793005 + 1442695040888963407
	return uint32(*g >> 32)
}

func checkDigest(t *testing.T, name string, fill func(d *digest)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Helper()
		want, ok := recorded[name]
		require.True(t, ok, "nothing recorded")
		d := newDigest()
		fill(&d)
		require.Equalf(t, want, uint64(d), "%#x", uint64(d))
	})
}

// recorded holds digests of what TensorFlow Lite Micro's reference computes,
// from a program compiled with its own headers (GCC, x86-64).
var recorded = map[string]uint64{
	"highmul32":                0x46f41618d44ae9d7,
	"highmul16":                0x38f0dfc810ea2a44,
	"divpot32":                 0x53cb3dcfd617c229,
	"divpot16":                 0xc11e5d9a5360629b,
	"apply":                    0x3cf2036dae2351ea,
	"apply64":                  0xf6e0a4b419dd9a0b,
	"quantize multiplier":      0x3749e847ae69dd8b,
	"halfsum":                  0x18367e454e9d4b64,
	"shiftleft":                0x635d0a052aaab911,
	"fractions16":              0x502d4ee6ddc2a8a5,
	"fractions32":              0x53b2ef9bfd0b7783,
	"exp16/0":                  0x3c940ce8bc156b70,
	"exp16/1":                  0x00b9b98b8f3f60dd,
	"exp16/2":                  0x83ffd7b083354774,
	"exp16/3":                  0x8d82858ab780793f,
	"exp16/4":                  0x1acfa994cca07ecc,
	"exp16/5":                  0xb9a9fa6467b0973f,
	"exp16/6":                  0xb094b06a5ae8ffca,
	"exp16/7":                  0x7595bfa37de2d2d1,
	"logistic16/0":             0x0b12f9e809d2423e,
	"logistic16/3":             0xef01ec2b77ce7c34,
	"logistic16/6":             0x6a77c4e974ffe123,
	"tanh16/0":                 0x442f95080c29be3f,
	"tanh16/1":                 0xed5544c867c9414b,
	"tanh16/2":                 0xf13dd26f94c99197,
	"tanh16/3":                 0xe4a38410afdf07fd,
	"tanh16/4":                 0x7a7410effe3fc2bc,
	"tanh16/5":                 0x6bfdd0c20be7b6b0,
	"tanh16/6":                 0xb855bc2b71e805e2,
	"exp32/0":                  0x6c6ae167997aee17,
	"exp32/3":                  0xc7b818963a664fa8,
	"exp32/5":                  0xfa0b1640b3aaa95c,
	"exp32/6":                  0x94719ea127d0feb4,
	"exp32/12":                 0x081a7807876dd91c,
	"exp32/26":                 0x72ba0eecefb93956,
	"logistic32/0":             0x6cba87e561e72d61,
	"logistic32/4":             0xad541d858a51f7df,
	"logistic32/12":            0x186b17b69b902bd4,
	"tanh32/0":                 0xe16b165729d47f42,
	"tanh32/4":                 0xb3a97ef3b7728537,
	"tanh32/12":                0x6e4ba881e92c3b40,
	"log/5/12":                 0xc872b46e1d795c35,
	"log/4/16":                 0x2903bb1e15f40859,
	"log/5/5":                  0x6b3ae4b1f47a4b9f,
	"reciprocal":               0x2faa45ab25e26ba6,
	"invsqrt":                  0xd5db79e851abeb4e,
	"softmax scaling":          0xa40125a57e143770,
	"checked log2":             0x1db0435ae3986be5,
	"downscale16":              0x085f7e3825529bb1,
	"sigmoid table":            0x2666df50540b983c,
	"lut16 softmax exp":        0x4aa33a2f7eaa4bc3,
	"lut16 softmax reciprocal": 0xd4344890be206679,
	"lut16 tanh":               0x4fc1cd8ad71f5591,
	"lut16 sin":                0x80d5ef99d3c26e50,
	"lut16 cos":                0xd3bdaff382af5882,
	"lut16 erf":                0x34251b8eced431ff,
	"lut16 log":                0x92f194086dd9e116,
	"lut16 expm1":              0x7dbd3669e9b1e51c,
	"lut16 tanh double":        0xb3acf2f29ab8e91f,
	"lut8 tanh":                0x8eb90b5c151b9b56,
	"lut8 logistic":            0x8bede01128a9a516,
}

func TestRecordedRounding(t *testing.T) {
	checkDigest(t, "highmul32", func(d *digest) {
		g := lcg(1)
		for range 200000 {
			a, b := int32(g.next()), int32(g.next())
			d.add(SaturatingRoundingDoublingHighMul(a, b))
		}
	})
	checkDigest(t, "highmul16", func(d *digest) {
		g := lcg(1)
		for range 200000 {
			a, b := int16(g.next()), int16(g.next())
			d.add(int32(SaturatingRoundingDoublingHighMul16(a, b)))
		}
	})
	checkDigest(t, "divpot32", func(d *digest) {
		g := lcg(1)
		for i := range 200000 {
			a := int32(g.next())
			for e := 0; e < 32; e += 31 - i%31 {
				d.add(RoundingDivideByPOT(a, e))
			}
		}
	})
	checkDigest(t, "divpot16", func(d *digest) {
		for x := -32768; x <= 32767; x++ {
			for e := range 16 {
				d.add(int32(RoundingDivideByPOT16(int16(x), e)))
			}
		}
	})
	checkDigest(t, "halfsum", func(d *digest) {
		g := lcg(1)
		for range 100000 {
			a, b := int32(g.next()), int32(g.next())
			d.add(RoundingHalfSum(a, b))
			d.add(int32(RoundingHalfSum16(int16(a), int16(b))))
		}
	})
	checkDigest(t, "shiftleft", func(d *digest) {
		g := lcg(1)
		for range 100000 {
			a := int32(g.next())
			a >>= g.next() % 32
			e := int(g.next() % 32)
			d.add(SaturatingLeftShift32(a, e))
			d.add(int32(SaturatingLeftShift16(int16(a), e%16)))
		}
	})
}

// wide returns a double between 2^−40 and 2^40 with random mantissa.
func (g *lcg) wide() float64 {
	m := uint64(g.next()&0xfffff) << 32
	m |= uint64(g.next())
	e := uint64(1023-40) + uint64(g.next()%80)
	return math.Float64frombits(e<<52 | m)
}

func TestRecordedMultiplier(t *testing.T) {
	checkDigest(t, "quantize multiplier", func(d *digest) {
		g := lcg(1)
		for range 200000 {
			m := NewMultiplier(g.wide())
			d.add(m.M)
			d.add(int32(m.Shift))
		}
	})
	checkDigest(t, "apply", func(d *digest) {
		g := lcg(1)
		for range 200000 {
			x, m := int32(g.next()), int32(1<<30|g.next()>>2)
			d.add(Multiplier{m, int8(int(g.next()%62) - 31)}.Apply(x))
		}
	})
	checkDigest(t, "apply64", func(d *digest) {
		g := lcg(1)
		for range 200000 {
			x := uint64(g.next()) << 32
			x |= uint64(g.next())
			wide := int64(x) >> (16 + g.next()%40)
			m := int32(1<<30 | g.next()>>2)
			d.add(Multiplier{m, int8(int(g.next()%39) - 31)}.Apply64(wide))
		}
	})
	checkDigest(t, "downscale16", func(d *digest) {
		g := lcg(1)
		for i := range 100000 {
			m := int32(g.next() >> 1)
			if i%5 == 0 {
				m |= 0x7fff0000
			}
			d.add(int32(DownscaleMultiplier16(m)))
		}
	})
}
