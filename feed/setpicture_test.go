package feed

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/media"
	"github.com/edgeinfer/edgeinfer/formats/tflite"
)

// TestSetKeepsThePicture holds that a set gives back the picture as its file has
// it, and nil for what is none; padding is of the shade asked for.
func TestSetKeepsThePicture(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.png")
	img := image.NewNRGBA(image.Rect(0, 0, 4, 2))
	img.SetNRGBA(1, 1, color.NRGBA{1, 2, 3, 255})
	f, err := os.Create(path)
	require.NoError(t, err)
	require.NoError(t, png.Encode(f, img))
	require.NoError(t, f.Close())
	raw := filepath.Join(t.TempDir(), "x.raw")
	require.NoError(t, os.WriteFile(raw, make([]byte, 48), 0o666))

	s, r := reader(t, Options{Resize: media.Pad, Fill: 114}, tflite.Uint8, 2, 1, 4, 4, 3)
	for set, err := range r.Sets([]string{path, raw}) {
		require.NoError(t, err)
		assert.Equal(t, img.Pix, set.Picture(0).Pix)
		assert.Nil(t, set.Picture(1))
		assert.Nil(t, set.Picture(2))
		_, err = set.Fill(s)
		require.NoError(t, err)
		assert.Equal(t, []byte{114, 114, 114}, s.Input(0).Bytes()[:3])
		assert.Equal(t, []byte{1, 2, 3}, s.Input(0).Bytes()[(2*4+1)*3:][:3])
	}
	size, err := PictureSize([]int{1, 3, 10, 20})
	require.NoError(t, err)
	assert.Equal(t, image.Pt(20, 10), size)
	_, err = PictureSize([]int{7})
	assert.ErrorContains(t, err, "does not take pictures")
}
