package main

import (
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/npy"
)

func floatBytes(x ...float32) (b []byte) {
	for _, v := range x {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	return b
}

// TestRunInputs feeds one model with every kind of file. The output is the
// input as it was stored.
func TestRunInputs(t *testing.T) {
	dir := folder(t)
	array(t, dir, "flat.npy", npy.Int8, []int{4}, []byte{1, 2, 0xfd, 4})
	array(t, dir, "real.npy", npy.Float32, []int{2, 2}, floatBytes(0, 1, -1, 1000))
	grey := image.NewGray(image.Rect(0, 0, 2, 2))
	copy(grey.Pix, []byte{0, 128, 255, 127})
	f, err := os.Create(filepath.Join(dir, "grey.png"))
	require.NoError(t, err)
	require.NoError(t, png.Encode(f, grey))
	require.NoError(t, f.Close())
	require.NoError(t, os.WriteFile(filepath.Join(dir, "x.csv"), []byte("0,1\n-1,1000\n"), 0o666))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "x.bin"), []byte{1, 2, 0xfd, 4}, 0o666))
	stored := []byte{1, 2, 0xfd, 4}
	quantised := []byte{0xfd, 0xff, 0xfb, 127} // q = real/0.5 - 3, saturated
	for _, c := range []struct {
		args string
		want []byte
		note string
	}{
		{"int8.npy", stored, ""},
		{"flat.npy", stored, ""},
		{"x.bin", stored, ""},
		{"real.npy", quantised, "real numbers quantised to int8 with scale 0.5, zero point -3"},
		{"x.csv", quantised, "real numbers quantised"},
		{"grey.png", []byte{0x80, 0, 127, 0xff}, "pixels fed as pixel - 128"},
		{"grey.png --mean 128 --std 0.5", []byte{0x80, 0xfd, 127, 0xf9}, "mean [128], std [0.5]"},
	} {
		t.Run(c.args, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "deep", "out")
			args := append([]string{"run", "--out", out, "flat.tflite"}, strings.Fields(c.args)...)
			got := edgeinferIn(t, dir, "", args...)
			require.Equal(t, 0, got.code, got.stderr)
			assert.Contains(t, got.stderr, c.note)
			a := readArray(t, out, "output_0.npy")
			assert.Equal(t, npy.Int8, a.DType)
			assert.Equal(t, []int{1, 4}, a.Shape)
			assert.Equal(t, c.want, a.Data)
		})
	}
}

func TestRunStandardInput(t *testing.T) {
	dir := folder(t)
	file, err := os.ReadFile(filepath.Join(dir, "int8.npy"))
	require.NoError(t, err)
	got := edgeinferIn(t, dir, string(file), "run", "-", "--json", "--top", "2", "flat.tflite")
	assert.Equal(t, 3, got.code, "the first argument is the model")
	got = edgeinferIn(t, dir, string(file), "run", "flat.tflite", "--json", "--top", "2", "-", "--labels", "labels.txt")
	require.Equal(t, 0, got.code, got.stderr)
	out := got.object(t)["outputs"].([]any)[0].(map[string]any)
	assert.Equal(t, "y", out["name"])
	assert.Equal(t, []any{2.0, 2.5, 0.0, 3.5}, out["values"], "dequantised")
	assert.Equal(t, map[string]any{"index": 3.0, "label": "three", "score": 3.5}, out["top"].([]any)[0])
	assert.Len(t, out["top"], 2)
}

func TestRunSeveralInputs(t *testing.T) {
	dir := folder(t)
	array(t, dir, "a.npy", npy.Float32, []int{2}, floatBytes(1.5, -2))
	array(t, dir, "b.npy", npy.Int32, []int{2}, []byte{7, 0, 0, 0, 9, 0, 0, 0})
	got := edgeinferIn(t, dir, "", "run", "pair.tflite", "a.npy", "b.npy", "--out", "o", "--dump", "yb", "--dump", "#0")
	require.Equal(t, 0, got.code, got.stderr)
	assert.Equal(t, floatBytes(1.5, -2), readArray(t, dir, "o", "output_0.npy").Data)
	assert.Equal(t, []byte{7, 0, 0, 0, 9, 0, 0, 0}, readArray(t, dir, "o", "output_1.npy").Data)
	assert.Equal(t, readArray(t, dir, "o", "output_1.npy"), readArray(t, dir, "o", "yb.npy"))
	assert.Equal(t, readArray(t, dir, "o", "output_0.npy"), readArray(t, dir, "o", "op_0.npy"))

	got = edgeinferIn(t, dir, "", "run", "pair.tflite", "a.npy", "b.npy", "a.npy", "b.npy", "a.npy", "b.npy", "--sequence", "--out", "seq")
	require.Equal(t, 0, got.code, got.stderr)
	assert.Equal(t, floatBytes(1.5, -2), readArray(t, dir, "seq", "2", "output_0.npy").Data)
	assert.NoFileExists(t, filepath.Join(dir, "seq", "3"))

	got = edgeinferIn(t, dir, "", "run", "pair.tflite", "a.npy", "b.npy", "a.npy", "--sequence")
	assert.Equal(t, 3, got.code)
	assert.Contains(t, got.stderr, `input 1 "b" has no file`)
}

func TestRunBatch(t *testing.T) {
	dir := folder(t)
	array(t, dir, "three.npy", npy.Int8, []int{3, 2, 2, 1}, []byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
	got := edgeinferIn(t, dir, "", "run", "--batch", "flat.tflite", "three.npy", "int8.npy")
	require.Equal(t, 0, got.code, got.stderr)
	lines := strings.Split(strings.TrimSpace(got.stdout), "\n")
	require.Len(t, lines, 5)
	assert.Equal(t, "step,input,output_0[0],output_0[1],output_0[2],output_0[3]", lines[0])
	assert.Equal(t, "1,three.npy#1,4,4.5,5,5.5", lines[2])
	assert.Equal(t, "3,int8.npy,2,2.5,0,3.5", lines[4])

	got = edgeinferIn(t, dir, "", "run", "--batch", "flat.tflite", "three.npy", "--top", "1", "--labels", "labels.txt")
	assert.Contains(t, got.stdout, "0,three.npy#0,3,three,3.5\n")

	require.NoError(t, os.Mkdir(filepath.Join(dir, "all"), 0o777))
	array(t, dir, "all/b.npy", npy.Int8, []int{4}, []byte{0, 0, 0, 1})
	array(t, dir, "all/a.npy", npy.Int8, []int{4}, []byte{0, 0, 1, 0})
	got = edgeinferIn(t, dir, "", "run", "--batch", "flat.tflite", "all", "--json")
	require.Equal(t, 0, got.code, got.stderr)
	assert.Equal(t, 2, strings.Count(got.stdout, "\n"))
	assert.Equal(t, filepath.Join("all", "b.npy"), got.object(t)["input"])
}

// TestRunChannelsFirst feeds a picture to an input of [1 c h w].
func TestRunChannelsFirst(t *testing.T) {
	dir := folder(t)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "chw.tflite"), flat(1, 3, 2, 5), 0o666))
	img := image.NewNRGBA(image.Rect(0, 0, 5, 2))
	for i := range 10 {
		img.Set(i%5, i/5, color.NRGBA{uint8(i), uint8(100 + i), uint8(200 + i), 255})
	}
	f, err := os.Create(filepath.Join(dir, "rgb.png"))
	require.NoError(t, err)
	require.NoError(t, png.Encode(f, img))
	require.NoError(t, f.Close())
	got := edgeinferIn(t, dir, "", "run", "chw.tflite", "rgb.png", "--out", "o", "--channels", "bgr")
	require.Equal(t, 0, got.code, got.stderr)
	data := readArray(t, dir, "o", "output_0.npy").Data
	for i := range 10 {
		assert.Equal(t, []byte{byte(200 + i - 128), byte(100 + i - 128), byte(i - 128)}, []byte{data[i], data[10+i], data[20+i]})
	}
}
