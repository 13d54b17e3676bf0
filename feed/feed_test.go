package feed

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/formats/npy"
	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

// reader returns a session and a reader for a model with inputs "a", "b", …
// of one type and shape.
func reader(t *testing.T, o Options, typ tflite.TensorType, inputs int, shape ...int) (*edgeinfer.Session, *Reader) {
	t.Helper()
	m := modeltest.New()
	to := m.Const("to", tflite.Int32, []int{1}, []int32{-1})
	n := 1
	for _, d := range shape {
		n *= d
	}
	for i := range inputs {
		x := m.Input(string(rune('a'+i)), typ, shape)
		y := m.Tensor("y", typ, []int{n})
		m.Op("RESHAPE", 1, modeltest.Options{}, []int{x, to}, []int{y})
		m.Outputs(y)
	}
	model, err := edgeinfer.LoadBytes(m.Bytes())
	require.NoError(t, err)
	s, err := model.NewSession(edgeinfer.Options{})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	r, err := NewReader(model, s, o)
	require.NoError(t, err)
	return s, r
}

// all reads every set, and returns the bytes of all inputs of each.
func all(t *testing.T, s *edgeinfer.Session, r *Reader, args ...string) (data [][]byte, notes []string) {
	t.Helper()
	for set, err := range r.Sets(args) {
		require.NoError(t, err)
		n, err := set.Fill(s)
		require.NoError(t, err)
		var b []byte
		for i := range s.Inputs() {
			b = append(b, s.Input(i).Bytes()...)
		}
		data, notes = append(data, b), append(notes, n...)
	}
	return data, notes
}

func file(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, data, 0o666))
	return path
}

// wav returns a recording of 16-bit samples 0, 1, 2, …
func wav(rate, channels, samples int) []byte {
	var b bytes.Buffer
	b.WriteString("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00")
	le := binary.LittleEndian
	b.Write(le.AppendUint16(nil, uint16(channels)))
	b.Write(le.AppendUint32(nil, uint32(rate)))
	b.Write(le.AppendUint32(nil, uint32(rate*channels*2)))
	b.Write(le.AppendUint16(nil, uint16(channels*2)))
	b.Write(le.AppendUint16(nil, 16))
	b.WriteString("data")
	b.Write(le.AppendUint32(nil, uint32(2*samples)))
	for i := range samples {
		b.Write(le.AppendUint16(nil, uint16(i)))
	}
	le.PutUint32(b.Bytes()[4:], uint32(b.Len()-8))
	return b.Bytes()
}

func int16s(x ...int16) (b []byte) {
	for _, v := range x {
		b = binary.LittleEndian.AppendUint16(b, uint16(v))
	}
	return b
}

func TestSound(t *testing.T) {
	path := file(t, "x.wav", wav(16000, 1, 10))
	s, r := reader(t, Options{}, tflite.Int16, 1, 1, 4)
	data, notes := all(t, s, r, path)
	assert.Equal(t, [][]byte{int16s(0, 1, 2, 3), int16s(4, 5, 6, 7)}, data)
	assert.Contains(t, notes[0], "the last 2 samples fill no window")

	s, r = reader(t, Options{Hop: 3}, tflite.Int16, 1, 1, 4)
	data, notes = all(t, s, r, path)
	assert.Equal(t, [][]byte{int16s(0, 1, 2, 3), int16s(3, 4, 5, 6), int16s(6, 7, 8, 9)}, data)
	assert.Empty(t, notes)

	s, r = reader(t, Options{}, tflite.Int16, 1, 1, 12)
	data, notes = all(t, s, r, path)
	assert.Equal(t, [][]byte{int16s(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0)}, data)
	assert.Contains(t, notes[0], "2 samples of silence")

	s, r = reader(t, Options{}, tflite.Float32, 1, 2)
	all(t, s, r, file(t, "y.wav", wav(16000, 2, 4)))
	assert.Equal(t, []float32{0.5 / 32768, 2.5 / 32768}, s.Input(0).Float32(), "the mean of the channels")
}

// TestFrontEnd uses a front-end that gives its window back.
func TestFrontEnd(t *testing.T) {
	front, _ := reader(t, Options{}, tflite.Int16, 1, 1, 4)
	path := file(t, "x.wav", wav(16000, 1, 11))
	s, r := reader(t, Options{FrontEnd: front, Hop: 2}, tflite.Int16, 1, 2, 4)
	data, notes := all(t, s, r, path)
	assert.Equal(t, [][]byte{int16s(0, 1, 2, 3, 2, 3, 4, 5), int16s(4, 5, 6, 7, 6, 7, 8, 9)}, data)
	assert.Contains(t, notes[0], "4 windows of sound became 16 features")

	_, r = reader(t, Options{FrontEnd: front}, tflite.Int16, 1, 3, 4)
	for _, err := range r.Sets([]string{path}) {
		require.ErrorContains(t, err, "2 windows make 8 features, the input takes 12")
	}
	_, r = reader(t, Options{FrontEnd: front}, tflite.Int8, 1, 2, 4)
	for _, err := range r.Sets([]string{path}) {
		require.ErrorContains(t, err, "int16 where int8 belongs")
	}
}

// archive writes int8 arrays of one shape as a .npz, sorted by name.
func archive(t *testing.T, arrays map[string][]byte, shape []int) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(arrays)) {
		f, err := w.Create(name + ".npy")
		require.NoError(t, err)
		require.NoError(t, npy.Write(f, &npy.Array{DType: npy.Int8, Shape: shape, Data: arrays[name]}))
	}
	require.NoError(t, w.Close())
	return file(t, "x.npz", b.Bytes())
}

func TestArchive(t *testing.T) {
	s, r := reader(t, Options{}, tflite.Int8, 2, 1, 2)
	save := func(arrays map[string][]byte, shape ...int) string { return archive(t, arrays, shape) }
	data, _ := all(t, s, r, save(map[string][]byte{"b": {3, 4}, "a": {1, 2}, "c": {9, 9}}, 2))
	assert.Equal(t, [][]byte{{1, 2, 3, 4}}, data, "by name")
	data, _ = all(t, s, r, save(map[string][]byte{"x": {1, 2, 3, 4}, "y": {5, 6, 7, 8}}, 2, 2))
	assert.Equal(t, [][]byte{{1, 2, 5, 6}, {3, 4, 7, 8}}, data, "in order, two sets")
	for _, err := range r.Sets([]string{save(map[string][]byte{"x": {1, 2}, "y": {1, 2}, "z": {1, 2}}, 2)}) {
		require.ErrorContains(t, err, "3 arrays for 2 inputs")
	}
	s, r = reader(t, Options{}, tflite.Int8, 1, 1, 2)
	data, _ = all(t, s, r, save(map[string][]byte{"x": {1, 2}, "y": {3, 4}}, 2))
	assert.Equal(t, [][]byte{{1, 2}, {3, 4}}, data, "for one input each array is a set")
}

func TestTablesAndRaw(t *testing.T) {
	s, r := reader(t, Options{}, tflite.Int32, 1, 1, 2)
	data, _ := all(t, s, r, file(t, "x.csv", []byte("p,q\n1,2\n-3,4\n")))
	assert.Equal(t, [][]byte{{1, 0, 0, 0, 2, 0, 0, 0}, {0xfd, 0xff, 0xff, 0xff, 4, 0, 0, 0}}, data)
	for set, err := range r.Sets([]string{file(t, "y.csv", []byte("1.5,2\n"))}) {
		require.NoError(t, err)
		_, err = set.Fill(s)
		require.ErrorContains(t, err, "element 0 is 1.5, which int32 does not hold")
	}
	data, _ = all(t, s, r, file(t, "x.raw", bytes.Repeat([]byte{1, 2, 3, 4}, 6)))
	assert.Len(t, data, 3)
	r.o.Stdin = bytes.NewReader(make([]byte, 8))
	data, _ = all(t, s, r, "-")
	assert.Equal(t, [][]byte{make([]byte, 8)}, data, "bytes of no known kind are raw")
}

func TestRealsAreConverted(t *testing.T) {
	s, r := reader(t, Options{}, tflite.Float32, 1, 2)
	save := func(d npy.DType, b []byte) string {
		path := filepath.Join(t.TempDir(), "x.npy")
		require.NoError(t, npy.WriteFile(path, &npy.Array{DType: d, Shape: []int{2}, Data: b}))
		return path
	}
	all(t, s, r, save(npy.Float16, []byte{0, 0x3c, 0, 0xc0}))
	assert.Equal(t, []float32{1, -2}, s.Input(0).Float32())
	all(t, s, r, save(npy.Float64, []byte{0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0}))
	assert.Equal(t, []float32{1.5, 0}, s.Input(0).Float32())
	for _, err := range r.Sets([]string{save(npy.Int8, []byte{1, 2})}) {
		require.ErrorContains(t, err, "use x.astype(np.float32)")
	}
}

func TestLayoutOf(t *testing.T) {
	for _, c := range []struct {
		shape []int
		want  planes
	}{
		{[]int{1, 96, 80, 3}, planes{96, 80, 3, false}},
		{[]int{96, 80, 1}, planes{96, 80, 1, false}},
		{[]int{1, 3, 96, 80}, planes{96, 80, 3, true}},
		{[]int{1, 28, 28}, planes{28, 28, 1, false}},
		{[]int{28, 28}, planes{28, 28, 1, false}},
	} {
		got, err := layoutOf(c.shape)
		require.NoError(t, err)
		assert.Equal(t, c.want, got, c.shape)
	}
	for _, shape := range [][]int{{}, {4}, {2, 96, 96, 3}, {1, 5, 6, 7}} {
		_, err := layoutOf(shape)
		assert.Error(t, err, shape)
	}
}

func TestKindOf(t *testing.T) {
	for _, c := range []struct {
		name, start string
		want        Kind
	}{
		{"x", "\x93NUMPY", NPY}, {"x.png", "PK\x03\x04", NPZ}, {"x", "RIFF1234WAVE", WAV}, {"x", "RIFF1234WEBP", Image},
		{"x.csv", "BM", CSV}, {"x.CSV.gz", "\x1f\x8b", CSV}, {"x.bin", "\x93NUMPY", Raw}, {"x.jpg", "<html>", Image}, {"x", "", Raw},
	} {
		assert.Equal(t, c.want, kindOf(c.name, []byte(c.start)), c.name)
	}
	k, err := ParseKind("wav")
	require.NoError(t, err)
	assert.Equal(t, WAV, k)
	_, err = ParseKind("mp3")
	require.ErrorContains(t, err, "choose one of auto, npy")
}
