package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels"
)

// netText describes a network for the table that trainFolder writes.
const netText = `
layers:
  - dense: {units: 16, activation: relu}
  - dropout: 0.1
  - dense: {units: classes, activation: softmax}
optimizer: {adam: {learning_rate: 0.01}}
fit: {epochs: 4, batch: 16, seed: 5}
`

// trainFolder returns a folder with a network and a table of three classes.
func trainFolder(t *testing.T, rows int) string {
	t.Helper()
	dir := t.TempDir()
	var b strings.Builder
	b.WriteString("a,b,c,d,kind\n")
	for i := range rows {
		k := i * 7 % 3
		fmt.Fprintf(&b, "%d,%d,%d,%d,%s\n", i%5+4*k, (i*3)%7-2*k, i%2, (i*i)%11, []string{"ant", "bee", "cat"}[k])
	}
	put(t, dir, "table.csv", b.String())
	put(t, dir, "net.yaml", netText)
	return dir
}

func put(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o666))
}

var hash64 = regexp.MustCompile(`\b[0-9a-f]{64}\b`)

func TestTrain(t *testing.T) {
	dir := trainFolder(t, 300)
	got := together(t, dir, "train", "net.yaml", "--data", "table.csv", "--out", "m.onnx", "--json")
	require.Equal(t, 0, got.code, got.stdout)
	lines := strings.Split(strings.TrimSpace(got.stdout), "\n")
	assert.Len(t, lines, 5, "a line for each epoch, and the object")
	last := lines[len(lines)-1]
	assert.True(t, strings.HasPrefix(last, `{"metrics":{"accuracy":`), last)
	assert.Len(t, hash64.FindAllString(got.stdout, -1), 1)
	o := got.object(t)
	hash := o["weights_sha256"]
	for _, key := range []string{"seconds", "samples_per_s", "planned_bytes"} {
		assert.Positive(t, o[key], key)
	}
	m := o["metrics"].(map[string]any)
	assert.Greater(t, m["accuracy"], 0.5)
	assert.Positive(t, m["loss"])
	for _, ext := range []string{".onnx", ".tflite", ".safetensors", ".log.jsonl", ".report.html"} {
		info, err := os.Stat(filepath.Join(dir, "m"+ext))
		require.NoError(t, err)
		assert.Positive(t, info.Size())
	}
	assert.NoDirExists(t, filepath.Join(dir, "m.checkpoints"))
	log, err := os.ReadFile(filepath.Join(dir, "m.log.jsonl"))
	require.NoError(t, err)
	assert.Equal(t, 4, bytes.Count(log, []byte("\n")))
	for _, model := range []string{"m.onnx", "m.tflite"} { // both are what other verbs read
		e := edgeinferIn(t, dir, "", "eval", model, "table.csv", "--html", "e.html", "--json").object(t)
		assert.Equal(t, m["accuracy"], e["accuracy"])
		assert.InDelta(t, m["loss"], e["loss"], 1e-5)
		assert.Equal(t, "bee", e["classes"].([]any)[1].(map[string]any)["label"])
		assert.Contains(t, string(read(t, dir, "e.html")), "bee")
	}

	again := func(args ...string) any {
		got := edgeinferIn(t, dir, "", append([]string{"train", "net.yaml", "--data", "table.csv", "--json"}, args...)...)
		require.Equal(t, 0, got.code, got.stderr)
		return got.object(t)["weights_sha256"]
	}
	for _, level := range fusedLevels() {
		assert.Equal(t, hash, again("--cpu", level), level)
	}
	assert.Equal(t, hash, again("--threads", "3"))
	assert.Equal(t, hash, again("--seed", "5"))
	assert.NotEqual(t, hash, again("--seed", "6"))
	assert.NotEqual(t, hash, again("--epochs", "1"))
	assert.NotEqual(t, hash, again("--batch", "8"))
	assert.NotEqual(t, hash, again("--limit", "50"))
}

func TestTrainSummary(t *testing.T) {
	dir := trainFolder(t, 30)
	got := edgeinferIn(t, dir, "", "train", "net.yaml", "--data", "table.csv", "--summary")
	require.Equal(t, 0, got.code, got.stderr)
	assert.Contains(t, got.stdout, "parameters: 131 trainable")
	assert.Contains(t, got.stdout, "activations and gradients")
	put(t, dir, "alone.yaml", "input: [4]\nlayers: [dense: 3]\nloss: mean_squared_error")
	o := edgeinferIn(t, dir, "", "train", "alone.yaml", "--summary", "--json").object(t)
	assert.Equal(t, 15.0, o["parameters"])
}

// TestTrainMistakes says for each mistake the exit code, and what is told.
func TestTrainMistakes(t *testing.T) {
	dir := trainFolder(t, 60)
	put(t, dir, "typo.yaml", "layers:\n  - dens: 3\n")
	put(t, dir, "image.yaml", "layers:\n  - conv2d: {filters: 3, kernel_size: 3}\n")
	put(t, dir, "two.yaml", "layers:\n  - dense: {units: 2, activation: softmax}\n")
	put(t, dir, "wild.yaml", "layers:\n  - dense: 3\nloss: mean_squared_error\noptimizer: {sgd: {learning_rate: 1e6}}\nfit: {epochs: 50}\ndata: {regression: true}")
	put(t, dir, "broken.npz", "PK\x03\x04 no zip")
	put(t, dir, "new.csv", "a,b,c,d,kind\n1,2,3,4,dog\n1,2,3,4,dog\n")
	put(t, dir, "nan.csv", "a,b,c,d,kind\n1,2,NaN,4,ant\n1,2,3,4,bee\n")
	put(t, dir, "folders/a/1.npy", "x")
	put(t, dir, "four.csv", "a,b,c,d,y\n1,2,3,4,0.5\n1,2,3,5,1.5\n")
	require.NoError(t, os.Mkdir(filepath.Join(dir, "folder.onnx"), 0o777))
	put(t, dir, "numbers.csv", "a,b\n1,0.5\n2,1.5\n3,2.5\n1e30,1.25\n5,1.75\n6,1.5\n")
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "folders/b"), 0o777))
	for _, c := range []struct {
		args string
		code int
		want []string
	}{
		{"train", 2, []string{"accepts 1 arg"}},
		{"train net.yaml", 2, []string{"--data PATH"}},
		{"train net.yaml --data table.csv --out m.pb", 2, []string{"m.pb", ".onnx or .tflite"}},
		{"train net.yaml --data table.csv --epochs -1", 2, []string{"--epochs -1"}},
		{"train net.yaml --data table.csv --epochs 0", 2, []string{"--epochs 0: give a number from 1 on"}},
		{"train net.yaml --data table.csv --limit 0", 2, []string{"--limit 0"}},
		{"train net.yaml --data table.csv --out folder.onnx", 2, []string{"folder.onnx is a folder"}},
		{"train net.yaml --data table.csv --test numbers.csv", 3, []string{"numbers.csv: samples of shape [1], and those to train on have [4]"}},
		{"train net.yaml --data table.csv --test four.csv", 3, []string{"four.csv: targets are numbers, and those to train on are classes"}},
		{"train net.yaml --data table.csv --max-memory 1KiB", 6, []string{"over the limit of 1024", "--max-memory"}},
		{"train net.yaml --data table.csv --threads 0", 2, []string{"--threads 0"}},
		{"train net.yaml --data table.csv --cpu mmx", 2, []string{"mmx"}},
		{"train none.yaml --data table.csv", 3, []string{"none.yaml", "check the path"}},
		{"train . --data table.csv", 3, []string{"."}},
		{"train typo.yaml --data table.csv", 3, []string{`typo.yaml:2:5: layer "dens" is not known: did you mean dense?`}},
		{"train image.yaml --data table.csv", 3, []string{"image.yaml:2:5: ", "input of shape [4]"}},
		{"train two.yaml --data table.csv", 3, []string{"3 classes", "2"}},
		{"train net.yaml --data none.csv", 3, []string{"none.csv", "check the path"}},
		{"train net.yaml --data broken.npz", 3, []string{"broken.npz"}},
		{"train net.yaml --data new.csv", 3, []string{`new.csv: "dog" is the only class`}},
		{"train net.yaml --data nan.csv", 3, []string{"nan.csv"}},
		{"train net.yaml --data folders", 3, []string{"folders"}},
		{"train net.yaml --data table.csv --test new.csv", 3, []string{"new.csv", "dog"}},
		{"train wild.yaml --data numbers.csv", 3, []string{"wild.yaml"}},
		{"eval table.csv table.csv", 3, []string{"table.csv"}},
		{"train net.yaml --data table.csv --memory 1KiB", 6, []string{"over the limit of 1024"}},
		{"train net.yaml --data table.csv --out table.csv/m.onnx", 1, []string{"table.csv"}},
	} {
		t.Run(c.args, func(t *testing.T) {
			got := edgeinferIn(t, dir, "", strings.Fields(c.args)...)
			assert.Equal(t, c.code, got.code, got.stderr)
			for _, w := range c.want {
				assert.Contains(t, got.stderr, w)
			}
			assert.Empty(t, got.stdout)
			object := together(t, dir, append(strings.Fields(c.args), "--json")...).object(t)
			assert.Equal(t, float64(c.code), object["code"])
		})
	}
}

// TestTrainGoesOn kills training at random times: the same command goes on, and
// ends with the weights that it would have had.
func TestTrainGoesOn(t *testing.T) {
	dir := trainFolder(t, 2000)
	args := func(out string) []string {
		return []string{"train", "net.yaml", "--data", "table.csv", "--epochs", "40", "--checkpoint-every", "9", "--out", out, "--json"}
	}
	whole := edgeinferIn(t, dir, "", args("whole.onnx")...)
	require.Equal(t, 0, whole.code, whole.stderr)
	begin := time.Now()
	edgeinferIn(t, dir, "", args("timed.onnx")...)
	full := time.Since(begin)
	stopped := map[string]int{}
	for i := 0; i < 60; i++ {
		cmd := command(t, dir, args("cut.onnx")...)
		var out bytes.Buffer
		cmd.Stdout = &out
		require.NoError(t, cmd.Start())
		sig := []os.Signal{syscall.SIGKILL, os.Interrupt}[i%2]
		wait := full/20 + time.Duration(rand.Int64N(int64(full/5)))
		timer := time.AfterFunc(wait, func() { _ = cmd.Process.Signal(sig) })
		if stopped["killed"]+stopped["interrupted"] >= 12 {
			timer.Stop()
		}
		_ = cmd.Wait()
		timer.Stop()
		switch {
		case cmd.ProcessState.ExitCode() == 130:
			stopped["interrupted"]++
			assert.JSONEq(t, `{"error":"interrupted","code":130}`, out.String())
			continue
		case !cmd.ProcessState.Success():
			require.Equal(t, -1, cmd.ProcessState.ExitCode(), out.String()) // by a signal
			stopped["killed"]++
			continue
		}
		var o struct {
			Hash string `json:"weights_sha256"`
		}
		require.NoError(t, json.Unmarshal(out.Bytes(), &o))
		assert.Equal(t, whole.object(t)["weights_sha256"], o.Hash)
		log, err := os.ReadFile(filepath.Join(dir, "cut.log.jsonl"))
		require.NoError(t, err)
		assert.Equal(t, 40, bytes.Count(log, []byte("\n")))
		for _, ext := range []string{".onnx", ".tflite", ".safetensors"} {
			assert.Equal(t, read(t, dir, "whole"+ext), read(t, dir, "cut"+ext), ext)
		}
		if n := stopped["killed"] + stopped["interrupted"]; n >= 5 {
			return
		}
		for _, f := range []string{".onnx", ".tflite"} { // too quick: once more
			require.NoError(t, os.Remove(filepath.Join(dir, "cut"+f)))
		}
	}
	t.Fatalf("no run was stopped five times and ended: %v", stopped)
}

func read(t *testing.T, path ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(path...))
	require.NoError(t, err)
	return b
}

// TestTrainOtherSettings holds that a run does not go on from one that would have
// ended elsewhere.
func TestTrainOtherSettings(t *testing.T) {
	dir := trainFolder(t, 200)
	first := []string{"train", "net.yaml", "--data", "table.csv", "--checkpoints", "kept", "--epochs", "2", "--out", "m.onnx", "--json"}
	require.Equal(t, 0, edgeinferIn(t, dir, "", first...).code)
	assert.DirExists(t, filepath.Join(dir, "kept"), "a folder that was asked for stays")
	longer := edgeinferIn(t, dir, "", append(first, "--epochs", "4")...)
	require.Equal(t, 0, longer.code, longer.stderr)
	assert.Equal(t, 2, strings.Count(longer.stderr, "epoch "), "it goes on: %s", longer.stderr)
	straight := edgeinferIn(t, dir, "", "train", "net.yaml", "--data", "table.csv", "--epochs", "4", "--json")
	assert.Equal(t, straight.object(t)["weights_sha256"], longer.object(t)["weights_sha256"])
	other := edgeinferIn(t, dir, "", append(first, "--seed", "8")...)
	assert.Equal(t, 3, other.code)
	assert.Contains(t, other.stderr, "another network")
	put(t, dir, "table.csv", strings.ReplaceAll(string(read(t, dir, "table.csv")), "1,", "2,"))
	other = edgeinferIn(t, dir, "", first...)
	assert.Equal(t, 3, other.code, "other data")
}

func TestTrainNeedsFusedKernels(t *testing.T) {
	assert.NoError(t, fusedOnly(&kernels.Set{Name: "x", Fused: true}))
	err := fusedOnly(&kernels.Set{Name: "gofast"})
	assert.ErrorContains(t, err, "--cpu gofast: these kernels round each product")
	assert.Equal(t, codeUsage, codeOf(err))
}
