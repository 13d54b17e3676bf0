package media

import (
	"bytes"
	"errors"
	"fmt"
	"image"

	"golang.org/x/image/tiff"
)

// ErrUnknownImage is wrapped where a picture's format is none that is read.
var ErrUnknownImage = errors.New("not a picture in a format that is read")

// rgbFormats are read as they are for models that decode pictures themselves.
var rgbFormats = append([]imageFormat{
	{"tiff", "II*\x00", tiff.DecodeConfig, tiff.Decode},
	{"tiff", "MM\x00*", tiff.DecodeConfig, tiff.Decode},
	{"pnm", "P", pnmConfig, pnmDecode},
}, imageFormats...)

// notRead are the starts of formats that have a name, for the error.
var notRead = []struct{ name, magic string }{
	{"JPEG 2000", "\x00\x00\x00\x0cjP  "}, {"JPEG 2000", "\xff\x4f\xff\x51"}, {"AVIF or HEIF", "\x00\x00\x00?ftyp"}, {"JPEG XL", "\xff\x0a"},
}

func rgbFormat(data []byte) (imageFormat, error) {
	for _, f := range notRead {
		if matches(data, f.magic) {
			return imageFormat{}, fmt.Errorf("%w: %s", ErrUnknownImage, f.name)
		}
	}
	f, ok := sniffIn(data, rgbFormats)
	if !ok {
		return f, fmt.Errorf("%w: it starts with %q, and is neither PNG, JPEG, GIF, BMP, WebP, TIFF nor PNM", ErrUnknownImage, data[:min(8, len(data))])
	}
	return f, nil
}

// SizeOf returns the size of a picture that DecodeRGB reads, from its header.
func SizeOf(data []byte, limits Limits) (w, h int, err error) {
	f, err := rgbFormat(data)
	if err != nil {
		return 0, 0, err
	}
	c, err := f.config(bytes.NewReader(data))
	if err == nil {
		err = checkSize(c.Width, c.Height, limits.pixels())
	}
	if err != nil {
		return 0, 0, fmt.Errorf("%s: %w", f.name, err)
	}
	return c.Width, c.Height, nil
}

// DecodeRGB reads a PNG, JPEG, GIF (its first frame on its canvas), BMP, WebP,
// TIFF or PNM picture into dst, [h w 3], which SizeOf gives the size of. Alpha is
// left out and an orientation is ignored. Colours of which a JPEG or WebP has
// fewer than pixels are interpolated, as the usual C libraries do.
func DecodeRGB(data []byte, limits Limits, dst []byte) error {
	f, err := rgbFormat(data)
	if err != nil {
		return err
	}
	img, err := f.picture(data, limits.pixels())
	if err != nil {
		return fmt.Errorf("%s: %w", f.name, err)
	}
	if b := img.Bounds(); len(dst) != 3*b.Dx()*b.Dy() {
		return fmt.Errorf("%s: %d×%d pixels, and its header has another size", f.name, b.Dx(), b.Dy())
	}
	switch img := img.(type) {
	case *image.YCbCr:
		f.planes(img).rgb(dst)
	case *image.NYCbCrA:
		f.planes(&img.YCbCr).rgb(dst)
	default:
		nrgba := toNRGBA(img)
		for i := range len(dst) / 3 {
			copy(dst[3*i:3*i+3], nrgba.Pix[4*i:])
		}
	}
	return nil
}
