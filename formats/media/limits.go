package media

import (
	"fmt"
	"io"
)

// Limits bounds what a reader accepts. A zero field means its default.
type Limits struct {
	Bytes  int64 // of the file, after gunzip; default 64 MiB
	Pixels int64 // of a picture, width × height; default 32 Mi (4 bytes each)
}

const (
	defaultBytes  = 64 << 20
	defaultPixels = 32 << 20
)

func (l Limits) bytes() int64 {
	if l.Bytes <= 0 {
		return defaultBytes
	}
	return l.Bytes
}

func (l Limits) pixels() int64 {
	if l.Pixels <= 0 {
		return defaultPixels
	}
	return l.Pixels
}

// readAll reads r to its end, or fails when that is further than the limit.
func (l Limits) readAll(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(&capped{r: r, left: l.bytes(), limit: l.bytes()})
	if err != nil {
		return nil, err
	}
	return data, nil
}

// capped is an io.LimitedReader that fails at the limit instead of ending
// there, so that a cut file is never taken for a whole one.
type capped struct {
	r           io.Reader
	left, limit int64
}

func (c *capped) Read(p []byte) (int, error) {
	if int64(len(p))-1 > c.left { // one more than allowed tells the end from excess
		p = p[:c.left+1]
	}
	n, err := c.r.Read(p)
	if int64(n) > c.left {
		return int(c.left), fmt.Errorf("larger than the limit of %d bytes", c.limit)
	}
	c.left -= int64(n)
	return n, err
}

// ReadRaw reads bytes as they are: tensors without a header.
func ReadRaw(r io.Reader, limits Limits) ([]byte, error) {
	data, err := limits.readAll(r)
	if err != nil {
		return nil, fmt.Errorf("raw: %w", err)
	}
	return data, nil
}
