package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/npy"
	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

// envMain makes the test binary be the command: what runs is the same program,
// built once.
const envMain = "EDGEINFER_TEST_IS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(envMain) != "" {
		os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// call is what a call of the command gave.
type call struct {
	code           int
	stdout, stderr string
}

// command prepares a call in a folder.
func command(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(exe, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), envMain+"=1", "EDGEINFER_CPU=")
	return cmd
}

func edgeinferIn(t *testing.T, dir, stdin string, args ...string) call {
	t.Helper()
	cmd := command(t, dir, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdin = strings.NewReader(stdin)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	_ = cmd.Run() // the exit code says it
	return call{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// together is a call whose two streams are one, as in a shell's 2>&1.
func together(t *testing.T, dir string, args ...string) call {
	t.Helper()
	cmd := command(t, dir, args...)
	out, _ := cmd.CombinedOutput()
	return call{code: cmd.ProcessState.ExitCode(), stdout: string(out)}
}

// object returns the JSON object in the last line of both streams.
func (c call) object(t *testing.T) map[string]any {
	t.Helper()
	lines := strings.Split(strings.TrimRight(c.stdout, "\n"), "\n")
	var v map[string]any
	require.NoError(t, json.Unmarshal([]byte(lines[len(lines)-1]), &v), "stdout %q, stderr %q", c.stdout, c.stderr)
	return v
}

var pixels = modeltest.Quant{Scale: []float32{0.5}, Zero: []int64{-3}}

// flat returns a model that turns int8 [1 h w c] into [1 h·w·c].
func flat(shape ...int) []byte {
	n := 1
	for _, d := range shape {
		n *= d
	}
	m := modeltest.New()
	x := m.Input("x", tflite.Int8, shape, pixels)
	to := m.Const("to", tflite.Int32, []int{2}, []int32{1, int32(n)})
	y := m.Tensor("y", tflite.Int8, []int{1, n}, pixels)
	m.Op("RESHAPE", 1, modeltest.Options{}, []int{x, to}, []int{y})
	m.Outputs(y)
	return m.Bytes()
}

// pair returns a model with two inputs, float32 [2] "a" and int32 [1 2] "b",
// that gives both back with other shapes.
func pair() []byte {
	m := modeltest.New()
	a, b := m.Input("a", tflite.Float32, []int{2}), m.Input("b", tflite.Int32, []int{1, 2})
	to := m.Const("to", tflite.Int32, []int{2}, []int32{2, 1})
	ya, yb := m.Tensor("ya", tflite.Float32, []int{2, 1}), m.Tensor("yb", tflite.Int32, []int{2, 1})
	m.Op("RESHAPE", 1, modeltest.Options{}, []int{a, to}, []int{ya})
	m.Op("RESHAPE", 1, modeltest.Options{}, []int{b, to}, []int{yb})
	m.Outputs(ya, yb)
	return m.Bytes()
}

// lacking returns a model with two operators that there will never be.
func lacking() []byte {
	m := modeltest.New()
	x := m.Input("x", tflite.Float32, []int{4})
	y, z := m.Tensor("first", tflite.Float32, []int{4}), m.Tensor("second", tflite.Float32, []int{4})
	m.Custom("NoSuchThing", nil, []int{x}, []int{y})
	m.Custom("NorThis", nil, []int{y}, []int{z})
	m.Outputs(z)
	return m.Bytes()
}

// folder returns a folder with the models and arrays that tests use.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, data []byte) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), data, 0o666))
	}
	write("flat.tflite", flat(1, 2, 2, 1))
	write("wide.tflite", flat(1, 100, 100, 3))
	write("pair.tflite", pair())
	write("lacking.tflite", lacking())
	write("empty.tflite", nil)
	write("short.tflite", flat(1, 2, 2, 1)[:100])
	write("onnx.tflite", []byte("\x08\x07\x12\x07pytorch\x1a\x051.9.0:\x00"))
	write("labels.txt", []byte("zero\none\ntwo\nthree\n"))
	array(t, dir, "int8.npy", npy.Int8, []int{1, 2, 2, 1}, []byte{1, 2, 0xfd, 4})
	return dir
}

// array writes a .npy file.
func array(t *testing.T, dir, name string, d npy.DType, shape []int, data []byte) {
	t.Helper()
	require.NoError(t, npy.WriteFile(filepath.Join(dir, name), &npy.Array{DType: d, Shape: shape, Data: data}))
}

// readArray returns the elements of a .npy file as bytes.
func readArray(t *testing.T, path ...string) *npy.Array {
	t.Helper()
	a, err := npy.ReadFile(filepath.Join(path...), 0)
	require.NoError(t, err)
	return a
}
