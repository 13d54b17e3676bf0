package main

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/npy"
)

// tone is a WAV of a sine, 16 bit, mono.
func tone(rate, samples int, frequency float64) string {
	b := []byte("RIFF....WAVEfmt ")
	binary.LittleEndian.PutUint32(b[4:], uint32(36+2*samples))
	x := make([]int16, samples)
	for i := range x {
		x[i] = int16(9000 * math.Sin(2*math.Pi*frequency*float64(i)/float64(rate)))
	}
	for _, v := range []any{uint32(16), uint16(1), uint16(1), uint32(rate), uint32(2 * rate), uint16(2), uint16(16), []byte("data"), uint32(2 * samples), x} {
		b, _ = binary.Append(b, binary.LittleEndian, v)
	}
	return string(b)
}

// TestTrainedOnSound trains on samples of sound, and on their spectra: both models
// take recordings of any rate, and name what they hear.
func TestTrainedOnSound(t *testing.T) {
	dir := t.TempDir()
	for i := range 10 {
		put(t, dir, fmt.Sprintf("sound/low/%d.wav", i), tone(4000, 4000, 150+10*float64(i)))
		put(t, dir, fmt.Sprintf("sound/high/%d.wav", i), tone(4000, 4000, 900+30*float64(i)))
	}
	put(t, dir, "high.wav", tone(11025, 12000, 1000))
	put(t, dir, "mixed/a/0.wav", tone(4000, 4000, 150))
	put(t, dir, "mixed/b/0.wav", tone(8000, 4000, 150))
	put(t, dir, "mixed.yaml", "layers: [dense: {units: classes, activation: softmax}]\ndata: {test: 0}\n")
	assert.Contains(t, edgeinferIn(t, dir, "", "train", "mixed.yaml", "--data", "mixed", "--out", "mixed.onnx").stderr, "write data: {sound: {rate: …}}")
	const end = "  - global_max_pooling1d\n  - dense: {units: classes, activation: softmax}\noptimizer: {adam: {learning_rate: 0.05}}\nfit: {epochs: 10, batch: 4}\n"
	put(t, dir, "samples.yaml", "layers:\n  - reshape: [-1, 1]\n  - conv1d: {filters: 8, kernel_size: 8, strides: 2, activation: relu}\n"+end)
	put(t, dir, "spectra.yaml", "layers:\n  - dense: {units: 8, activation: relu}\n"+end+
		"data: {log_mel: {rate: 4000, frame: 128, hop: 64, fft: 128, bands: 12, low: 50, high: 1900}}\n")
	for _, net := range []string{"samples", "spectra"} {
		got := edgeinferIn(t, dir, "", "train", net+".yaml", "--data", "sound", "--out", net+".onnx", "--json")
		require.Equal(t, 0, got.code, got.stderr)
		require.Equal(t, 1.0, got.object(t)["metrics"].(map[string]any)["accuracy"])
		for _, model := range []string{net + ".onnx", net + ".tflite"} {
			for recording, want := range map[string]string{"sound/low/3.wav": "low", "sound/high/3.wav": "high", "high.wav": "high"} {
				got = edgeinferIn(t, dir, "", "run", model, recording, "--json")
				require.Equal(t, 0, got.code, got.stderr)
				o := got.object(t)["outputs"].([]any)[0].(map[string]any)
				assert.Equal(t, want, o["top"].([]any)[0].(map[string]any)["label"], "%s %s", model, recording)
			}
			got = edgeinferIn(t, dir, "", "eval", model, "sound", "--json")
			require.Equal(t, 0, got.code, got.stderr)
			assert.Equal(t, 1.0, got.object(t)["accuracy"])
		}
		got = edgeinferIn(t, dir, "", "run", net+".onnx", "high.wav", "--top", "1")
		assert.Contains(t, got.stderr, "resampled from 11025 to 4000 Hz")
	}
}

// TestTrainLabel chooses the column that is learnt.
func TestTrainLabel(t *testing.T) {
	dir := trainFolder(t, 60)
	var b strings.Builder
	for line := range strings.Lines(string(read(t, dir, "table.csv"))) {
		f := strings.Split(strings.TrimSpace(line), ",")
		fmt.Fprintln(&b, strings.Join(append(f[4:], f[:4]...), ","))
	}
	put(t, dir, "first.csv", b.String())
	hash := func(args ...string) any {
		got := edgeinferIn(t, dir, "", append([]string{"train", "net.yaml", "--json", "--out", "m.onnx", "--data"}, args...)...)
		require.Equal(t, 0, got.code, got.stderr)
		return got.object(t)["weights_sha256"]
	}
	want := hash("table.csv")
	for _, label := range []string{"kind", "1", "-5"} {
		assert.Equal(t, want, hash("first.csv", "--label", label))
	}
	e := edgeinferIn(t, dir, "", "eval", "m.onnx", "first.csv", "--label", "kind", "--json").object(t)
	assert.Equal(t, 12.0, e["samples"])
	e = edgeinferIn(t, dir, "", "eval", "m.onnx", "first.csv", "--label", "kind", "--all", "--json").object(t)
	assert.Equal(t, 60.0, e["samples"])
	got := edgeinferIn(t, dir, "", "train", "net.yaml", "--data", "first.csv", "--label", "knd")
	assert.Equal(t, 3, got.code)
	assert.Contains(t, got.stderr, `label is "knd": no such column`)
	assert.Equal(t, 2, edgeinferIn(t, dir, "", "train", "net.yaml", "--data", "first.csv", "--seed", "-2").code)
	assert.NotContains(t, edgeinferIn(t, dir, "", "train", "--help").stdout, "default -1")
}

// arrayFile returns a .npz.
func arrayFile(t *testing.T, arrays map[string]*npy.Array) string {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, a := range arrays {
		w, err := z.Create(name)
		require.NoError(t, err)
		require.NoError(t, npy.Write(w, a))
	}
	require.NoError(t, z.Close())
	return b.String()
}

// TestEvalNumbers measures models whose targets are numbers.
func TestEvalNumbers(t *testing.T) {
	dir := t.TempDir()
	x, y := make([]float32, 120), make([]float32, 40)
	for i := range y {
		for j := range 3 {
			x[3*i+j] = float32((i*7+j*5)%11) / 5
			y[i] += float32(j) * x[3*i+j]
		}
	}
	put(t, dir, "d.npz", arrayFile(t, map[string]*npy.Array{"x.npy": {DType: npy.Float32, Shape: []int{40, 3}, Data: floatBytes(x...)}, "y.npy": {DType: npy.Float32, Shape: []int{40}, Data: floatBytes(y...)}}))
	put(t, dir, "net.yaml", "layers: [dense: classes]\nmetrics: [mae, rmse]\nfit: {epochs: 3}\ndata: {test: 0.25}\n")
	got := edgeinferIn(t, dir, "", "train", "net.yaml", "--data", "d.npz", "--out", "m.onnx", "--json")
	require.Equal(t, 0, got.code, got.stderr)
	want := got.object(t)["metrics"].(map[string]any)
	assert.Regexp(t, `(?s)Worst mistakes.*The worst come first.*is <b>[\d.]+</b><br/>taken for <span class="no">-?[\d.]+</span><span`, string(read(t, dir, "m.report.html")))
	for _, model := range []string{"m.onnx", "m.tflite"} {
		got = edgeinferIn(t, dir, "", "eval", model, "d.npz", "--net", "net.yaml", "--json")
		require.Equal(t, 0, got.code, got.stderr)
		e := got.object(t)
		assert.Equal(t, 10.0, e["samples"])
		for _, key := range []string{"mae", "rmse", "loss"} {
			assert.InDelta(t, want[key], e[key], 1e-5)
			assert.InDelta(t, want[key], e["metrics"].(map[string]any)[key], 1e-5)
		}
		assert.Contains(t, edgeinferIn(t, dir, "", "eval", model, "d.npz").stdout, "on 40 samples")
		assert.Equal(t, 0, edgeinferIn(t, dir, "", "eval", model, "d.npz", "--html", "e.html").code)
		assert.Regexp(t, `(?s)mean absolute error.*Worst mistakes.*taken for`, string(read(t, dir, "e.html")))
	}
}

// TestEvalOneHot measures classes that are given as rows of zeros with a one.
func TestEvalOneHot(t *testing.T) {
	dir := t.TempDir()
	var x, y []float32
	for i := range 60 {
		x = append(x, float32(i%3), float32(i%5))
		for k := range 3 {
			y = append(y, map[bool]float32{true: 1}[i%3 == k])
		}
	}
	put(t, dir, "d.npz", arrayFile(t, map[string]*npy.Array{"x.npy": {DType: npy.Float32, Shape: []int{60, 2}, Data: floatBytes(x...)}, "y.npy": {DType: npy.Float32, Shape: []int{60, 3}, Data: floatBytes(y...)}}))
	put(t, dir, "net.yaml", "layers: [dense: {units: classes, activation: softmax}]\nloss: categorical_crossentropy\nfit: {epochs: 9}\ndata: {test: 0.25}\n")
	want := edgeinferIn(t, dir, "", "train", "net.yaml", "--data", "d.npz", "--out", "m.onnx", "--json").object(t)["metrics"].(map[string]any)
	got := edgeinferIn(t, dir, "", "eval", "m.onnx", "d.npz", "--net", "net.yaml", "--json").object(t)
	assert.Equal(t, want["accuracy"], got["accuracy"])
	assert.InDelta(t, want["loss"], got["loss"], 1e-5)
}

// TestEvalLoss measures the loss that the description names, with its keys.
func TestEvalLoss(t *testing.T) {
	dir := t.TempDir()
	var x, many, steps []float32
	var classes, marks []byte
	for i := range 48 {
		x = append(x, float32(i*7%11)/5-1, float32(i*5%13)/4-1)
		many = append(many, float32(i%2), float32(i/2%2), float32(i/4%2), float32(i*3%7)/3)
		steps = append(steps, .25, .75, .5, .5)
		classes = append(classes, byte(i%3%2), 0, 0, 0)
		marks = append(marks, byte(i%3), 0, 0, 0, byte(i%5%3), 0, 0, 0)
	}
	samples := &npy.Array{DType: npy.Float32, Shape: []int{48, 2}, Data: floatBytes(x...)}
	put(t, dir, "many.npz", arrayFile(t, map[string]*npy.Array{"x.npy": samples, "y.npy": {DType: npy.Float32, Shape: []int{48, 4}, Data: floatBytes(many...)}}))
	put(t, dir, "steps.npz", arrayFile(t, map[string]*npy.Array{"x.npy": samples, "y.npy": {DType: npy.Float32, Shape: []int{48, 2, 2}, Data: floatBytes(steps...)}}))
	put(t, dir, "classes.npz", arrayFile(t, map[string]*npy.Array{"x.npy": samples, "y.npy": {DType: npy.Int32, Shape: []int{48}, Data: classes}}))
	put(t, dir, "marks.npz", arrayFile(t, map[string]*npy.Array{"x.npy": samples, "y.npy": {DType: npy.Int32, Shape: []int{48, 2}, Data: marks}}))
	const two = "- dense: {units: 2, activation: softmax}"
	for _, c := range []struct{ data, layers, loss string }{
		{"classes", two, "{categorical_crossentropy: {label_smoothing: 0.3}}"},
		{"classes", "- dense: {units: 2, kernel_initializer: ones}\n  - multiply: {from: [dense, dense]}\n  - multiply: {from: [multiply, multiply]}\n  - softmax", "categorical_crossentropy"},
		{"classes", "- dense: {units: 1, activation: sigmoid}", "{binary_crossentropy: {label_smoothing: 0.3}}"},
		{"many", "- dense: {units: 4, activation: sigmoid}", "binary_crossentropy"},
		{"many", "- dense: 4", "mean_absolute_error"},
		{"many", "- dense: 4", "{huber: {delta: 0.3}}"},
		{"marks", "- dense: 6\n  - reshape: [2, 3]\n  - softmax", "sparse_categorical_crossentropy"},
		{"steps", "- dense: 4\n  - reshape: [2, 2]\n  - softmax", "categorical_crossentropy"},
	} {
		put(t, dir, "net.yaml", "layers:\n  "+c.layers+"\nloss: "+c.loss+"\noptimizer: {sgd: {learning_rate: 0.001}}\nfit: {epochs: 1}\ndata: {test: 0.25}\n")
		got := edgeinferIn(t, dir, "", "train", "net.yaml", "--data", c.data+".npz", "--out", "m.onnx", "--json")
		require.Equal(t, 0, got.code, got.stderr)
		want := got.object(t)["metrics"].(map[string]any)
		for _, model := range []string{"m.onnx", "m.tflite"} {
			got = edgeinferIn(t, dir, "", "eval", model, c.data+".npz", "--net", "net.yaml", "--json")
			require.Equal(t, 0, got.code, got.stderr)
			e := got.object(t)["metrics"].(map[string]any)
			assert.InEpsilon(t, want["loss"], e["loss"], 1e-5, c.loss)
			assert.Equal(t, want["accuracy"], e["accuracy"], c.loss)
		}
	}
}

// TestEvalStateful begins to measure on states that training has not left behind: of
// one batch, all that train and eval measure is the same.
func TestEvalStateful(t *testing.T) {
	dir := t.TempDir()
	var x []float32
	var y []byte
	for i := range 40 {
		x = append(x, float32(i%3), float32(i%5), float32(i%7), 1)
		y = append(y, byte(i%2), 0, 0, 0)
	}
	put(t, dir, "d.npz", arrayFile(t, map[string]*npy.Array{"x.npy": {DType: npy.Float32, Shape: []int{40, 2, 2}, Data: floatBytes(x...)}, "y.npy": {DType: npy.Int32, Shape: []int{40}, Data: y}}))
	put(t, dir, "net.yaml", "layers: [gru: {units: 3, stateful: true}, dense: {units: classes, activation: softmax}]\nfit: {epochs: 2, batch: 10}\ndata: {test: 0.25}\n")
	want := edgeinferIn(t, dir, "", "train", "net.yaml", "--data", "d.npz", "--out", "m.onnx", "--json").object(t)["metrics"].(map[string]any)
	got := edgeinferIn(t, dir, "", "eval", "m.onnx", "d.npz", "--net", "net.yaml", "--json").object(t)["metrics"].(map[string]any)
	assert.InDelta(t, want["loss"], got["loss"], 1e-5)
}

// TestEvalForms measures on what train reads, without its description: the two
// tables of a folder, and pairs of .npy.
func TestEvalForms(t *testing.T) {
	dir := trainFolder(t, 60)
	table := string(read(t, dir, "table.csv"))
	put(t, dir, "tables/train.csv", table)
	put(t, dir, "tables/test.csv", table)
	var x []float32
	var y []byte
	for i := range 60 {
		x = append(x, float32(i%5), float32(i%7), float32(i%3), 1)
		y = append(y, byte(i%3), 0, 0, 0)
	}
	require.NoError(t, npy.WriteFile(filepath.Join(dir, "x.npy"), &npy.Array{DType: npy.Float32, Shape: []int{60, 4}, Data: floatBytes(x...)}))
	require.NoError(t, npy.WriteFile(filepath.Join(dir, "y.npy"), &npy.Array{DType: npy.Int32, Shape: []int{60}, Data: y}))
	for form, samples := range map[string]float64{"tables": 60, "x.npy": 60} {
		require.Equal(t, 0, edgeinferIn(t, dir, "", "train", "net.yaml", "--data", form, "--out", "m.onnx").code)
		got := edgeinferIn(t, dir, "", "eval", "m.onnx", form, "--json")
		require.Equal(t, 0, got.code, got.stderr)
		assert.Equal(t, samples, got.object(t)["samples"], form)
	}
}

// TestEvalMetrics measures what the description names, as train does.
func TestEvalMetrics(t *testing.T) {
	dir := trainFolder(t, 90)
	put(t, dir, "net.yaml", netText+"metrics: [top_2, f1, auc, perplexity, balanced_accuracy, rmse]\n")
	want := edgeinferIn(t, dir, "", "train", "net.yaml", "--data", "table.csv", "--out", "m.onnx", "--json").object(t)["metrics"].(map[string]any)
	assert.Len(t, want, 8)
	for _, model := range []string{"m.onnx", "m.tflite"} {
		got := edgeinferIn(t, dir, "", "eval", model, "table.csv", "--net", "net.yaml", "--json").object(t)["metrics"].(map[string]any)
		assert.Len(t, got, 8)
		for name, v := range want {
			assert.InDelta(t, v, got[name], 1e-5, name)
		}
	}
}

// TestTrainTwoInputs trains, names and measures a model of two inputs.
func TestTrainTwoInputs(t *testing.T) {
	dir := trainFolder(t, 60)
	put(t, dir, "net.yaml", "input: {left: [2], right: [2]}\nlayers:\n  - dense: {units: 6, name: code, from: left}\n  - shared: {layer: code, from: right, name: other}\n"+
		"  - concatenate: {from: [code, other]}\n  - dense: {units: classes, activation: softmax}\n")
	got := edgeinferIn(t, dir, "", "train", "net.yaml", "--data", "table.csv", "--out", "m.onnx", "--json")
	require.Equal(t, 0, got.code, got.stderr)
	want := got.object(t)
	assert.Equal(t, 2.*6+6+12*3+3, want["parameters"])
	for _, model := range []string{"m.onnx", "m.tflite"} {
		e := edgeinferIn(t, dir, "", "eval", model, "table.csv", "--json").object(t)
		assert.Equal(t, want["metrics"].(map[string]any)["accuracy"], e["accuracy"])
		assert.InDelta(t, want["metrics"].(map[string]any)["loss"], e["loss"], 1e-5)
		assert.Contains(t, edgeinferIn(t, dir, "", "inspect", model).stdout, "labels  3: 0 ant, 1 bee, 2 cat")
	}
}

// TestTrainedOnStandardised holds that a model takes rows as the table has them.
func TestTrainedOnStandardised(t *testing.T) {
	dir := trainFolder(t, 90)
	put(t, dir, "net.yaml", netText+"data: {standardise: true, scale: 2}\n")
	got := edgeinferIn(t, dir, "", "train", "net.yaml", "--data", "table.csv", "--epochs", "20", "--out", "m.onnx", "--json")
	require.Equal(t, 0, got.code, got.stderr)
	want := got.object(t)["metrics"].(map[string]any)
	put(t, dir, "row.csv", "4,-2,1,5\n") // a bee's
	for _, model := range []string{"m.onnx", "m.tflite"} {
		e := edgeinferIn(t, dir, "", "eval", model, "table.csv", "--json").object(t)
		assert.Equal(t, want["accuracy"], e["accuracy"])
		assert.InDelta(t, want["loss"], e["loss"], 1e-5)
		got = edgeinferIn(t, dir, "", "run", model, "row.csv", "--top", "1")
		assert.Contains(t, got.stdout, "bee")
		assert.Contains(t, got.stderr, "numbers scaled as in training")
	}
}
