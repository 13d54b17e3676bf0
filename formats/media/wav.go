package media

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// Audio is sound. Samples are interleaved: channel c of frame i is
// Samples[i·Channels+c]. Integer formats give [−1, 1); a float file keeps what
// it has, which may be louder.
type Audio struct {
	Rate     int // frames per second
	Channels int
	Samples  []float32
}

const (
	maxChannels = 64
	maxRate     = 768_000
)

// ReadWAV reads RIFF/WAVE: PCM of 8, 16, 24 or 32 bits, float of 32 or 64.
func ReadWAV(r io.Reader, limits Limits) (*Audio, error) {
	data, err := limits.readAll(r)
	if err != nil {
		return nil, fmt.Errorf("wav: %w", err)
	}
	a, err := parseWAV(data)
	if err != nil {
		return nil, fmt.Errorf("wav: %w", err)
	}
	return a, nil
}

func parseWAV(data []byte) (*Audio, error) {
	if len(data) < 12 || string(data[:4]) != "RIFF" || string(data[8:12]) != "WAVE" {
		return nil, fmt.Errorf("starts with %q, not with RIFF and WAVE", data[:min(12, len(data))])
	}
	var format *wavFormat
	for at := 12; at+8 <= len(data); {
		id, size := string(data[at:at+4]), binary.LittleEndian.Uint32(data[at+4:])
		body := data[at+8:]
		if id == "data" {
			if format == nil {
				return nil, errors.New("data chunk before the fmt chunk")
			}
			body, err := dataBody(data, at+8, size, format.frame())
			if err != nil {
				return nil, err
			}
			return format.decode(body)
		}
		if uint64(size) > uint64(len(body)) {
			return nil, fmt.Errorf("%q chunk says %d bytes, file has %d: truncated?", id, size, len(body))
		}
		if id == "fmt " {
			f, err := parseWAVFormat(body[:size])
			if err != nil {
				return nil, err
			}
			format = &f
		}
		at += 8 + int(size) + int(size&1)
	}
	return nil, errors.New("no data chunk")
}

// dataBody cuts the samples out. Recorders that write to a pipe cannot go back
// and enter a size: they leave 0 or 0xffffffff (sox: from 0x7ffff000 on), and
// then the samples go to the last whole frame of the file. A size of 0 is meant
// as such where the RIFF chunk ends with it too.
func dataBody(data []byte, at int, size uint32, frame int) ([]byte, error) {
	const unknown = 0x7ffff000
	body := data[at:]
	riff := binary.LittleEndian.Uint32(data[4:])
	if size == 0 && riff != 0 && riff < unknown && uint64(riff)+8 >= uint64(len(data)) {
		return nil, nil // what follows are other chunks
	}
	if size == 0 || size >= unknown && uint64(size) > uint64(len(body)) {
		return body[:len(body)-len(body)%frame], nil
	}
	if uint64(size) > uint64(len(body)) {
		return nil, fmt.Errorf("data chunk says %d bytes, file has %d: truncated?", size, len(body))
	}
	if int(size)%frame != 0 {
		return nil, fmt.Errorf("data chunk of %d bytes is no whole number of %d-byte frames", size, frame)
	}
	return body[:size], nil
}

// wavFormat is the fmt chunk: float or integer samples of bits each.
type wavFormat struct {
	float          bool
	bits           int
	channels, rate int
}

func (f wavFormat) frame() int { return f.channels * f.bits / 8 }

// wavTags names the codings that are known but not read.
var wavTags = map[uint16]string{
	2: "Microsoft ADPCM", 6: "A-law", 7: "µ-law", 0x11: "IMA ADPCM", 0x31: "GSM 6.10", 0x50: "MPEG", 0x55: "MP3", 0xff: "AAC",
}

func parseWAVFormat(b []byte) (wavFormat, error) {
	const pcm, float, extensible = 1, 3, 0xfffe
	if len(b) < 16 {
		return wavFormat{}, fmt.Errorf("fmt chunk of %d bytes is shorter than 16", len(b))
	}
	tag := binary.LittleEndian.Uint16(b)
	channels, rate := int(binary.LittleEndian.Uint16(b[2:])), binary.LittleEndian.Uint32(b[4:])
	align, bits := int(binary.LittleEndian.Uint16(b[12:])), int(binary.LittleEndian.Uint16(b[14:]))
	if tag == extensible {
		// The real tag begins a GUID; the rest of it is the same for all codings.
		const guid = "\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"
		if len(b) < 40 || string(b[26:40]) != guid {
			return wavFormat{}, errors.New("extensible format with an unknown coding")
		}
		tag = binary.LittleEndian.Uint16(b[24:])
	}
	ok := tag == pcm && (bits == 8 || bits == 16 || bits == 24 || bits == 32) || tag == float && (bits == 32 || bits == 64)
	switch {
	case !ok && wavTags[tag] != "":
		return wavFormat{}, fmt.Errorf("%s is not supported: convert to PCM", wavTags[tag])
	case !ok:
		return wavFormat{}, fmt.Errorf("coding %#x of %d bits is not supported (PCM of 8, 16, 24, 32 and float of 32, 64 bits are)", tag, bits)
	case channels < 1 || channels > maxChannels:
		return wavFormat{}, fmt.Errorf("%d channels are not within 1 to %d", channels, maxChannels)
	case rate < 1 || rate > maxRate:
		return wavFormat{}, fmt.Errorf("sample rate %d is not within 1 to %d", rate, maxRate)
	case align != channels*bits/8:
		return wavFormat{}, fmt.Errorf("frames of %d bytes do not hold %d channels of %d bits", align, channels, bits)
	}
	return wavFormat{float: tag == float, bits: bits, channels: channels, rate: int(rate)}, nil
}

func (f wavFormat) decode(b []byte) (*Audio, error) {
	size := f.bits / 8
	a := &Audio{Rate: f.rate, Channels: f.channels, Samples: make([]float32, len(b)/size)}
	for i := range a.Samples {
		v := f.sample(b[i*size : i*size+size])
		if f.float && v-v != 0 {
			return nil, fmt.Errorf("frame %d, channel %d: %g is no sample", i/f.channels, i%f.channels, v)
		}
		a.Samples[i] = v
	}
	return a, nil
}

func (f wavFormat) sample(b []byte) float32 {
	le := binary.LittleEndian
	switch {
	case f.float && f.bits == 32:
		return math.Float32frombits(le.Uint32(b))
	case f.float:
		return float32(math.Float64frombits(le.Uint64(b)))
	case f.bits == 8:
		return float32(int(b[0])-128) / (1 << 7)
	case f.bits == 16:
		return float32(int16(le.Uint16(b))) / (1 << 15)
	case f.bits == 24:
		return float32(int32(uint32(b[0])<<8|uint32(b[1])<<16|uint32(b[2])<<24)>>8) / (1 << 23)
	}
	const belowOne = 0x1.fffffep-1 // 2³¹−1 would round up to 1
	return min(float32(int32(le.Uint32(b)))/(1<<31), belowOne)
}

// Frames returns the number of samples per channel.
func (a *Audio) Frames() int { return len(a.Samples) / max(1, a.Channels) }

// Int16 returns the samples times 32768, rounded half to even and saturated: of
// a 16-bit file exactly what it held.
func (a *Audio) Int16() []int16 {
	out := make([]int16, len(a.Samples))
	for i, v := range a.Samples {
		out[i] = int16(max(-1<<15, min(1<<15-1, math.RoundToEven(float64(v)*(1<<15)))))
	}
	return out
}

// Mono returns the mean of the channels.
func (a *Audio) Mono() *Audio {
	if a.Channels <= 1 {
		return a
	}
	out := &Audio{Rate: a.Rate, Channels: 1, Samples: make([]float32, a.Frames())}
	for i := range out.Samples {
		var sum float64 // exact for integer formats
		for _, v := range a.Samples[i*a.Channels : (i+1)*a.Channels] {
			sum += float64(v)
		}
		out.Samples[i] = float32(sum / float64(a.Channels))
	}
	return out
}
