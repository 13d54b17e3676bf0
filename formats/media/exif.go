package media

import (
	"bytes"
	"encoding/binary"
	"image"
)

// exifOrientation returns a JPEG's orientation, 1 to 8. It is 1, upright, where
// the file says nothing or nonsense: a picture is worth more than its label.
// Layout: JPEG markers (ITU T.81, B.1.1), EXIF 2.3 section 4.5, tag 0x0112.
func exifOrientation(data []byte) int {
	const upright = 1
	for at := 2; at+4 <= len(data) && data[at] == 0xff; {
		marker, size := data[at+1], int(binary.BigEndian.Uint16(data[at+2:]))
		if marker == 0xda || size < 2 || at+2+size > len(data) { // start of scan
			return upright
		}
		body := data[at+4 : at+2+size]
		if marker == 0xe1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			return tiffOrientation(body[6:])
		}
		at += 2 + size
	}
	return upright
}

// tiffOrientation looks through the first directory of a TIFF structure.
func tiffOrientation(tiff []byte) int {
	const upright, entrySize, orientationTag, short = 1, 12, 0x0112, 3
	if len(tiff) < 8 {
		return upright
	}
	var order binary.ByteOrder = binary.LittleEndian
	if string(tiff[:2]) == "MM" {
		order = binary.BigEndian
	}
	start := int64(order.Uint32(tiff[4:]))
	if start+2 > int64(len(tiff)) {
		return upright
	}
	directory := tiff[start:]
	count := int(order.Uint16(directory))
	for entry := directory[2:]; count > 0 && len(entry) >= entrySize; entry = entry[entrySize:] {
		count--
		if order.Uint16(entry) != orientationTag || order.Uint16(entry[2:]) != short {
			continue
		}
		if v := int(order.Uint16(entry[8:])); v >= 1 && v <= 8 {
			return v
		}
	}
	return upright
}

// orient turns a stored picture upright. Each orientation exchanges x and y, or
// not, and then mirrors the stored x, the stored y, both or neither.
func orient(src *image.NRGBA, orientation int) *image.NRGBA {
	if orientation == 1 {
		return src
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	swap := orientation >= 5
	mirrorX := orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8
	mirrorY := orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7
	if swap {
		w, h = h, w
	}
	dst := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			sx, sy := x, y
			if swap {
				sx, sy = y, x
			}
			if mirrorX {
				sx = src.Rect.Dx() - 1 - sx
			}
			if mirrorY {
				sy = src.Rect.Dy() - 1 - sy
			}
			dst.SetNRGBA(x, y, src.NRGBAAt(sx, sy))
		}
	}
	return dst
}
