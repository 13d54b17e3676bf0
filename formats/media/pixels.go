package media

import (
	"fmt"
	"image"
)

// Order is the order of the colour channels.
type Order int

const (
	RGB Order = iota
	BGR
)

// Pixels writes a picture as [h, w, channels] numbers of 0 to 255 into dst,
// which must have exactly that length. One channel is luma, 0.299 R + 0.587 G +
// 0.114 B (ITU-R BT.601) in 16-bit fixed point, rounded; three are the colours
// with alpha left out; four have alpha last.
func Pixels[T uint8 | float32](img *image.NRGBA, channels int, order Order, dst []T) error {
	if channels != 1 && channels != 3 && channels != 4 {
		return fmt.Errorf("pixels: %d channels (1, 3 and 4 are possible)", channels)
	}
	if order != RGB && order != BGR {
		return fmt.Errorf("pixels: channel order %d is neither RGB nor BGR", order)
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	if int64(len(dst)) != int64(w)*int64(h)*int64(channels) {
		return fmt.Errorf("pixels: shape [%d %d %d] does not fit a tensor of %d elements: resize first", h, w, channels, len(dst))
	}
	at := 0
	for y := range h {
		row := img.Pix[y*img.Stride:]
		for x := range w {
			p := row[4*x : 4*x+4]
			writePixel(dst[at:at+channels], p[0], p[1], p[2], p[3], order)
			at += channels
		}
	}
	return nil
}

func writePixel[T uint8 | float32](dst []T, r, g, b, a uint8, order Order) {
	if len(dst) == 1 {
		// 0.299, 0.587 and 0.114 in units of 1/65536; they add up to one.
		dst[0] = T((19595*uint32(r) + 38470*uint32(g) + 7471*uint32(b) + 1<<15) >> 16)
		return
	}
	if order == BGR {
		r, b = b, r
	}
	dst[0], dst[1], dst[2] = T(r), T(g), T(b)
	if len(dst) == 4 {
		dst[3] = T(a)
	}
}

// Normalise replaces each v by (v − mean)/std. Channels are innermost; mean and
// std have one number per channel, or one for all.
func Normalise(v, mean, std []float32) error {
	if len(mean) == 0 || len(mean) != len(std) || len(v)%len(mean) != 0 {
		return fmt.Errorf("normalise: %d means and %d standard deviations for %d elements", len(mean), len(std), len(v))
	}
	for c, s := range std {
		if !(s > 0) {
			return fmt.Errorf("normalise: standard deviation %g of channel %d is not positive", s, c)
		}
	}
	channels := len(mean)
	for i := range v {
		v[i] = (v[i] - mean[i%channels]) / std[i%channels]
	}
	return nil
}
