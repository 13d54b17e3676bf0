package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/npy"
)

func TestInspect(t *testing.T) {
	dir := folder(t)
	o := edgeinferIn(t, dir, "", "inspect", "flat.tflite", "--json").object(t)
	for _, key := range []string{"inputs", "outputs", "operators", "macs", "weight_bytes", "arena_bytes", "bound_bytes", "scratch_bytes", "nodes", "unsupported"} {
		assert.Contains(t, o, key)
	}
	assert.Equal(t, []any{}, o["unsupported"])
	assert.Equal(t, map[string]any{"name": "RESHAPE", "version": 1.0, "count": 1.0}, o["operators"].([]any)[0])
	assert.Equal(t, 8.0, o["weight_bytes"], "the shape's two int32")
	assert.NotEmpty(t, o["nodes"].([]any)[0].(map[string]any)["kernel"])
	o = edgeinferIn(t, dir, "", "inspect", "lacking.tflite", "--json").object(t)
	assert.Len(t, o["unsupported"], 2)
	assert.Len(t, o["operators"], 2)

	got := edgeinferIn(t, dir, "", "inspect", "wide.tflite", "--svg", "x.svg", "--html", "-")
	require.Equal(t, 0, got.code, got.stderr)
	assert.True(t, strings.HasPrefix(got.stdout, "<!doctype html>"))
	assert.Contains(t, got.stdout, "1×100×100×3")
	svg, err := os.ReadFile(filepath.Join(dir, "x.svg"))
	require.NoError(t, err)
	assert.Contains(t, string(svg), "Reshape")
	for _, page := range []string{string(svg), got.stdout} {
		assert.NotContains(t, strings.ReplaceAll(page, "http://www.w3.org/2000/svg", ""), "http", "self-contained")
	}
}

func TestBench(t *testing.T) {
	dir := folder(t)
	for _, threads := range []string{"1", "4"} {
		o := edgeinferIn(t, dir, "", "bench", "wide.tflite", "--seconds", "0.05", "--threads", threads, "--json", "--profile").object(t)
		for _, key := range []string{
			"model", "threads", "min_ms", "med_ms", "p90_ms", "p99_ms", "runs", "first_ms", "load_ms", "rss_mb", "loaded_mb", "base_mb",
			"arena_bytes", "scratch_bytes", "bound_bytes", "allocs_per_run", "kernels", "tainted", "profile",
		} {
			assert.Contains(t, o, key)
		}
		assert.Equal(t, 0.0, o["allocs_per_run"])
		assert.Positive(t, o["min_ms"])
		assert.GreaterOrEqual(t, o["p99_ms"], o["med_ms"])
		assert.GreaterOrEqual(t, o["med_ms"], o["min_ms"])
		assert.Greater(t, o["batch"], 1.0, "copying 30 kB takes less than 50 µs")
	}
}

func TestVerify(t *testing.T) {
	dir := folder(t)
	hash := regexp.MustCompile(`\b[0-9a-f]{64}\b`)
	first := edgeinferIn(t, dir, "", "verify", "flat.tflite")
	require.Equal(t, 0, first.code, first.stderr)
	require.Len(t, hash.FindAllString(first.stdout+first.stderr, -1), 1)
	// The outputs are the top bytes of twelve numbers of the generator: this hash
	// was computed by other means.
	assert.Equal(t, "fb4234aa1a6fb3b0c4b2a81855823f70c69d57a77fa464e0e75e69a48b00dd2c", hash.FindString(first.stdout))
	for _, args := range [][]string{{"--cpu", "go"}, {"--threads", "3"}, {"--json"}, {"--seed", "0"}} {
		again := edgeinferIn(t, dir, "", append([]string{"verify", "flat.tflite"}, args...)...)
		assert.Equal(t, hash.FindAllString(first.stdout, -1), hash.FindAllString(again.stdout+again.stderr, -1), args)
	}
	for _, args := range [][]string{{"--seed", "1"}, {"--runs", "2"}} {
		other := edgeinferIn(t, dir, "", append([]string{"verify", "flat.tflite"}, args...)...)
		assert.NotEqual(t, hash.FindString(first.stdout), hash.FindString(other.stdout), args)
	}
}

func TestEval(t *testing.T) {
	dir := folder(t)
	for name, row := range map[string][]byte{"one/a": {0, 9, 0, 0}, "one/b": {0, 9, 0, 9}, "zero/a": {0, 0, 5, 0}, "two/a": {0, 0, 5, 5}} {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, "set", filepath.Dir(name)), 0o777))
		array(t, dir, "set/"+name+".npy", npy.Int8, []int{4}, row)
	}
	got := edgeinferIn(t, dir, "", "eval", "flat.tflite", "set", "--labels", "labels.txt", "--json")
	require.Equal(t, 0, got.code, got.stderr)
	assert.True(t, strings.HasPrefix(got.stdout, `{"accuracy":0.75,`), "accuracy is the first key: %s", got.stdout)
	o := got.object(t)
	assert.Equal(t, []any{
		[]any{0.0, 0.0, 1.0, 0.0}, []any{0.0, 2.0, 0.0, 0.0}, []any{0.0, 0.0, 1.0, 0.0}, []any{0.0, 0.0, 0.0, 0.0},
	}, o["confusion"], "ties go to the first")
	assert.Equal(t, map[string]any{"class": 2.0, "label": "two", "precision": 0.5, "recall": 1.0, "f1": 2.0 / 3, "support": 1.0}, o["classes"].([]any)[2])

	got = edgeinferIn(t, dir, "", "eval", "flat.tflite", "set", "--json")
	assert.Equal(t, "one", got.object(t)["classes"].([]any)[0].(map[string]any)["label"], "sorted by name")
	got = edgeinferIn(t, dir, "", "eval", "flat.tflite", "int8.npy")
	assert.Equal(t, 3, got.code)
}

func TestDoctorAndVersion(t *testing.T) {
	o := edgeinferIn(t, t.TempDir(), "", "doctor", "--json", "--cpu", "go").object(t)
	assert.Equal(t, "go", o["kernels"])
	assert.Equal(t, "forced by --cpu", o["kernels_why"])
	assert.Contains(t, o["levels"], "go")
	assert.NotNil(t, o["buses"])
	assert.NotEmpty(t, edgeinferIn(t, t.TempDir(), "", "version", "--json").object(t)["go"])
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		got := edgeinferIn(t, t.TempDir(), "", "completion", shell)
		assert.Equal(t, 0, got.code)
		assert.Contains(t, got.stdout, "edgeinfer")
	}
}

// TestHelp holds that every verb has an example and names its flags.
func TestHelp(t *testing.T) {
	for _, verb := range []string{"run", "inspect", "bench", "verify", "eval", "train", "doctor", "version"} {
		got := edgeinferIn(t, t.TempDir(), "", verb, "--help")
		assert.Equal(t, 0, got.code)
		assert.Contains(t, got.stdout, "Examples:\n  edgeinfer "+verb)
		assert.Contains(t, got.stdout, "--max-memory")
		for line := range strings.Lines(got.stdout) {
			assert.Less(t, len([]rune(line)), 104, line)
		}
	}
}

func TestInterrupt(t *testing.T) {
	dir := folder(t)
	cmd := command(t, dir, "bench", "flat.tflite", "--seconds", "60", "--json")
	var stdout strings.Builder
	cmd.Stdout = &stdout
	require.NoError(t, cmd.Start())
	time.Sleep(300 * time.Millisecond)
	require.NoError(t, cmd.Process.Signal(os.Interrupt))
	start := time.Now()
	require.Error(t, cmd.Wait())
	assert.Equal(t, 130, cmd.ProcessState.ExitCode())
	assert.Less(t, time.Since(start), 5*time.Second)
	assert.JSONEq(t, `{"error":"interrupted","code":130}`, stdout.String())
}
