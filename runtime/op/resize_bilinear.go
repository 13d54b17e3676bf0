package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// ResizeBilinear scales images; each output mixes the four pixels around it.
// Input 0 is [n h w c]; input 1, int32, the new height and width.
//
// float32 and uint8 are mixed in float32; int8 and int16 with weights in
// 1024ths.
type ResizeBilinear struct {
	// AlignCorners makes the corner pixels' centres meet.
	AlignCorners bool
	// HalfPixelCenters puts a pixel's centre half a pixel from its corner.
	HalfPixelCenters bool
}

// Infer returns the image's type with the new size.
func (o *ResizeBilinear) Infer(in []tensor.View) ([]tensor.Type, error) {
	t, err := resized(in)
	if err != nil {
		return nil, err
	}
	if o.AlignCorners && o.HalfPixelCenters {
		return nil, errorf("align_corners and half_pixel_centers exclude each other")
	}
	return t, wantType(in, 0, tensor.F32, tensor.I8, tensor.U8, tensor.I16)
}

// tenBits is 1 in the fixed point of integer weights.
const tenBits = 1 << 10

// mixF32 and mixInt say which two pixels along an axis make an output, and how
// much of each.
type (
	mixF32 struct {
		lo, hi int
		a, b   float32
	}
	mixInt struct {
		lo, hi int
		a, b   int32
	}
)

// f32 returns the mix of output i of out, of n pixels (ComputeInterpolationValues).
func (o *ResizeBilinear) f32(i, n, out int) mixF32 {
	scale := float32(n) / float32(out)
	if o.AlignCorners && out > 1 {
		scale = float32(n-1) / float32(out-1)
	}
	at := float32(float32(i) * scale)
	if o.HalfPixelCenters {
		at = float32((float32(i)+0.5)*scale) - 0.5
	}
	lo := min(max(int(math.Floor(float64(at))), 0), n-1)
	hi := min(int(math.Ceil(float64(at))), n-1)
	b := at - float32(lo)
	return mixF32{lo, max(hi, 0), 1 - b, b}
}

// int returns the same for integers (ComputeInterpolationValuesInteger). The
// scale is rounded, so that far out in large images it may point past the
// image: the last pixel is then taken.
func (o *ResizeBilinear) int(i, n, out int) mixInt {
	scale := (tenBits*int64(n) + int64(out/2)) / int64(out)
	if o.AlignCorners && out > 1 {
		scale = (tenBits*int64(n-1) + int64((out-1)/2)) / int64(out-1)
	}
	at := int64(i) * scale
	if o.HalfPixelCenters {
		at += scale/2 - tenBits/2
	}
	last := int64(n - 1)
	at = min(at, tenBits*last+tenBits)
	lo := min(max(at/tenBits, 0), last)
	hi := min((at+tenBits-1)/tenBits, last)
	b := int32(at - tenBits*lo)
	return mixInt{int(lo), int(hi), tenBits - b, b}
}

// Ref mixes pixel by pixel.
func (o *ResizeBilinear) Ref(in, out []tensor.View) error {
	s := imagesOf(&in[0].Type, &out[0].Type)
	i := 0
	for b := range s.n {
		for oy := range s.oh {
			for ox := range s.ow {
				for ch := range s.c {
					pixel := func(y, x int) int { return ((b*s.h+y)*s.w+x)*s.c + ch }
					switch in[0].DType {
					case tensor.F32:
						x, my, mx := in[0].F32(), o.f32(oy, s.h, s.oh), o.f32(ox, s.w, s.ow)
						out[0].F32()[i] = mixed(my, mx, x[pixel(my.lo, mx.lo)], x[pixel(my.hi, mx.lo)], x[pixel(my.lo, mx.hi)], x[pixel(my.hi, mx.hi)])
					case tensor.U8:
						x, my, mx := in[0].U8(), o.f32(oy, s.h, s.oh), o.f32(ox, s.w, s.ow)
						out[0].U8()[i] = uint8(0.5 + mixed(my, mx, float32(x[pixel(my.lo, mx.lo)]), float32(x[pixel(my.hi, mx.lo)]), float32(x[pixel(my.lo, mx.hi)]), float32(x[pixel(my.hi, mx.hi)])))
					default:
						my, mx := o.int(oy, s.h, s.oh), o.int(ox, s.w, s.ow)
						at := func(y, x int) int64 { return intElement(&in[0], pixel(y, x)) }
						setInteger(&out[0], i, int32(rounded20(
							at(my.lo, mx.lo)*int64(my.a)*int64(mx.a)+at(my.hi, mx.lo)*int64(my.b)*int64(mx.a)+
								at(my.lo, mx.hi)*int64(my.a)*int64(mx.b)+at(my.hi, mx.hi)*int64(my.b)*int64(mx.b))))
					}
					i++
				}
			}
		}
	}
	return nil
}

// mixed returns the mix of four pixels, in the reference's order.
func mixed(y, x mixF32, ll, hl, lh, hh float32) float32 {
	s := float32(float32(ll*y.a)*x.a) + float32(float32(hl*y.b)*x.a)
	s += float32(float32(lh*y.a) * x.b)
	s += float32(float32(hh*y.b) * x.b)
	return s + 0 // -0 becomes 0
}

// rounded20 returns x/2^20, rounded half away from zero.
func rounded20(x int64) int64 {
	if x > 0 {
		return (x + 1<<19) >> 20
	}
	return (x - 1<<19) / (1 << 20)
}
