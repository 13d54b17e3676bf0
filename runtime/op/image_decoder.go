package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// ImageDecoder decodes input 0, a list of bytes: the file of a picture. The output
// is uint8, [h w 3] or of greys [h w 1]; the size is known only with the file. What
// can't be decoded is an error of the data.
type ImageDecoder struct {
	Pictures Pictures
	Pixels   PixelFormat
}

// Pictures reads files of pictures; this package knows no format.
type Pictures interface {
	Size(file []byte) (h, w int, err error)
	// RGB writes the pixels, [h w 3].
	RGB(file, dst []byte) error
}

// PixelFormat is what a pixel consists of.
type PixelFormat uint8

// The pixel formats.
const (
	PixelRGB PixelFormat = iota
	PixelBGR
	PixelGrey
)

// Infer reads the size, if the file is known.
func (o *ImageDecoder) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.U8); err != nil {
		return nil, err
	}
	if err := wantRank(in, 0, 1); err != nil {
		return nil, err
	}
	h, w, channels := tensor.Dynamic, tensor.Dynamic, 3
	if in[0].Known() {
		var err error
		if h, w, err = o.Pictures.Size(in[0].Data); err != nil {
			return nil, errorf("%w: %w", ErrData, err)
		}
	}
	if o.Pixels == PixelGrey {
		channels = 1
	}
	return []tensor.Type{tensor.Of(tensor.U8, h, w, channels)}, nil
}

// Ref decodes. It allocates what decoding takes.
func (o *ImageDecoder) Ref(in, out []tensor.View) error {
	rgb := out[0].Data
	if o.Pixels == PixelGrey {
		rgb = make([]byte, 3*len(rgb))
	}
	if err := o.Pictures.RGB(in[0].Data, rgb); err != nil {
		return errorf("%w: %w", ErrData, err)
	}
	switch o.Pixels {
	case PixelBGR:
		for i := 0; i+2 < len(rgb); i += 3 {
			rgb[i], rgb[i+2] = rgb[i+2], rgb[i]
		}
	case PixelGrey: // luma of ITU-R BT.601, in units of 2^-16
		for i := range out[0].Data {
			r, g, b := uint32(rgb[3*i]), uint32(rgb[3*i+1]), uint32(rgb[3*i+2])
			out[0].Data[i] = byte((19595*r + 38470*g + 7471*b + 1<<15) >> 16)
		}
	}
	return nil
}
