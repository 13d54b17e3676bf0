package data

import (
	"archive/zip"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/npy"
)

// writeNPZ writes arrays, compressed or not.
func writeNPZ(t *testing.T, method uint16, arrays map[string]*Array) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "set.npz")
	f, err := os.Create(path)
	require.NoError(t, err)
	z := zip.NewWriter(f)
	for name, a := range arrays {
		require.NoError(t, a.Err())
		w, err := z.CreateHeader(&zip.FileHeader{Name: name + ".npy", Method: method})
		require.NoError(t, err)
		require.NoError(t, npy.Write(w, a.a))
	}
	require.NoError(t, z.Close())
	require.NoError(t, f.Close())
	return path
}

func TestNPZInMemoryInPlaceAndUnpacked(t *testing.T) {
	for _, method := range []uint16{zip.Store, zip.Deflate} {
		path := writeNPZ(t, method, map[string]*Array{
			"x": Of([]int16{1, -2, 3, 4, 5, 6}, 3, 2), "y": Of([]uint8{0, 1, 1}),
			"x_test": Of([]int16{7, 8}, 1, 2), "y_test": Of([]uint8{1}),
		})
		for _, memory := range []int64{0, 1} {
			train, test, err := Open(path, Options{Memory: memory})
			require.NoError(t, err)
			x, y := get(t, train, 0)
			require.Equal(t, []float32{1, -2}, x)
			require.Equal(t, []float32{0}, y)
			x, _ = get(t, test, 0)
			require.Equal(t, []float32{7, 8}, x)
			inPlace := train.(*table).x.bytes.file != nil && train.(*table).x.bytes.file.Name() == path
			require.Equal(t, memory == 1 && method == zip.Store, inPlace)
		}
	}
}

func TestNPZRefuses(t *testing.T) {
	for want, arrays := range map[string]map[string]*Array{
		"(it has x): name it with Samp": {"x": Of([]uint8{1})},
		"2 samples and 1 targets":       {"x": Of([]uint8{1, 2}), "y": Of([]uint8{0})},
		`class "1" occurs in the test`:  {"x": Of([]uint8{1}), "y": Of([]uint8{0}), "x_test": Of([]uint8{1}), "y_test": Of([]uint8{1})},
		"samples of shape [1] and [2]":  {"x": Of([]uint8{1}), "y": Of([]uint8{0}), "x_test": Of([]uint8{1, 2}, 1, 2), "y_test": Of([]uint8{0})},
		"class -3 is not within 0 to":   {"x": Of([]uint8{1}), "y": Of([]int8{-3})},
	} {
		_, _, err := Open(writeNPZ(t, zip.Deflate, arrays), Options{})
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "set.npz")
	}
}
