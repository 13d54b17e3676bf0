package data

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/internal/shareddata"
)

// idxBytes spells an IDX file of one type.
func idxBytes(code byte, values []byte, dims ...uint32) []byte {
	b := []byte{0, 0, code, byte(len(dims))}
	for _, d := range dims {
		b = binary.BigEndian.AppendUint32(b, d)
	}
	return append(b, values...)
}

func zipped(t testing.TB, b []byte) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(b)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

func write(t testing.TB, dir, name string, b []byte) string {
	path := filepath.Join(dir, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
	require.NoError(t, os.WriteFile(path, b, 0o666))
	return path
}

func TestIDXFolder(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "train-images-idx3-ubyte.gz", zipped(t, idxBytes(8, []byte{0, 255, 51, 0, 1, 2, 3, 4}, 2, 2, 2)))
	write(t, dir, "train-labels-idx1-ubyte", idxBytes(8, []byte{1, 0}, 2))
	write(t, dir, "t10k-images-idx3-ubyte", idxBytes(8, []byte{9, 8, 7, 6}, 1, 2, 2))
	write(t, dir, "t10k-labels-idx1-ubyte.gz", zipped(t, idxBytes(8, []byte{1}, 1)))
	write(t, dir, "labels.txt", []byte("cat\ndog\n"))
	for _, memory := range []int64{0, 1} {
		train, test, err := Open(dir, Options{Memory: memory})
		require.NoError(t, err)
		require.Equal(t, []int{2, 2, 1}, train.Shape())
		require.Equal(t, []string{"cat", "dog"}, test.Classes())
		require.Equal(t, 1, test.Len())
		x, y := get(t, train, 0)
		require.Equal(t, []float32{0, 1, 0.2, 0}, x)
		require.Equal(t, []float32{1}, y)
	}
}

func TestIDXWordsAreBigEndian(t *testing.T) {
	dir := t.TempDir()
	path := write(t, dir, "a-images-idx2-ubyte", idxBytes(0x0b, []byte{1, 0, 0xff, 0xfe}, 2, 1))
	write(t, dir, "a-labels-idx2-ubyte", idxBytes(0x0d, []byte{0x3f, 0, 0, 0, 0x40, 0, 0, 0}, 2))
	for _, memory := range []int64{0, 1} {
		train, _, err := Open(path, Options{Memory: memory})
		require.NoError(t, err)
		x, y := get(t, train, 1)
		require.Equal(t, []float32{-2}, x)
		require.Equal(t, []float32{2}, y)
		require.Nil(t, train.Classes())
	}
}

func TestIDXRefuses(t *testing.T) {
	good := idxBytes(8, make([]byte, 8), 2, 2, 2)
	labels := idxBytes(8, []byte{0, 1}, 2)
	packed := zipped(t, good)
	for _, c := range []struct {
		name           string
		images, labels []byte
		want           string
	}{
		{"cut", good[:20], labels, "= 8 bytes, the file has 4 after it: truncated?"},
		{"longer", append(good[:24:24], 1), labels, "the file has 9 after it"},
		{"cut header", good[:10], labels, "byte 8: dimension 1: unexpected EOF"},
		{"cut gzip", packed[:len(packed)-3], labels, "unexpected EOF"},
		{"packed short", zipped(t, good[:20]), labels, "4 bytes where the header promises 8"},
		{"packed long", zipped(t, append(good[:24:24], 1)), labels, "more bytes than the 8"},
		{"checksum", append(append([]byte{}, packed[:len(packed)-8]...), 1, 2, 3, 4, 8, 0, 0, 0), labels, "checksum"},
		{"bomb", zipped(t, idxBytes(8, nil, 1<<20, 1<<10, 1<<10)), labels, "which 3"},
		{"huge", idxBytes(8, nil, 1<<31-1, 1<<31-1, 1<<31-1), labels, "larger than any file"},
		{"huge sample", idxBytes(8, nil, 1, 1<<20, 1<<20), labels, "have more than"},
		{"empty", idxBytes(8, nil, 0, 2, 2), labels, "dimension 0 of 0 is empty"},
		{"no IDX", []byte("PK\x03\x04 a zip file"), labels, "no IDX file"},
		{"type", idxBytes(0x0a, nil, 1), labels, "no IDX file"},
		{"dimensions", idxBytes(8, nil), labels, "0 dimensions"},
		{"labels", good, idxBytes(8, []byte{0, 1, 2}, 3), "2 samples and 3 targets"},
		{"range", good, idxBytes(9, []byte{0, 0xfe}, 2), "class -2 is not within"},
		{"gap", good, idxBytes(8, []byte{0, 2}, 2), `class 1 ("1") of 3 has no sample`},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			path := write(t, dir, "train-images-idx3-ubyte", c.images)
			write(t, dir, "train-labels-idx1-ubyte", c.labels)
			_, _, err := Open(dir, Options{})
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, err, dir, "the error names the place")
			_ = path
		})
	}
	dir := t.TempDir()
	write(t, dir, "train-images-idx3-ubyte", good)
	_, _, err := Open(dir, Options{})
	require.ErrorContains(t, err, "no labels: put train-labels-idx1-ubyte beside it")
}

func TestMNIST(t *testing.T) {
	train, test, err := Open(filepath.Join(shareddata.Shared(t), "mnist"), Options{})
	require.NoError(t, err)
	require.Equal(t, 60000, train.Len())
	require.Equal(t, 10000, test.Len())
	require.Equal(t, []int{28, 28, 1}, train.Shape())
	require.Len(t, train.Classes(), 10)
	require.Equal(t, []int{5, 0, 4, 1, 9}, classesOf(t, Limit(train, 5)))
	require.Equal(t, []int{7, 2, 1, 0, 4}, classesOf(t, Limit(test, 5)))
}

func FuzzIDX(f *testing.F) {
	f.Add(idxBytes(8, make([]byte, 8), 2, 2, 2))
	f.Add(zipped(f, idxBytes(0x0d, make([]byte, 16), 2, 2)))
	f.Add(idxBytes(8, nil, 1<<31-1, 1<<31-1))
	f.Fuzz(func(t *testing.T, b []byte) {
		path := write(t, t.TempDir(), "x", b)
		c, shape, err := idxColumn(path, &Options{Memory: 64}, 0)
		if err != nil {
			return
		}
		x := make([]float32, c.width)
		require.Equal(t, c.width, count(shape))
		for i := range c.rows {
			require.NoError(t, c.read(i, x))
		}
	})
}
