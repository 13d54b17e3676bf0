package overlay

import "image/color"

// palette holds colours that differ in hue and lightness, in an order in which
// neighbours differ most; after them it begins again, darker.
var palette = []color.NRGBA{
	{0xff, 0x3b, 0x30, 255}, {0x34, 0xc7, 0x59, 255}, {0x0a, 0x84, 0xff, 255}, {0xff, 0xcc, 0x00, 255},
	{0xbf, 0x5a, 0xf2, 255}, {0x00, 0xc7, 0xbe, 255}, {0xff, 0x95, 0x00, 255}, {0xff, 0x5f, 0xa2, 255},
	{0x8e, 0xe0, 0x3a, 255}, {0x5e, 0x5c, 0xe6, 255}, {0xa0, 0x6a, 0x3c, 255}, {0x64, 0xd2, 0xff, 255},
}

// Colour returns the colour of a class.
func Colour(class int) color.NRGBA {
	c := palette[class%len(palette)]
	for range min(class/len(palette), 3) {
		c.R, c.G, c.B = c.R/4*3, c.G/4*3, c.B/4*3
	}
	return c
}

// ink returns black or white, whichever reads better on c: luma as in ITU-R
// BT.601.
func ink(c color.NRGBA) color.NRGBA {
	if 299*int(c.R)+587*int(c.G)+114*int(c.B) > 140_000 {
		return color.NRGBA{0, 0, 0, 255}
	}
	return color.NRGBA{255, 255, 255, 255}
}

// blend returns a part, of 256, of c over under, opaque.
func blend(under, c color.NRGBA, part int) color.NRGBA {
	mix := func(a, b uint8) uint8 { return uint8((int(a)*(256-part) + int(b)*part + 128) >> 8) }
	return color.NRGBA{mix(under.R, c.R), mix(under.G, c.G), mix(under.B, c.B), 255}
}
