package media

import (
	"image"
	"image/color"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPlace(t *testing.T) {
	wide := image.Rect(10, 20, 210, 120)
	for _, c := range []struct {
		mode           Mode
		source, target image.Rectangle
	}{
		{Stretch, wide, image.Rect(0, 0, 50, 50)},
		{Crop, image.Rect(60, 20, 160, 120), image.Rect(0, 0, 50, 50)},
		{Pad | Area, wide, image.Rect(0, 12, 50, 37)},
	} {
		source, target, err := Place(wide, 50, 50, c.mode)
		require.NoError(t, err)
		assert.Equal(t, c.source, source)
		assert.Equal(t, c.target, target)
	}
	_, _, err := Place(wide, 0, 50, Stretch)
	assert.ErrorContains(t, err, "target of 0×50")
}

func TestResizeOnGrey(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 4, 2))
	out, err := ResizeOn(img, 4, 4, Pad, 114)
	require.NoError(t, err)
	assert.Equal(t, color.NRGBA{114, 114, 114, 255}, out.NRGBAAt(0, 0))
	assert.Equal(t, color.NRGBA{}, out.NRGBAAt(0, 1), "the picture's own")
	assert.Equal(t, color.NRGBA{114, 114, 114, 255}, out.NRGBAAt(3, 3))
}
