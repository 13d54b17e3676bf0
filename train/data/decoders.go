package data

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"io"
	"math"

	"github.com/edgeinfer/edgeinfer/formats/media"
	"github.com/edgeinfer/edgeinfer/formats/npy"
)

// pictures decodes PNG, JPEG, GIF, BMP and WebP into [h w c] bytes.
type pictures struct {
	h, w, c int
	mode    media.Mode
}

func newPictures(first []byte, o *Options) (decoder, error) {
	img, err := media.DecodeImage(bytes.NewReader(first), media.Limits{})
	if err != nil {
		return nil, err
	}
	p := &pictures{orElse(o.Picture.Height, img.Rect.Dy()), orElse(o.Picture.Width, img.Rect.Dx()), o.Picture.Channels, o.Picture.Resize}
	if p.c == 0 {
		p.c = 3
		if c, _, err := image.DecodeConfig(bytes.NewReader(first)); err == nil && (c.ColorModel == color.GrayModel || c.ColorModel == color.Gray16Model) {
			p.c = 1
		}
	}
	if p.c != 1 && p.c != 3 {
		return nil, fmt.Errorf("pictures of %d channels: 1 and 3 are possible", p.c)
	}
	return p, nil
}

func (p *pictures) shape() []int     { return []int{p.h, p.w, p.c} }
func (p *pictures) dtype() npy.DType { return npy.Uint8 }

func (p *pictures) decode(r io.Reader, dst []byte) error {
	img, err := media.DecodeImage(r, media.Limits{})
	if err != nil {
		return err
	}
	if img.Rect.Dx() != p.w || img.Rect.Dy() != p.h {
		if img, err = media.Resize(img, p.w, p.h, p.mode); err != nil {
			return err
		}
	}
	return media.Pixels(img, p.c, media.RGB, dst)
}

// sounds decodes WAV into float32 samples.
type sounds struct {
	rate     int
	resample bool // rather than refuse another rate
	n        int
}

func newSounds(first []byte, o *Options) (decoder, error) {
	a, err := media.ReadWAV(bytes.NewReader(first), media.Limits{})
	if err != nil {
		return nil, err
	}
	rate := cmp.Or(o.Sound.Rate, o.rate, a.Rate)
	return &sounds{rate, o.Sound.Rate != 0, orElse(o.Sound.Samples, rate)}, nil
}

func (s *sounds) shape() []int     { return []int{s.n} }
func (s *sounds) dtype() npy.DType { return npy.Float32 }

func (s *sounds) decode(r io.Reader, dst []byte) error {
	a, err := media.ReadWAV(r, media.Limits{})
	if err != nil {
		return err
	}
	a = a.Mono()
	if a.Rate != s.rate && !s.resample {
		return fmt.Errorf("%d samples a second where others have %d: give Sound.Rate to bring all to one rate", a.Rate, s.rate)
	}
	if a, err = a.Resample(s.rate); err != nil {
		return err
	}
	skip := (len(a.Samples) - s.n) / 2 // less than 0 for silence at both ends
	for i := range s.n {
		v := float32(0)
		if k := i + skip; k >= 0 && k < len(a.Samples) {
			v = a.Samples[k]
		}
		binary.LittleEndian.PutUint32(dst[4*i:], math.Float32bits(v))
	}
	return nil
}
