package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/npy"
)

// TestErrors says for each mistake the exit code, and what the one line on
// standard error tells.
func TestErrors(t *testing.T) {
	dir := folder(t)
	array(t, dir, "long.npy", npy.Int8, []int{5}, make([]byte, 5))
	array(t, dir, "uint8.npy", npy.Uint8, []int{4}, make([]byte, 4))
	array(t, dir, "nan.npy", npy.Float32, []int{4}, []byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xc0, 0x7f, 0, 0, 0, 0})
	require.NoError(t, os.WriteFile(filepath.Join(dir, "bad.png"), []byte("\x89PNG\r\n\x1a\n"), 0o666))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "file"), []byte("x"), 0o666))
	for _, c := range []struct {
		args string
		code int
		want []string
	}{
		{"run none.tflite int8.npy", 3, []string{"none.tflite: ", "check the path"}},
		{"run . int8.npy", 3, []string{".: is a directory: give a model file"}},
		{"run empty.tflite int8.npy", 3, []string{"empty.tflite: ", "empty"}},
		{"run short.tflite int8.npy", 3, []string{"short.tflite: ", "copy or export the model again"}},
		{"inspect short.tflite", 3, []string{"short.tflite: "}},
		{"bench empty.tflite", 3, []string{"empty.tflite: "}},
		{"verify .", 3, []string{".: is a directory"}},
		{"run onnx.tflite int8.npy", 3, []string{"onnx.tflite: ", "opset"}},
		{"run flat.tflite none.npy", 3, []string{"none.npy: ", "check the path"}},
		{"run flat.tflite .", 3, []string{".: is a directory: ", "--batch"}},
		{"run flat.tflite empty.tflite", 3, []string{"empty.tflite: the file is empty"}},
		{"run flat.tflite bad.png", 3, []string{"bad.png: "}},
		{"run flat.tflite file", 3, []string{"1 raw bytes are not the 4 of int8[1 2 2 1]"}},
		{"run flat.tflite long.npy", 3, []string{`long.npy: input 0 "x": the array is int8[5] where int8[1 2 2 1] belongs`, "reshape"}},
		{"run flat.tflite uint8.npy", 3, []string{"uint8 where int8 belongs", "x.astype(np.int8)"}},
		{"run flat.tflite nan.npy", 3, []string{"nan.npy: element 2 is NaN"}},
		{"run pair.tflite int8.npy", 3, []string{`input 0 "a"`}},
		{"run flat.tflite", 2, []string{"no inputs are given", `"x" int8[1 2 2 1]`}},
		{"run flat.tflite int8.npy int8.npy", 2, []string{"--batch", "--sequence"}},
		{"run flat.tflite int8.npy --batch --sequence", 2, []string{"exclude each other"}},
		{"run flat.tflite int8.npy --dump y", 2, []string{"--out"}},
		{"run flat.tflite int8.npy --dump nothing --out o", 2, []string{`"nothing"`}},
		{"run flat.tflite int8.npy --shape z=1", 2, []string{`no input "z": the inputs are "x"`}},
		{"run flat.tflite int8.npy --shape x=1,-1", 2, []string{`"-1" is no size`}},
		{"run flat.tflite int8.npy --repeat 0", 2, []string{"--repeat 0"}},
		{"run flat.tflite int8.npy --threads 0", 2, []string{"--threads 0"}},
		{"run flat.tflite int8.npy --cpu mmx", 2, []string{`"mmx"`, "choose one of go"}},
		{"run flat.tflite int8.npy --max-memory lots", 2, []string{"512MiB"}},
		{"run flat.tflite int8.npy --out file", 1, []string{"file: not a directory: give --out"}},
		{"run", 2, []string{"requires at least 1 arg"}},
		{"walk", 2, []string{`unknown command "walk"`}},
		{"run --nosuch", 2, []string{"unknown flag: --nosuch"}},
		{"completion ksh", 2, []string{"ksh"}},
		{"bench flat.tflite --seconds 0", 2, []string{"--seconds 0"}},
		{"run wide.tflite int8.npy --max-memory 20KB", 6, []string{"wide.tflite: needs ", "over the limit of 20000", "--max-memory"}},
		{"run wide.tflite int8.npy --max-macs 100", 6, []string{"needs 30000 MACs, over the limit of 100", "--max-macs"}},
		{"verify flat.tflite --expect 00", 5, []string{"not those of --expect"}},
		{"run lacking.tflite int8.npy", 4, []string{"NoSuchThing", `"first"`, "NorThis", `"second"`}},
		{"inspect lacking.tflite", 4, []string{"NoSuchThing", "NorThis"}},
	} {
		t.Run(c.args, func(t *testing.T) {
			got := edgeinferIn(t, dir, "", strings.Fields(c.args)...)
			assert.Equal(t, c.code, got.code)
			assert.True(t, strings.HasPrefix(got.stderr, "edgeinfer: "), got.stderr)
			assert.Equal(t, 1, strings.Count(got.stderr, "\n"), got.stderr)
			for _, w := range c.want {
				assert.Contains(t, got.stderr, w)
			}
			if c.args == "inspect lacking.tflite" { // shows what it can as well
				assert.Contains(t, got.stdout, "NoSuchThing")
			} else {
				assert.Empty(t, got.stdout)
			}
			inJSON(t, dir, c.args, c.code)
		})
	}
}

// inJSON repeats a failing call with --json: the object is the last line of
// both streams together.
func inJSON(t *testing.T, dir, args string, code int) {
	for _, a := range [][]string{append(strings.Fields(args), "--json"), append([]string{"--json"}, strings.Fields(args)...)} {
		got := together(t, dir, a...)
		assert.Equal(t, code, got.code)
		assert.Equal(t, 2, strings.Count(got.stdout, "\n"), got.stdout)
		object := got.object(t)
		assert.NotEmpty(t, object["error"])
		if code == codeUnsupported {
			list := object["unsupported"].([]any)
			require.Len(t, list, 2)
			assert.Equal(t, "NorThis", list[1].(map[string]any)["name"])
		}
	}
}

func TestSize(t *testing.T) {
	for text, want := range map[string]int64{
		"512MiB": 512 << 20, "64KB": 64_000, "1048576": 1 << 20, "1.5G": 3 << 29, "2k": 2048, "7b": 7, "3 MB": 3_000_000,
	} {
		var s size
		require.NoError(t, s.Set(text))
		assert.Equal(t, want, int64(s), text)
	}
	for _, text := range []string{"", "x", "-1", "0", "1e300", "NaN", "5TB"} {
		var s size
		assert.Error(t, s.Set(text), text)
	}
	s := size(512 << 20)
	assert.Equal(t, "512MiB", s.String())
	s = 1000
	assert.Equal(t, "1000", s.String())
}
