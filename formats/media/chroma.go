package media

import "image"

// planes is a picture of luma and colours, of which there may be fewer.
type planes struct {
	*image.YCbCr
	// smooth interpolates a row of colours to the width w. far is the row next
	// to near on the other side of the pixels, near itself where they coincide.
	smooth func(dst, near, far []byte, w int, same bool)
	// halves are the directions in which there is one colour for two pixels.
	across, down bool
	convert      func(y, u, v int32) (r, g, b byte)
}

// planes says how the format's usual library makes pixels of img.
func (f imageFormat) planes(img *image.YCbCr) planes {
	p := planes{YCbCr: img, convert: jfifPixel}
	switch img.SubsampleRatio {
	case image.YCbCrSubsampleRatio422:
		p.across = true
	case image.YCbCrSubsampleRatio420:
		p.across, p.down = true, true
	case image.YCbCrSubsampleRatio440:
		p.down = true
	}
	switch {
	case f.name == "webp":
		p.convert, p.smooth = vp8Pixel, vp8Smooth
	case p.across && (img.Rect.Dx()+1)/2 <= 2: // too narrow for libjpeg's filter
	case p.across && p.down:
		p.smooth = jpegSmooth22
	case p.across:
		p.smooth = jpegSmooth21
	case p.down:
		p.smooth = jpegSmooth12
	}
	return p
}

// rgb writes the pixels.
func (p planes) rgb(dst []byte) {
	w, h := p.Rect.Dx(), p.Rect.Dy()
	u, v := make([]byte, w+2), make([]byte, w+2)
	for y := range h {
		p.colours(u, p.Cb, y)
		p.colours(v, p.Cr, y)
		luma := p.Y[p.YOffset(p.Rect.Min.X, p.Rect.Min.Y+y):]
		for x := range w {
			at := 3 * (y*w + x)
			dst[at], dst[at+1], dst[at+2] = p.convert(int32(luma[x]), int32(u[x]), int32(v[x]))
		}
	}
}

// colours makes row y of one plane as wide as the picture.
func (p planes) colours(dst, plane []byte, y int) {
	w, h := p.Rect.Dx(), p.Rect.Dy()
	if p.smooth == nil {
		for x := range w {
			dst[x] = plane[p.COffset(p.Rect.Min.X+x, p.Rect.Min.Y+y)]
		}
		return
	}
	row, rows, cw := y, h, w
	other := y
	if p.down {
		row, rows = y/2, (h+1)/2
		other = min(max(row-1+2*(y&1), 0), rows-1)
	}
	if p.across {
		cw = (w + 1) / 2
	}
	at := p.COffset(p.Rect.Min.X, p.Rect.Min.Y)
	near, far := plane[at+row*p.CStride:][:cw], plane[at+other*p.CStride:][:cw]
	p.smooth(dst, near, far, w, y&1 == 0)
}

// jpegSmooth21 is libjpeg's "fancy" filter: 3/4 of the nearer colour and 1/4 of
// the next, rounded down and up in turn.
func jpegSmooth21(dst, near, _ []byte, _ int, _ bool) {
	last := len(near) - 1
	for x, c := range near {
		this := 3 * int(c)
		dst[2*x] = byte((this + int(near[max(x-1, 0)]) + 1) >> 2)
		dst[2*x+1] = byte((this + int(near[min(x+1, last)]) + 2) >> 2)
	}
}

// jpegSmooth12 does the same between rows.
func jpegSmooth12(dst, near, far []byte, _ int, upper bool) {
	bias := 2
	if upper {
		bias = 1
	}
	for x, c := range near {
		dst[x] = byte((3*int(c) + int(far[x]) + bias) >> 2)
	}
}

// jpegSmooth22 does both at once.
func jpegSmooth22(dst, near, far []byte, _ int, _ bool) {
	last := len(near) - 1
	sum := func(x int) int { return 3*int(near[x]) + int(far[x]) }
	for x := range near {
		this := 3 * sum(x)
		dst[2*x] = byte((this + sum(max(x-1, 0)) + 8) >> 4)
		dst[2*x+1] = byte((this + sum(min(x+1, last)) + 7) >> 4)
	}
}

// vp8Smooth is WebP's filter, with weights 9, 3, 3 and 1 of 16, rounded in two steps.
func vp8Smooth(dst, near, far []byte, w int, _ bool) {
	edge := func(x int) byte { return byte((3*int(near[x]) + int(far[x]) + 2) >> 2) }
	dst[0] = edge(0)
	for x := 1; x < len(near); x++ {
		a, b, c, d := int(near[x-1]), int(near[x]), int(far[x-1]), int(far[x])
		sum := a + b + c + d + 8
		dst[2*x-1] = byte(((sum+2*(b+c))>>3 + a) >> 1)
		dst[2*x] = byte(((sum+2*(a+d))>>3 + b) >> 1)
	}
	if w&1 == 0 {
		dst[w-1] = edge(len(near) - 1)
	}
}

// jfifPixel converts full-range colours, in units of 2^-16.
func jfifPixel(y, u, v int32) (r, g, b byte) {
	u, v = u-128, v-128
	return toByte(y + (91881*v+1<<15)>>16), toByte(y + (-22554*u-46802*v+1<<15)>>16), toByte(y + (116130*u+1<<15)>>16)
}

// vp8Pixel converts colours of the range that video has (ITU-R BT.601), as RFC
// 6386's implementations do: factors of 2^-14, of which 8 bits are cut first.
func vp8Pixel(y, u, v int32) (r, g, b byte) {
	y = 19077 * y >> 8
	return toByte((y + 26149*v>>8 - 14234) >> 6), toByte((y - 6419*u>>8 - 13320*v>>8 + 8708) >> 6), toByte((y + 33050*u>>8 - 17685) >> 6)
}

func toByte(x int32) byte { return byte(max(0, min(x, 255))) }
