package media

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"
)

// pnmReader reads Netpbm's formats P1 to P6: bits, greys and colours, as text or
// bytes.
type pnmReader struct {
	*bufio.Reader
	kind      byte // '1' to '6'
	w, h, max int
}

func pnmHeader(r io.Reader) (*pnmReader, error) {
	p := &pnmReader{Reader: bufio.NewReader(r), max: 1}
	var magic [2]byte
	if _, err := io.ReadFull(p, magic[:]); err != nil || magic[0] != 'P' || magic[1] < '1' || magic[1] > '6' {
		return nil, errors.New("does not start with P1 to P6")
	}
	p.kind = magic[1]
	fields := []*int{&p.w, &p.h, &p.max}
	if p.kind == '1' || p.kind == '4' {
		fields = fields[:2]
	}
	for _, f := range fields {
		var err error
		if *f, err = p.number(); err != nil {
			return nil, err
		}
	}
	if p.max < 1 || p.max > 65535 {
		return nil, fmt.Errorf("greatest value %d, want 1 to 65535", p.max)
	}
	return p, nil
}

// number reads a decimal number and the white space after it. Comments begin with #.
func (p *pnmReader) number() (n int, err error) {
	for digits := 0; ; {
		c, err := p.ReadByte()
		switch {
		case err == io.EOF && digits > 0:
			return n, nil
		case err != nil:
			return 0, io.ErrUnexpectedEOF
		case c >= '0' && c <= '9':
			digits++
			if n = 10*n + int(c-'0'); n > 1<<24 {
				return 0, errors.New("a number beyond 24 bits")
			}
			if p.kind == '1' && p.h > 0 { // digits may follow one another
				return n, nil
			}
		case c == '#' && digits == 0:
			if _, err := p.ReadString('\n'); err != nil {
				return 0, io.ErrUnexpectedEOF
			}
		case c == ' ' || c >= '\t' && c <= '\r':
			if digits > 0 {
				return n, nil
			}
		default:
			return 0, fmt.Errorf("%q where a number is expected", c)
		}
	}
}

func pnmConfig(r io.Reader) (image.Config, error) {
	p, err := pnmHeader(r)
	if err != nil {
		return image.Config{}, err
	}
	return image.Config{ColorModel: color.NRGBAModel, Width: p.w, Height: p.h}, nil
}

// pnmDecode trusts the size, which its caller has checked.
func pnmDecode(r io.Reader) (image.Image, error) {
	p, err := pnmHeader(r)
	if err != nil {
		return nil, err
	}
	img := image.NewNRGBA(image.Rect(0, 0, p.w, p.h))
	channels := 1
	if p.kind == '3' || p.kind == '6' {
		channels = 3
	}
	for y := range p.h {
		bits := 0
		for x := range p.w {
			px := img.Pix[y*img.Stride+4*x:][:4]
			for c := range channels {
				v, err := p.sample(x, &bits)
				if err != nil {
					return nil, err
				}
				px[c] = byte((v*255 + p.max/2) / p.max)
			}
			if channels == 1 {
				px[1], px[2] = px[0], px[0]
			}
			px[3] = 255
		}
	}
	return img, nil
}

// sample reads one value; of bits, of which rows begin with a new byte, 1 is black.
func (p *pnmReader) sample(x int, bits *int) (v int, err error) {
	switch {
	case p.kind == '4':
		if x%8 == 0 {
			c, err := p.ReadByte()
			if err != nil {
				return 0, io.ErrUnexpectedEOF
			}
			*bits = int(c)
		}
		return 1 - *bits>>(7-x%8)&1, nil
	case p.kind < '4':
		v, err = p.number()
		if p.kind == '1' {
			v = 1 - v
		}
	default:
		for range 1 + min(1, p.max>>8) {
			c, err := p.ReadByte()
			if err != nil {
				return 0, io.ErrUnexpectedEOF
			}
			v = v<<8 | int(c)
		}
	}
	if err == nil && (v < 0 || v > p.max) {
		err = fmt.Errorf("value %d, and the greatest is %d", v, p.max)
	}
	return v, err
}
