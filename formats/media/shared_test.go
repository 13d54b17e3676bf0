package media

import (
	"archive/zip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/internal/shareddata"
)

// inZip calls each for the files of a shared archive that end in suffix, and
// returns how many there were.
func inZip(t *testing.T, archive, suffix string, each func(name string, r io.Reader)) int {
	t.Helper()
	z, err := zip.OpenReader(filepath.Join(shareddata.Shared(t), archive))
	require.NoError(t, err)
	defer z.Close()
	n := 0
	for _, entry := range z.File {
		if !strings.HasSuffix(entry.Name, suffix) {
			continue
		}
		r, err := entry.Open()
		require.NoError(t, err)
		each(entry.Name, r)
		require.NoError(t, r.Close())
		n++
	}
	return n
}

func TestSharedSpeechCommands(t *testing.T) {
	n := inZip(t, "speech-commands/gsc12_test_wav.zip", ".wav", func(name string, r io.Reader) {
		a, err := ReadWAV(r, Limits{})
		require.NoError(t, err, name)
		require.Equal(t, []int{16000, 1, 16000}, []int{a.Rate, a.Channels, a.Frames()}, name)
	})
	require.Equal(t, 216, n)
}

func TestSharedSpokenDigits(t *testing.T) {
	n := inZip(t, "fsdd/fsdd.zip", ".wav", func(name string, r io.Reader) {
		a, err := ReadWAV(r, Limits{})
		require.NoError(t, err, name)
		require.Equal(t, []int{8000, 1}, []int{a.Rate, a.Channels}, name)
		seconds := float64(a.Frames()) / 8000
		require.True(t, seconds > 0.13 && seconds <= 1.01, "%s: %g s", name, seconds)
	})
	require.Equal(t, 2000, n)
}

func TestSharedWav16k(t *testing.T) {
	folder := filepath.Join(shareddata.Shared(t), "tflite/labelled/wav16k")
	for name, want := range map[string][2]int{ // channels, frames
		"yes_1000ms": {1, 16000}, "no_1000ms": {1, 16000}, "noise_1000ms": {1, 16000}, "silence_1000ms": {1, 16000},
		"yes_30ms": {1, 480}, "no_30ms": {1, 480}, "marvin_617de221_0": {2, 16000}, "short_wav_easy10s": {2, 160000},
	} {
		f, err := os.Open(filepath.Join(folder, name+".wav"))
		require.NoError(t, err)
		a, err := ReadWAV(f, Limits{})
		require.NoError(t, err, name)
		require.NoError(t, f.Close())
		require.Equal(t, []int{16000, want[0], want[1]}, []int{a.Rate, a.Channels, a.Frames()}, name)
	}
}

func TestSharedCIFAR(t *testing.T) {
	pixels := make([]uint8, 32*32*3)
	n := inZip(t, "cifar10-jpg/cifar10_jpg_10k_2k.zip", ".jpg", func(name string, r io.Reader) {
		img, err := DecodeImage(r, Limits{})
		require.NoError(t, err, name)
		require.NoError(t, Pixels(img, 3, RGB, pixels), name)
	})
	require.Equal(t, 12000, n)
}

func TestSharedDigitsTable(t *testing.T) {
	f, err := os.Open(filepath.Join(shareddata.Shared(t), "digits8x8/digits.csv.gz"))
	require.NoError(t, err)
	defer f.Close()
	table, err := ReadCSV(f, Limits{})
	require.NoError(t, err)
	require.Equal(t, []int{1797, 65}, []int{table.Rows, table.Cols})
}
