package media

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/color/palette"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/bmp"
)

// chart is a picture in which every pixel differs from its neighbours.
func chart(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetNRGBA(x, y, color.NRGBA{R: uint8(40 * x), G: uint8(60 * y), B: uint8(7*x + 13*y), A: 255})
		}
	}
	return img
}

func encode(t testing.TB, write func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, write(&b))
	return b.Bytes()
}

// webpDot is a lossless WebP of one pixel.
var webpDot = []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00")

func TestDecodeLossless(t *testing.T) {
	want := chart(5, 3)
	clear := chart(5, 3)
	for i := range clear.Pix {
		clear.Pix[i] = uint8(i * 3) // low alpha: premultiplying would lose colour
	}
	for name, c := range map[string]struct {
		img  *image.NRGBA
		file []byte
	}{
		"png":       {want, encode(t, func(b *bytes.Buffer) error { return png.Encode(b, want) })},
		"png alpha": {clear, encode(t, func(b *bytes.Buffer) error { return png.Encode(b, clear) })},
		"bmp":       {want, encode(t, func(b *bytes.Buffer) error { return bmp.Encode(b, want) })},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := DecodeImage(bytes.NewReader(c.file), Limits{})
			require.NoError(t, err)
			require.Equal(t, c.img, got)
		})
	}
}

func TestDecodeGray(t *testing.T) {
	gray := image.NewGray(image.Rect(0, 0, 2, 1))
	gray.Pix = []uint8{7, 200}
	for _, file := range [][]byte{
		encode(t, func(b *bytes.Buffer) error { return png.Encode(b, gray) }),
		encode(t, func(b *bytes.Buffer) error {
			deep := image.NewGray16(gray.Rect)
			deep.SetGray16(0, 0, color.Gray16{Y: 7<<8 | 255})
			deep.SetGray16(1, 0, color.Gray16{Y: 200 << 8})
			return png.Encode(b, deep)
		}),
	} {
		got, err := DecodeImage(bytes.NewReader(file), Limits{})
		require.NoError(t, err)
		require.Equal(t, []uint8{7, 7, 7, 255, 200, 200, 200, 255}, got.Pix)
	}
}

func TestDecodeWebP(t *testing.T) {
	got, err := DecodeImage(bytes.NewReader(webpDot), Limits{})
	require.NoError(t, err)
	require.Equal(t, image.Rect(0, 0, 1, 1), got.Rect)
}

func TestGIFFirstFrameOnItsCanvas(t *testing.T) {
	frame := image.NewPaletted(image.Rect(2, 1, 4, 2), palette.Plan9)
	frame.SetColorIndex(2, 1, 9)
	frame.SetColorIndex(3, 1, 10)
	second := image.NewPaletted(image.Rect(0, 0, 4, 3), palette.Plan9)
	file := encode(t, func(b *bytes.Buffer) error {
		return gif.EncodeAll(b, &gif.GIF{Image: []*image.Paletted{frame, second}, Delay: []int{1, 1},
			Config: image.Config{Width: 4, Height: 3, ColorModel: color.Palette(palette.Plan9)}})
	})
	got, err := DecodeImage(bytes.NewReader(file), Limits{})
	require.NoError(t, err)
	require.Equal(t, image.Rect(0, 0, 4, 3), got.Rect)
	assert.Equal(t, color.NRGBA{}, got.NRGBAAt(0, 0), "outside the frame: transparent")
	assert.Equal(t, straight(palette.Plan9[9]), got.NRGBAAt(2, 1))
	assert.Equal(t, straight(palette.Plan9[10]), got.NRGBAAt(3, 1))
}

// withExif puts an orientation into a JPEG, behind its first marker.
func withExif(file []byte, order binary.AppendByteOrder, mark string, orientation uint16) []byte {
	tiff := append([]byte(mark), order.AppendUint32(order.AppendUint16(nil, 42), 8)...)
	tiff = order.AppendUint16(tiff, 1)
	tiff = order.AppendUint16(order.AppendUint16(tiff, 0x0112), 3)
	tiff = order.AppendUint16(order.AppendUint32(tiff, 1), orientation)
	tiff = append(tiff, 0, 0, 0, 0, 0, 0)
	body := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{}, file[:2]...)
	out = append(out, 0xff, 0xe1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
	return append(append(out, body...), file[2:]...)
}

func TestExifOrientation(t *testing.T) {
	// A picture of 3×2 blocks of 16 pixels, named by letters in rows.
	colours := map[byte]color.NRGBA{'a': {R: 255, A: 255}, 'b': {G: 255, A: 255}, 'c': {B: 255, A: 255},
		'd': {R: 255, G: 255, A: 255}, 'e': {R: 255, B: 255, A: 255}, 'f': {A: 255}}
	stored := image.NewNRGBA(image.Rect(0, 0, 48, 32))
	for y := range 32 {
		for x := range 48 {
			stored.SetNRGBA(x, y, colours["abcdef"[y/16*3+x/16]])
		}
	}
	file := encode(t, func(b *bytes.Buffer) error { return jpeg.Encode(b, stored, &jpeg.Options{Quality: 100}) })
	for orientation, want := range map[uint16][]string{
		0: {"abc", "def"}, 1: {"abc", "def"}, 2: {"cba", "fed"}, 3: {"fed", "cba"}, 4: {"def", "abc"},
		5: {"ad", "be", "cf"}, 6: {"da", "eb", "fc"}, 7: {"fc", "eb", "da"}, 8: {"cf", "be", "ad"}, 9: {"abc", "def"},
	} {
		for mark, order := range map[string]binary.AppendByteOrder{"II": binary.LittleEndian, "MM": binary.BigEndian} {
			got, err := DecodeImage(bytes.NewReader(withExif(file, order, mark, orientation)), Limits{})
			require.NoError(t, err)
			require.Equal(t, image.Rect(0, 0, 16*len(want[0]), 16*len(want)), got.Rect, "orientation %d", orientation)
			for row, letters := range want {
				for column := range len(letters) {
					p, c := got.NRGBAAt(16*column+8, 16*row+8), colours[letters[column]]
					near := func(a, b uint8) bool { return max(a, b)-min(a, b) < 30 }
					require.True(t, near(p.R, c.R) && near(p.G, c.G) && near(p.B, c.B),
						"orientation %d, block %d,%d: %v is not %c", orientation, column, row, p, letters[column])
				}
			}
		}
	}
}

func TestDecodeImageRefuses(t *testing.T) {
	small := encode(t, func(b *bytes.Buffer) error { return png.Encode(b, chart(5, 3)) })
	huge := bytes.Clone(small)
	binary.BigEndian.PutUint32(huge[16:], 1<<20)
	_, err := DecodeImage(bytes.NewReader(huge), Limits{})
	require.Error(t, err, "the checksum is wrong too")
	_, err = DecodeImage(bytes.NewReader(small), Limits{Pixels: 14})
	require.EqualError(t, err, "png: 5×3 pixels are more than the limit of 14")
	_, err = DecodeImage(bytes.NewReader(small), Limits{Bytes: 50})
	require.EqualError(t, err, "image: larger than the limit of 50 bytes")
	_, err = DecodeImage(bytes.NewReader(small), Limits{Bytes: int64(len(small))})
	require.NoError(t, err)
	_, err = DecodeImage(bytes.NewReader(small[:len(small)-20]), Limits{})
	require.ErrorContains(t, err, "png: ")
	_, err = DecodeImage(bytes.NewReader([]byte("%PDF-1.4")), Limits{})
	require.EqualError(t, err, `image: starts with "%PDF-1.4": neither PNG, JPEG, GIF, BMP nor WebP`)
}

// The canvas is a pixel, the frame in it 16384×16384.
func TestWebPFrameLargerThanItsCanvas(t *testing.T) {
	file := []byte("RIFF\x24\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00VP8L\x05\x00\x00\x00\x2f\xff\xff\xff\x0f\x00")
	_, err := DecodeImage(bytes.NewReader(file), Limits{})
	require.EqualError(t, err, "webp: 16384×16384 pixels are more than the limit of 33554432")
}

func FuzzDecodeImage(f *testing.F) {
	f.Add(encode(f, func(b *bytes.Buffer) error { return png.Encode(b, chart(5, 3)) }))
	f.Add(encode(f, func(b *bytes.Buffer) error { return bmp.Encode(b, chart(5, 3)) }))
	f.Add(encode(f, func(b *bytes.Buffer) error { return gif.Encode(b, chart(5, 3), nil) }))
	jpg := encode(f, func(b *bytes.Buffer) error { return jpeg.Encode(b, chart(5, 3), nil) })
	f.Add(withExif(jpg, binary.BigEndian, "MM", 6))
	f.Add(webpDot)
	f.Fuzz(func(t *testing.T, in []byte) {
		img, err := DecodeImage(bytes.NewReader(in), Limits{Pixels: 1 << 14})
		if err != nil {
			return
		}
		require.Equal(t, image.Point{}, img.Rect.Min)
		require.LessOrEqual(t, img.Rect.Dx()*img.Rect.Dy(), 1<<14)
	})
}
