package data

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"hash/fnv"
	"math"
	"math/cmplx"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/npy"
	"github.com/edgeinfer/edgeinfer/internal/shareddata"
)

func TestFourierAgainstItsDefinition(t *testing.T) {
	for _, n := range []int{2, 4, 8, 64} {
		re, im := make([]float64, n), make([]float64, n)
		for i := range re {
			re[i], im[i] = float64(mix(1, uint64(i))>>40)/(1<<24), float64(mix(2, uint64(i))>>40)/(1<<24)
		}
		want := make([]complex128, n)
		for k := range want {
			for i := range re {
				want[k] += complex(re[i], im[i]) * cmplx.Exp(complex(0, -2*math.Pi*float64(k*i%n)/float64(n)))
			}
		}
		newFourier(n).transform(re, im)
		for k := range want {
			require.InDelta(t, 0, cmplx.Abs(want[k]-complex(re[k], im[k])), 1e-12)
		}
	}
}

func TestLogMelRefuses(t *testing.T) {
	for want, change := range map[string]func(*LogMelOptions){
		"FFT of 300":       func(o *LogMelOptions) { o.FFT = 300 },
		"frames of 512":    func(o *LogMelOptions) { o.Frame = 512 },
		"bands from 80 to": func(o *LogMelOptions) { o.High = 5000 },
		"0 bands":          func(o *LogMelOptions) { o.Bands = 0 },
	} {
		o := SpokenDigits
		change(&o)
		_, err := NewLogMel(o)
		require.ErrorContains(t, err, want)
	}
	l, err := NewLogMel(SpokenDigits)
	require.NoError(t, err)
	_, err = l.Shape([]int{255})
	require.ErrorContains(t, err, "at least 256")
}

func TestLogMelMap(t *testing.T) {
	sine := make([]float32, 8000)
	for i := range sine {
		sine[i] = float32(int(mix(0, uint64(i))%2000)-1000) / 1000
	}
	s, err := Pair(Of(sine, 1, 8000), Of([]uint8{0}))
	require.NoError(t, err)
	l, err := NewLogMel(SpokenDigits)
	require.NoError(t, err)
	m, err := Map(s, l)
	require.NoError(t, err)
	require.Equal(t, []int{49, 32}, m.Shape())
	x, _ := get(t, m, 0)
	sum, h := 0.0, fnv.New64a()
	for _, v := range x {
		sum += float64(v)
		b := math.Float32bits(v)
		h.Write([]byte{byte(b), byte(b >> 8), byte(b >> 16), byte(b >> 24)})
	}
	require.InDelta(t, 0, sum, 1e-3, "centred")
	require.Equal(t, uint64(0xac18bcbe99a67979), h.Sum64(), "the same bits on every processor")
}

// TestSpeechCommandsFrontEnd compares with features that another program made of the
// same recordings, rounded to bytes.
func TestSpeechCommandsFrontEnd(t *testing.T) {
	dir := filepath.Join(shareddata.Shared(t), "speech-commands")
	train, _, err := Open(filepath.Join(dir, "gsc12_test_wav.zip"), Options{Test: -1})
	require.NoError(t, err)
	require.Equal(t, 216, train.Len())
	l, err := NewLogMel(SpeechCommands)
	require.NoError(t, err)
	m, err := Map(train, l)
	require.NoError(t, err)
	z, err := npy.OpenNPZ(filepath.Join(dir, "gsc12_logmel_49x40_u8.npz"), 0)
	require.NoError(t, err)
	defer z.Close()
	a, err := z.Read("logmel_u8")
	require.NoError(t, err)
	row := rowNames(t, filepath.Join(dir, "names.txt.gz"))
	for i := 0; i < m.Len(); i += 9 {
		x, _ := get(t, m, i)
		_, name, _ := strings.Cut(m.Name(i), ": ")
		k, ok := row[name]
		require.True(t, ok, name)
		for j, v := range x {
			u := math.RoundToEven(max(0, min(255, (float64(v)+14)*255/22)))
			require.InDelta(t, float64(a.Data[k*len(x)+j]), u, 1, "%s, feature %d", name, j)
		}
	}
}

func rowNames(t *testing.T, path string) map[string]int {
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	z, err := gzip.NewReader(bytes.NewReader(b))
	require.NoError(t, err)
	out := map[string]int{}
	for lines := bufio.NewScanner(z); lines.Scan(); {
		out[strings.TrimSpace(lines.Text())] = len(out)
	}
	return out
}

func TestIMU(t *testing.T) {
	path := filepath.Join(shareddata.Shared(t), "imu-activity", "imu_50hz.npz")
	both, err := IMU(path, "", 64, 32)
	require.NoError(t, err)
	require.Equal(t, 4928, both.Len())
	phone, err := IMU(path, "phone", 64, 32)
	require.NoError(t, err)
	watch, err := IMU(path, "watch", 64, 32)
	require.NoError(t, err)
	require.Equal(t, both.Len(), phone.Len()+watch.Len())
	require.Equal(t, []int{64, 6}, phone.Shape())
	require.Len(t, Groups(both), 23)
	rest, user, err := SplitBy(watch, "7")
	require.NoError(t, err)
	require.Equal(t, watch.Len(), rest.Len()+user.Len())
	x, y := get(t, user, 0)
	gravity := math.Sqrt(float64(x[0]*x[0] + x[1]*x[1] + x[2]*x[2]))
	require.InDelta(t, 1, gravity, 0.3, "the watch is held still at first")
	require.Equal(t, float32(0), y[0])
	require.Zero(t, testing.AllocsPerRun(10, func() { _ = watch.Read(3, x, y) }))

	_, err = IMU(path, "shoe", 64, 32)
	require.ErrorContains(t, err, `device "shoe"`)
	_, err = IMU(path, "", 0, 1)
	require.ErrorContains(t, err, "windows of 0 samples")
	_, err = IMU(path, "", 1<<20, 1)
	require.ErrorContains(t, err, "no window of")
}
