package feed

import (
	"cmp"
	"fmt"
	"image"
	"math"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/formats/media"
)

// planes says how an input holds a picture.
type planes struct {
	h, w, c int
	first   bool // channels are the outermost: NCHW
}

// layoutOf reads [1 h w c], [1 c h w], either without the 1, [1 h w] or [h w].
func layoutOf(shape []int) (planes, error) {
	s := shape
	if len(s) >= 3 && s[0] == 1 {
		s = s[1:]
	}
	channels := func(c int) bool { return c == 1 || c == 3 || c == 4 }
	switch {
	case len(s) == 3 && channels(s[2]):
		return planes{s[0], s[1], s[2], false}, nil
	case len(s) == 3 && channels(s[0]):
		return planes{s[1], s[2], s[0], true}, nil
	case len(s) == 2:
		return planes{s[0], s[1], 1, false}, nil
	}
	return planes{}, fmt.Errorf("an input of shape %v does not take pictures: [1 h w c] and [1 c h w] with 1, 3 or 4 channels do", shape)
}

// PictureSize returns the width and height of the pictures that an input of
// the given shape takes.
func PictureSize(shape []int) (image.Point, error) {
	p, err := layoutOf(shape)
	return image.Pt(p.w, p.h), err
}

// picture brings a picture to the input's size and numbers.
func (o *Options) picture(img *image.NRGBA, t *target) ([]item, error) {
	p, err := layoutOf(t.shape)
	if err != nil {
		return nil, err
	}
	if img, err = media.ResizeOn(img, p.w, p.h, o.Resize, o.Fill); err != nil {
		return nil, err
	}
	pix := make([]float32, p.h*p.w*p.c)
	if err := o.channels(img, p, pix); err != nil {
		return nil, err
	}
	mean, std := edgeinfer.Normalisation(t.meta)
	from := "the model's metadata"
	if o.Mean != nil || o.Std != nil {
		mean, std, from = o.Mean, o.Std, cmp.Or(o.Origin, "flags")
	}
	if mean == nil && std == nil {
		return pixels(p.order(pix), t)
	}
	if mean == nil {
		mean = []float32{0}
	}
	if std == nil {
		std = []float32{1}
	}
	if err := media.Normalise(pix, mean, std); err != nil {
		return nil, err
	}
	pix = p.order(pix)
	return []item{func(t *edgeinfer.Tensor) (string, error) {
		return fmt.Sprintf("pixels normalised with mean %v, std %v of %s", mean, std, from), t.SetFloats(pix)
	}}, nil
}

// channels writes [h w c] numbers of 0 to 255.
func (o *Options) channels(img *image.NRGBA, p planes, dst []float32) error {
	if o.Colour != Grey || p.c == 1 {
		order := media.RGB
		if o.Colour == BGR {
			order = media.BGR
		}
		return media.Pixels(img, p.c, order, dst)
	}
	grey := make([]float32, p.h*p.w)
	if err := media.Pixels(img, 1, media.RGB, grey); err != nil {
		return err
	}
	for i := range dst {
		dst[i] = grey[i/p.c]
	}
	return nil
}

// order turns [h w c] into [c h w] where the input has that.
func (p planes) order(x []float32) []float32 {
	if !p.first {
		return x
	}
	out, n := make([]float32, len(x)), p.h*p.w
	for i, v := range x {
		out[i%p.c*n+i/p.c] = v
	}
	return out
}

// pixels feeds numbers of 0 to 255 where nobody says how to normalise them:
// as they are to uint8, less 128 to int8, which is how nearly all models are
// made, and as 0 to 1 to others.
func pixels(x []float32, t *target) ([]item, error) {
	return []item{func(out *edgeinfer.Tensor) (string, error) {
		switch out.DType() {
		case edgeinfer.Uint8:
			for i, v := range x {
				out.Uint8()[i] = uint8(v)
			}
			return t.unusual("pixels fed as they are"), nil
		case edgeinfer.Int8:
			for i, v := range x {
				out.Int8()[i] = int8(int(v) - 128)
			}
			return t.unusual("pixels fed as pixel - 128"), nil
		case edgeinfer.Bool, edgeinfer.Int32, edgeinfer.Int64:
			return "", fmt.Errorf("an input of type %s does not take pictures: give .npy", out.DType())
		}
		scaled := make([]float32, len(x))
		for i, v := range x {
			scaled[i] = v / 255
		}
		return "pixels scaled to 0..1: give --mean and --std if the model was trained otherwise", out.SetFloats(scaled)
	}}, nil
}

// unusual returns a note where the input's scale does not say that its whole
// range is 0 to 1, -1 to 1 or 0 to 255.
func (t *target) unusual(done string) string {
	if !t.quantised() {
		return ""
	}
	lo, hi := t.dtype.Range()
	scale, zero := float64(t.quant.Scale[0]), float64(t.quant.Zero[0])
	from, to := (float64(lo)-zero)*scale, (float64(hi)-zero)*scale
	for _, r := range [][2]float64{{0, 1}, {-1, 1}, {0, 255}, {-128, 127}} {
		if tol := 0.02 * (r[1] - r[0]); math.Abs(from-r[0]) <= tol && math.Abs(to-r[1]) <= tol {
			return ""
		}
	}
	return fmt.Sprintf("%s, though its real range is %.3g..%.3g: give --mean and --std as the model was trained", done, from, to)
}
