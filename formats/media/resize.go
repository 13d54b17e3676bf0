package media

import (
	"fmt"
	"image"
)

// Mode says how Resize fits a picture into another aspect ratio; Area may be
// or-ed to it.
type Mode int

const (
	Stretch Mode = iota // both axes scaled on their own
	Crop                // the largest centred part of the wanted aspect
	Pad                 // all of it, centred, with bars, black unless ResizeOn says otherwise

	// Area averages all source pixels that a target pixel covers, on an axis
	// that shrinks. Without it two pixels per axis are read, as in a model's
	// own bilinear resizing, and a picture shrunk by more than 2 aliases.
	Area Mode = 1 << 4
)

// maxTarget and maxSource keep scale's sums within 64 bits.
const (
	maxTarget = 1 << 15
	maxSource = 1 << 20
)

// Resize returns a picture of w×h. Interpolation is bilinear with half-pixel
// centres: target x reads source (x+½)·sw/w − ½, clamped at the edges. Weights
// are exact fractions, and each result is rounded once, half up.
func Resize(img *image.NRGBA, w, h int, mode Mode) (*image.NRGBA, error) {
	return ResizeOn(img, w, h, mode, 0)
}

// ResizeOn is Resize with Pad's bars in a shade of grey.
func ResizeOn(img *image.NRGBA, w, h int, mode Mode, grey uint8) (*image.NRGBA, error) {
	from, to, err := Place(img.Rect, w, h, mode)
	if err != nil {
		return nil, err
	}
	dst := image.NewNRGBA(image.Rect(0, 0, w, h))
	if mode&^Area == Pad {
		for i := range dst.Pix {
			dst.Pix[i] = grey
			if i%4 == 3 {
				dst.Pix[i] = 255
			}
		}
	}
	scale(dst.SubImage(to).(*image.NRGBA), img.SubImage(from).(*image.NRGBA), mode&Area != 0)
	return dst, nil
}

// Place returns which part of a picture Resize takes, and which part of the
// target it fills with that.
func Place(picture image.Rectangle, w, h int, mode Mode) (source, target image.Rectangle, err error) {
	source, target = picture, image.Rect(0, 0, w, h)
	if w < 1 || h < 1 || w > maxTarget || h > maxTarget {
		return source, target, fmt.Errorf("resize: target of %d×%d is not within 1 to %d", w, h, maxTarget)
	}
	if source.Empty() {
		return source, target, fmt.Errorf("resize: picture of %d×%d has no pixels", source.Dx(), source.Dy())
	}
	if source.Dx() > maxSource || source.Dy() > maxSource {
		return source, target, fmt.Errorf("resize: picture of %d×%d is longer than %d", source.Dx(), source.Dy(), maxSource)
	}
	switch mode &^ Area {
	case Stretch:
	case Crop:
		source = cropTo(source, w, h)
	case Pad:
		target = cropTo(target, source.Dx(), source.Dy())
	default:
		return source, target, fmt.Errorf("resize: mode %d is none of Stretch, Crop and Pad", mode&^Area)
	}
	return source, target, nil
}

// cropTo returns the largest centred part of r with the aspect of w:h.
func cropTo(r image.Rectangle, w, h int) image.Rectangle {
	cw, ch := proportion(r.Dy(), w, h), r.Dy()
	if cw > r.Dx() {
		cw, ch = r.Dx(), min(r.Dy(), proportion(r.Dx(), h, w))
	}
	x, y := r.Min.X+(r.Dx()-cw)/2, r.Min.Y+(r.Dy()-ch)/2
	return image.Rect(x, y, x+cw, y+ch)
}

// proportion returns n·a/b, rounded half up, at least 1.
func proportion(n, a, b int) int {
	return int(max(1, (2*int64(n)*int64(a)+int64(b))/(2*int64(b))))
}

// taps are the source pixels of one target pixel along one axis, beginning at
// first, with weights that add up to the same total for all targets.
type taps struct {
	first  int
	weight []uint64
}

// scale fills dst from all of src.
func scale(dst, src *image.NRGBA, area bool) {
	columns, sumX := axis(src.Rect.Dx(), dst.Rect.Dx(), area)
	rows, sumY := axis(src.Rect.Dy(), dst.Rect.Dy(), area)
	total := sumX * sumY
	for y, row := range rows {
		for x, column := range columns {
			var sum [4]uint64
			for j, wy := range row.weight {
				line := src.Pix[(row.first+j)*src.Stride+4*column.first:]
				for i, wx := range column.weight {
					w := wx * wy
					p := line[4*i : 4*i+4]
					sum[0] += w * uint64(p[0])
					sum[1] += w * uint64(p[1])
					sum[2] += w * uint64(p[2])
					sum[3] += w * uint64(p[3])
				}
			}
			out := dst.Pix[y*dst.Stride+4*x:]
			for c := range sum {
				out[c] = uint8((sum[c] + total/2) / total)
			}
		}
	}
}

func axis(from, to int, area bool) ([]taps, uint64) {
	if area && from > to {
		return areaTaps(from, to), uint64(from)
	}
	return bilinearTaps(from, to), uint64(2 * to)
}

// bilinearTaps computes (x+½)·from/to − ½ in units of 1/(2·to).
func bilinearTaps(from, to int) []taps {
	out := make([]taps, to)
	unit := int64(2 * to)
	for x := range out {
		at := max(0, (2*int64(x)+1)*int64(from)-int64(to))
		first := int(at / unit)
		if first >= from-1 {
			out[x] = taps{from - 1, []uint64{uint64(unit)}}
			continue
		}
		frac := uint64(at % unit)
		out[x] = taps{first, []uint64{uint64(unit) - frac, frac}}
	}
	return out
}

// areaTaps weighs each source pixel by its overlap with the target's span,
// [x·from, (x+1)·from) in units where a source pixel is to wide.
func areaTaps(from, to int) []taps {
	out := make([]taps, to)
	for x := range out {
		start, end := int64(x)*int64(from), int64(x+1)*int64(from)
		first := start / int64(to)
		out[x].first = int(first)
		for i := first; i*int64(to) < end; i++ {
			overlap := min(end, (i+1)*int64(to)) - max(start, i*int64(to))
			out[x].weight = append(out[x].weight, uint64(overlap))
		}
	}
	return out
}
