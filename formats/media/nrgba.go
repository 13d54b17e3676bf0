package media

import (
	"image"
	"image/color"
)

// toNRGBA copies any picture. The types that the decoders return are read
// directly, because image/draw would round alpha twice.
func toNRGBA(src image.Image) *image.NRGBA {
	b := src.Bounds()
	dst := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	at := pixelReader(src)
	for y := range b.Dy() {
		row := dst.Pix[y*dst.Stride:]
		for x := range b.Dx() {
			c := at(b.Min.X+x, b.Min.Y+y)
			row[4*x], row[4*x+1], row[4*x+2], row[4*x+3] = c.R, c.G, c.B, c.A
		}
	}
	return dst
}

func pixelReader(src image.Image) func(x, y int) color.NRGBA {
	switch src := src.(type) {
	case *image.NRGBA:
		return src.NRGBAAt
	case *image.NRGBA64:
		return func(x, y int) color.NRGBA {
			c := src.NRGBA64At(x, y)
			return color.NRGBA{R: uint8(c.R >> 8), G: uint8(c.G >> 8), B: uint8(c.B >> 8), A: uint8(c.A >> 8)}
		}
	case *image.YCbCr:
		return func(x, y int) color.NRGBA { return fromYCbCr(src.YCbCrAt(x, y), 255) }
	case *image.NYCbCrA:
		return func(x, y int) color.NRGBA { return fromYCbCr(src.YCbCrAt(x, y), src.A[src.AOffset(x, y)]) }
	case *image.Gray:
		return func(x, y int) color.NRGBA {
			v := src.GrayAt(x, y).Y
			return color.NRGBA{R: v, G: v, B: v, A: 255}
		}
	case *image.Paletted:
		palette := make([]color.NRGBA, 256) // an index beyond the palette is transparent black
		for i, c := range src.Palette[:min(256, len(src.Palette))] {
			palette[i] = straight(c)
		}
		return func(x, y int) color.NRGBA { return palette[src.ColorIndexAt(x, y)] }
	}
	return func(x, y int) color.NRGBA { return straight(src.At(x, y)) }
}

func fromYCbCr(c color.YCbCr, alpha uint8) color.NRGBA {
	r, g, b := color.YCbCrToRGB(c.Y, c.Cb, c.Cr)
	return color.NRGBA{R: r, G: g, B: b, A: alpha}
}

func straight(c color.Color) color.NRGBA {
	return color.NRGBAModel.Convert(c).(color.NRGBA)
}

// onCanvas puts a GIF's frame, which may be smaller, where it belongs on a
// transparent canvas of w×h.
func onCanvas(frame image.Image, w, h int) *image.NRGBA {
	dst := image.NewNRGBA(image.Rect(0, 0, w, h))
	at := pixelReader(frame)
	b := frame.Bounds().Intersect(dst.Rect)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			dst.SetNRGBA(x, y, at(x, y))
		}
	}
	return dst
}
