package media

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func chunk(id, body string) string {
	if len(body)%2 == 1 {
		return id + le32(len(body)) + body + "\x00"
	}
	return id + le32(len(body)) + body
}

func le16(v int) string { return string(binary.LittleEndian.AppendUint16(nil, uint16(v))) }
func le32[T int | uint32](v T) string {
	return string(binary.LittleEndian.AppendUint32(nil, uint32(v)))
}

func wavFmt(tag, channels, rate, bits int) string {
	return le16(tag) + le16(channels) + le32(rate) + le32(rate*channels*bits/8) + le16(channels*bits/8) + le16(bits)
}

func wav(chunks ...string) string {
	body := "WAVE" + strings.Join(chunks, "")
	return "RIFF" + le32(len(body)) + body
}

func TestWAVFormats(t *testing.T) {
	f32 := func(v float32) string { return le32(int(math.Float32bits(v))) }
	f64 := func(v float64) string { return string(binary.LittleEndian.AppendUint64(nil, math.Float64bits(v))) }
	extensible := wavFmt(0xfffe, 1, 8000, 24) + le16(22) + le16(20) + le32(4) + le16(1) +
		"\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"
	for _, c := range []struct {
		name, format, data string
		want               []float32
	}{
		{"8", wavFmt(1, 1, 8000, 8), "\x00\x80\xff", []float32{-1, 0, 127.0 / 128}},
		{"16", wavFmt(1, 1, 8000, 16), "\x00\x80\x00\x00\xff\x7f", []float32{-1, 0, 32767.0 / 32768}},
		{"24", wavFmt(1, 1, 8000, 24), "\x00\x00\x80\x01\x00\x00\xff\xff\x7f", []float32{-1, 1.0 / (1 << 23), 8388607.0 / (1 << 23)}},
		{"32", wavFmt(1, 1, 8000, 32), le32(math.MinInt32) + le32(1<<30) + le32(math.MaxInt32), []float32{-1, 0.5, 0x1.fffffep-1}},
		{"float32", wavFmt(3, 1, 8000, 32), f32(0.25) + f32(-3), []float32{0.25, -3}},
		{"float64", wavFmt(3, 1, 8000, 64), f64(0.25) + f64(-1), []float32{0.25, -1}},
		{"extensible", extensible, "\x00\x00\x40", []float32{0.5}},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := wav(chunk("fmt ", c.format), chunk("LIST", "odd"), chunk("data", c.data))
			a, err := ReadWAV(strings.NewReader(file), Limits{})
			require.NoError(t, err)
			require.Equal(t, &Audio{Rate: 8000, Channels: 1, Samples: c.want}, a)
		})
	}
}

func TestWAVStereoMonoInt16(t *testing.T) {
	file := wav(chunk("fmt ", wavFmt(1, 2, 44100, 16)), chunk("data", le16(100)+le16(-300)+le16(32767)+le16(-32768)))
	a, err := ReadWAV(strings.NewReader(file), Limits{})
	require.NoError(t, err)
	require.Equal(t, 2, a.Frames())
	assert.Equal(t, []int16{100, -300, 32767, -32768}, a.Int16())
	assert.Equal(t, []float32{-100.0 / 32768, -0.5 / 32768}, a.Mono().Samples)
	loud := &Audio{Rate: 1, Channels: 1, Samples: []float32{2, -2, 1.5 / 32768, 2.5 / 32768}}
	assert.Equal(t, []int16{32767, -32768, 2, 2}, loud.Int16())
}

func TestInt16RoundTripsEverySample(t *testing.T) {
	var data bytes.Buffer
	want := make([]int16, 0, 1<<16)
	for v := math.MinInt16; v <= math.MaxInt16; v++ {
		want = append(want, int16(v))
		data.WriteString(le16(v))
	}
	a, err := ReadWAV(strings.NewReader(wav(chunk("fmt ", wavFmt(1, 1, 1, 16)), chunk("data", data.String()))), Limits{})
	require.NoError(t, err)
	require.Equal(t, want, a.Int16())
}

// Recorders that write to a pipe leave sizes open.
func TestWAVStreams(t *testing.T) {
	head := "WAVE" + chunk("fmt ", wavFmt(1, 1, 8000, 16))
	for _, riff := range []uint32{0, 0x24, 0xffffffff, 0x7ffff024} {
		for _, size := range []uint32{0, 0xffffffff, 0x7ffff000} {
			file := "RIFF" + le32(riff) + head + "data" + le32(size) + "\x01\x00\x02\x00\x03"
			a, err := ReadWAV(strings.NewReader(file), Limits{})
			require.NoError(t, err)
			require.Equal(t, []int16{1, 2}, a.Int16(), "riff %#x, data %#x", riff, size)
		}
	}
	a, err := ReadWAV(strings.NewReader(wav(chunk("fmt ", wavFmt(1, 1, 8000, 16)), "data"+le32(0), chunk("LIST", "abcd"))), Limits{})
	require.NoError(t, err)
	require.Empty(t, a.Samples, "really empty")
}

func TestWAVRefuses(t *testing.T) {
	format, data := chunk("fmt ", wavFmt(1, 1, 8000, 16)), chunk("data", "1234")
	for _, c := range []struct{ name, in, want string }{
		{"empty", "", `wav: starts with ""`},
		{"big-endian", "RIFX\x00\x00\x00\x00WAVE", "not with RIFF and WAVE"},
		{"no data", wav(format), "no data chunk"},
		{"order", wav(data, format), "data chunk before the fmt chunk"},
		{"truncated", wav(format, "data"+le32(32000)+"1234"), "data chunk says 32000 bytes, file has 4: truncated?"},
		{"truncated other", wav("LIST" + le32(99) + "x"), `"LIST" chunk says 99 bytes, file has 1: truncated?`},
		{"half a sample", wav(format, chunk("data", "123")), "data chunk of 3 bytes is no whole number of 2-byte frames"},
		{"short fmt", wav(chunk("fmt ", "123"), data), "fmt chunk of 3 bytes"},
		{"µ-law", wav(chunk("fmt ", wavFmt(7, 1, 8000, 8)), data), "µ-law is not supported: convert to PCM"},
		{"12 bits", wav(chunk("fmt ", wavFmt(1, 1, 8000, 12)), data), "coding 0x1 of 12 bits"},
		{"no channels", wav(chunk("fmt ", wavFmt(1, 0, 8000, 16)), data), "0 channels"},
		{"no rate", wav(chunk("fmt ", wavFmt(1, 1, 0, 16)), data), "sample rate 0"},
		{"align", wav(chunk("fmt ", wavFmt(1, 1, 8000, 16)[:12]+"\x09\x00\x10\x00"), data), "frames of 9 bytes"},
		{"guid", wav(chunk("fmt ", wavFmt(0xfffe, 1, 8000, 16)+strings.Repeat("x", 24)), data), "unknown coding"},
		{"nan", wav(chunk("fmt ", wavFmt(3, 1, 8000, 32)), chunk("data", "\x00\x00\xc0\x7f")), "frame 0, channel 0: NaN is no sample"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ReadWAV(strings.NewReader(c.in), Limits{})
			require.ErrorContains(t, err, c.want)
		})
	}
	_, err := ReadWAV(strings.NewReader(wav(format, data)), Limits{Bytes: 40})
	require.EqualError(t, err, "wav: larger than the limit of 40 bytes")
}

func FuzzReadWAV(f *testing.F) {
	f.Add([]byte(wav(chunk("fmt ", wavFmt(1, 2, 8000, 16)), chunk("data", "12345678"))))
	f.Add([]byte(wav(chunk("fmt ", wavFmt(3, 1, 8000, 32)), "data"+le32(uint32(0xffffffff))+"1234")))
	f.Fuzz(func(t *testing.T, in []byte) {
		a, err := ReadWAV(bytes.NewReader(in), Limits{})
		if err != nil {
			return
		}
		require.Zero(t, len(a.Samples)%a.Channels)
		require.LessOrEqual(t, len(a.Samples), len(in))
		require.Len(t, a.Int16(), len(a.Samples))
		require.Len(t, a.Mono().Samples, a.Frames())
	})
}
