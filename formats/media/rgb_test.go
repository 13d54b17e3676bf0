package media

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/tiff"
)

func decodeRGB(t *testing.T, data []byte) (pix []byte, w, h int) {
	t.Helper()
	w, h, err := SizeOf(data, Limits{})
	require.NoError(t, err)
	pix = make([]byte, 3*w*h)
	require.NoError(t, DecodeRGB(data, Limits{}, pix))
	return pix, w, h
}

func TestPNM(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		want []byte
	}{
		"P1": {"P1 3 1 10\n1", []byte{0, 0, 0, 255, 255, 255, 0, 0, 0}},
		"P2": {"P2\n#grey\n2 1 4\n1 4", []byte{64, 64, 64, 255, 255, 255}},
		"P3": {"P3 1 1 255 1 2 3", []byte{1, 2, 3}},
		"P4": {"P4 2 2\n\x40\x80", []byte{255, 255, 255, 0, 0, 0, 0, 0, 0, 255, 255, 255}},
		"P5": {"P5 1 1 65535\n\x80\x00", []byte{128, 128, 128}},
		"P6": {"P6 1 1 255\n\x01\x02\x03", []byte{1, 2, 3}},
	} {
		pix, _, _ := decodeRGB(t, []byte(c.file))
		assert.Equal(t, c.want, pix, name)
	}
	for _, bad := range []string{"P6 1 1 255\n\x01\x02", "P5 1 1 100\n\xff", "P4 9 1\n\xff", "P3 1 1 255 1 2 x", "P2 1 1 0 0", "P7 1 1", "P2 1 1", "P2 -1 1 1 1"} {
		w, h, err := SizeOf([]byte(bad), Limits{})
		if err == nil {
			err = DecodeRGB([]byte(bad), Limits{}, make([]byte, 3*w*h))
		}
		assert.Error(t, err, "%q", bad)
	}
}

func TestTIFF(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 2, 1))
	img.SetNRGBA(0, 0, color.NRGBA{R: 1, G: 2, B: 3, A: 255})
	img.SetNRGBA(1, 0, color.NRGBA{R: 9, G: 8, B: 7, A: 255})
	var b bytes.Buffer
	require.NoError(t, tiff.Encode(&b, img, &tiff.Options{Compression: tiff.Deflate}))
	pix, _, _ := decodeRGB(t, b.Bytes())
	assert.Equal(t, []byte{1, 2, 3, 9, 8, 7}, pix)
}

func TestUnknownPictures(t *testing.T) {
	for _, data := range []string{"", "hello", "\x00\x00\x00\x0cjP  \r\n", "\xff\x4f\xff\x51", "\x00\x00\x00\x20ftypavif"} {
		_, _, err := SizeOf([]byte(data), Limits{})
		require.ErrorIs(t, err, ErrUnknownImage, "%q", data)
	}
	_, _, err := SizeOf([]byte("P6 5000 5000 255 "), Limits{Pixels: 1000})
	require.ErrorContains(t, err, "limit")
}

// TestColoursBetweenPixels compresses slow changes of colour, of which one in four
// pixels is stored: interpolated, they come back nearly as they were.
func TestColoursBetweenPixels(t *testing.T) {
	for _, side := range []int{1, 3, 4, 5, 33, 64} {
		img := image.NewNRGBA(image.Rect(0, 0, side, side))
		for i := range side * side {
			x, y := i%side, i/side
			img.SetNRGBA(x, y, color.NRGBA{R: byte(100 + x), G: byte(100 + y), B: byte(150 - x), A: 255})
		}
		var b bytes.Buffer
		require.NoError(t, jpeg.Encode(&b, img, &jpeg.Options{Quality: 100}))
		pix, _, _ := decodeRGB(t, b.Bytes())
		for i := range side * side {
			for c := range 3 {
				require.InDelta(t, img.Pix[4*i+c], pix[3*i+c], 4, "%d: pixel %d", side, i)
			}
		}
	}
}

// TestSmoothing holds the filters against their definitions, on a step.
func TestSmoothing(t *testing.T) {
	near, far := []byte{0, 0, 16}, []byte{16, 16, 16}
	for name, c := range map[string]struct {
		f    func(dst, near, far []byte, w int, upper bool)
		want []byte
	}{
		"21":  {jpegSmooth21, []byte{0, 0, 0, 4, 12, 16}},
		"22":  {jpegSmooth22, []byte{4, 4, 4, 7, 13, 16}}, // of 4, 4, 16
		"12":  {jpegSmooth12, []byte{4, 4, 16}},
		"vp8": {vp8Smooth, []byte{4, 4, 4, 7, 13, 16}},
	} {
		dst := make([]byte, 6)
		c.f(dst, near, far, 6, true)
		assert.Equal(t, c.want, dst[:len(c.want)], name)
	}
}
