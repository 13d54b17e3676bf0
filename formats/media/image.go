package media

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/bmp"
	"golang.org/x/image/webp"
)

// imageFormat is a format of pictures: how its files start ('?' is any byte)
// and who reads them.
type imageFormat struct {
	name   string
	magic  string
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
}

var imageFormats = []imageFormat{
	{"png", "\x89PNG\r\n\x1a\n", png.DecodeConfig, png.Decode},
	{"jpeg", "\xff\xd8", jpeg.DecodeConfig, jpeg.Decode},
	{"gif", "GIF8?a", gif.DecodeConfig, gif.Decode},
	{"bmp", "BM????\x00\x00\x00\x00", bmp.DecodeConfig, bmp.Decode},
	{"webp", "RIFF????WEBPVP8", webp.DecodeConfig, webp.Decode},
}

func sniff(data []byte) (imageFormat, bool) { return sniffIn(data, imageFormats) }

func sniffIn(data []byte, formats []imageFormat) (imageFormat, bool) {
	for _, f := range formats {
		if matches(data, f.magic) {
			return f, true
		}
	}
	return imageFormat{}, false
}

// matches reports whether data start with magic, of which '?' is any byte.
func matches(data []byte, magic string) bool {
	if len(data) < len(magic) {
		return false
	}
	for i := range len(magic) {
		if magic[i] != '?' && magic[i] != data[i] {
			return false
		}
	}
	return true
}

// DecodeImage reads a PNG, JPEG, GIF (its first frame on its canvas), BMP or
// WebP picture. The dimensions are checked before anything is unpacked. A
// JPEG's EXIF orientation is applied; 16-bit channels keep their high byte.
func DecodeImage(r io.Reader, limits Limits) (*image.NRGBA, error) {
	data, err := limits.readAll(r)
	if err != nil {
		return nil, fmt.Errorf("image: %w", err)
	}
	format, ok := sniff(data)
	if !ok {
		return nil, fmt.Errorf("image: starts with %q: neither PNG, JPEG, GIF, BMP nor WebP", data[:min(8, len(data))])
	}
	img, err := format.read(data, limits.pixels())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", format.name, err)
	}
	return img, nil
}

func (f imageFormat) read(data []byte, pixels int64) (*image.NRGBA, error) {
	img, err := f.picture(data, pixels)
	if err != nil {
		return nil, err
	}
	if f.name == "jpeg" {
		return orient(toNRGBA(img), exifOrientation(data)), nil
	}
	return toNRGBA(img), nil
}

// picture decodes a picture as it is, a GIF's on its canvas.
func (f imageFormat) picture(data []byte, pixels int64) (image.Image, error) {
	config, err := f.config(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if err := checkSize(config.Width, config.Height, pixels); err != nil {
		return nil, err
	}
	if f.name == "webp" {
		if err := checkWebPFrames(data, pixels); err != nil {
			return nil, err
		}
	}
	img, err := f.decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	b := img.Bounds()
	if err := checkSize(b.Dx(), b.Dy(), pixels); err != nil {
		return nil, err
	}
	if f.name == "gif" {
		return onCanvas(img, config.Width, config.Height), nil
	}
	return img, nil
}

func checkSize(w, h int, pixels int64) error {
	if w <= 0 || h <= 0 {
		return fmt.Errorf("%d×%d: no pixels", w, h)
	}
	if int64(w) > pixels || int64(h) > pixels/int64(w) {
		return fmt.Errorf("%d×%d pixels are more than the limit of %d", w, h, pixels)
	}
	return nil
}

// checkWebPFrames checks the dimensions of the coded frames. In an extended file
// DecodeConfig reports the canvas, but memory is taken for the frame.
func checkWebPFrames(data []byte, pixels int64) error {
	for at := 12; at+8 <= len(data); {
		id, size := string(data[at:at+4]), int64(binary.LittleEndian.Uint32(data[at+4:]))
		body := data[at+8:]
		if id == "VP8 " && len(body) >= 10 {
			w := int(binary.LittleEndian.Uint16(body[6:])) & 0x3fff
			h := int(binary.LittleEndian.Uint16(body[8:])) & 0x3fff
			if err := checkSize(w, h, pixels); err != nil {
				return err
			}
		}
		if id == "VP8L" && len(body) >= 5 {
			dims := binary.LittleEndian.Uint32(body[1:])
			if err := checkSize(int(dims&0x3fff)+1, int(dims>>14&0x3fff)+1, pixels); err != nil {
				return err
			}
		}
		if size > int64(len(body)) {
			return errors.New("chunk longer than the file: truncated?")
		}
		at += 8 + int(size) + int(size&1)
	}
	return nil
}
