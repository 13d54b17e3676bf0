package media

import (
	"hash/crc32"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func tone(rate, frames int, hertz float64) *Audio {
	a := &Audio{Rate: rate, Channels: 1, Samples: make([]float32, frames)}
	for i := range a.Samples {
		a.Samples[i] = float32(0.5 * math.Sin(2*math.Pi*hertz*float64(i)/float64(rate)))
	}
	return a
}

// worst is the largest difference, away from the ends where silence leaks in.
func worst(a, b *Audio) float64 {
	d := 0.0
	for i := a.Rate / 20; i < len(a.Samples)-a.Rate/20; i++ {
		d = max(d, math.Abs(float64(a.Samples[i])-float64(b.Samples[i])))
	}
	return d
}

func TestResampleKeepsTones(t *testing.T) {
	for _, rates := range [][2]int{{8000, 16000}, {16000, 8000}, {44100, 16000}, {48000, 16000}, {16000, 44100}, {11025, 16000}} {
		from, to := rates[0], rates[1]
		for _, hertz := range []float64{50, 440, 0.4 * float64(min(from, to))} {
			got, err := tone(from, from/2, hertz).Resample(to)
			require.NoError(t, err)
			want := (from/2*to + from - 1) / from
			require.Len(t, got.Samples, want)
			assert.Less(t, worst(got, tone(to, want, hertz)), 5e-4, "%d to %d Hz, tone of %g Hz", from, to, hertz)
		}
	}
}

func TestResampleStopsAliases(t *testing.T) {
	got, err := tone(48000, 24000, 11000).Resample(16000)
	require.NoError(t, err)
	assert.Less(t, worst(got, &Audio{Samples: make([]float32, len(got.Samples))}), 5e-4)
}

func TestResampleChannelsAreIndependent(t *testing.T) {
	left, right := tone(8000, 800, 300), tone(8000, 800, 700)
	both := &Audio{Rate: 8000, Channels: 2}
	for i := range left.Samples {
		both.Samples = append(both.Samples, left.Samples[i], right.Samples[i])
	}
	got, err := both.Resample(11025)
	require.NoError(t, err)
	for c, mono := range []*Audio{left, right} {
		want, err := mono.Resample(11025)
		require.NoError(t, err)
		for i, v := range want.Samples {
			require.Equal(t, v, got.Samples[2*i+c])
		}
	}
}

// The phase table and the computation on the fly must not differ.
func TestPhaseTable(t *testing.T) {
	stored := newSincFilter(160, 441)
	fly := newSincFilter(160, 441)
	require.NotNil(t, stored.table)
	fly.table = nil
	for p := range 160 {
		require.Equal(t, stored.phase(p), fly.phase(p))
	}
	require.Nil(t, newSincFilter(44101, 44100).table)
}

// The bits are the same on every processor: this sum was recorded on amd64.
func TestResampleBits(t *testing.T) {
	in := &Audio{Rate: 44100, Channels: 1, Samples: make([]float32, 2000)}
	state := uint32(1)
	for i := range in.Samples {
		state = state*1664525 + 1013904223
		in.Samples[i] = float32(int32(state)>>16) / 32768
	}
	hash := crc32.NewIEEE()
	for _, rate := range []int{16000, 48000, 44101} {
		got, err := in.Resample(rate)
		require.NoError(t, err)
		for _, v := range got.Samples {
			_, err := hash.Write([]byte(le32(int(math.Float32bits(v)))))
			require.NoError(t, err)
		}
	}
	require.Equal(t, uint32(0xdfad33ee), hash.Sum32())
}

func TestSinPi(t *testing.T) {
	for i := -4000; i <= 4000; i++ {
		x := float64(i) / 1000
		require.InDelta(t, math.Sin(math.Pi*x), sinPi(x), 3e-15, "x = %g", x)
	}
	require.Zero(t, sinPi(7))
}

func TestResampleRefuses(t *testing.T) {
	a := tone(16000, 10, 1)
	same, err := a.Resample(16000)
	require.NoError(t, err)
	require.Same(t, a, same)
	_, err = a.Resample(0)
	require.ErrorContains(t, err, "rates must be within")
	_, err = a.Resample(100)
	require.EqualError(t, err, "resample: 16000 and 100 Hz differ by more than 64 times")
	empty, err := (&Audio{Rate: 8000, Channels: 1}).Resample(16000)
	require.NoError(t, err)
	require.Empty(t, empty.Samples)
}
