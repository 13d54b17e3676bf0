package tflite_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/internal/shareddata"
)

// table reads a .tsv file with a heading, as one map a line.
func table(t *testing.T, path string) []map[string]string {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	names := strings.Split(lines[0], "\t")
	var out []map[string]string
	for _, l := range lines[1:] {
		row := map[string]string{}
		for i, cell := range strings.Split(l, "\t") {
			row[names[i]] = cell
		}
		out = append(out, row)
	}
	return out
}

func parseFile(t *testing.T, path string) *tflite.File {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	f, err := tflite.Parse(data)
	require.NoError(t, err, path)
	return f
}

// describe writes tensors as models.tsv does: type, shape, quantisation.
func describe(s *tflite.Subgraph, tensors []int32) string {
	var out []string
	for _, i := range tensors {
		x := s.Tensors[i]
		d := strings.ToLower(x.Type.String()) + strings.ReplaceAll(fmt.Sprint(x.Shape), " ", ", ")
		if x.Quant != nil {
			d += fmt.Sprintf(" s=%.6g zp=%d", x.Quant.Scale[0], x.Quant.Zero[0])
		}
		out = append(out, d)
	}
	return strings.Join(out, " | ")
}

// operators counts a model's operators, as models.tsv does.
func operators(f *tflite.File) string {
	count := map[string]int{}
	for _, s := range f.Subgraphs {
		for _, op := range s.Operators {
			name := op.Name()
			if op.Builtin == tflite.OpCustom {
				name = "CUSTOM:" + name
			}
			count[fmt.Sprintf("%s v%d", name, op.Version)]++
		}
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(count)) {
		out = append(out, fmt.Sprintf("%s x%d", name, count[name]))
	}
	return strings.Join(out, "; ")
}

func TestRealModels(t *testing.T) {
	dir := filepath.Join(shareddata.Shared(t), "tflite")
	rows := table(t, filepath.Join(dir, "models.tsv"))
	require.NotEmpty(t, rows)
	for _, row := range rows {
		t.Run(row["name"], func(t *testing.T) {
			f := parseFile(t, filepath.Join(dir, "models", row["name"], "model.tflite"))
			main := &f.Subgraphs[0]
			assert.Equal(t, row["inputs"], describe(main, main.Inputs))
			assert.Equal(t, row["outputs"], describe(main, main.Outputs))
			assert.Equal(t, row["ops"], operators(f))
			assert.Equal(t, row["bytes"], fmt.Sprint(f.Size))
		})
	}
}

func TestRealOneOperatorModels(t *testing.T) {
	dir := filepath.Join(shareddata.Shared(t), "tflite", "seanet")
	rows := table(t, filepath.Join(dir, "index.tsv"))
	require.NotEmpty(t, rows)
	for _, row := range rows {
		paths, err := filepath.Glob(filepath.Join(dir, "*", row["model"]))
		require.NoError(t, err)
		require.Len(t, paths, 1, row["model"])
		f := parseFile(t, paths[0])
		ops := strings.Split(operators(f), " x")
		require.Len(t, ops, 2)
		assert.Equal(t, row["ops"], ops[0], row["model"])
	}
}

func TestRealMetadata(t *testing.T) {
	dir := filepath.Join(shareddata.Shared(t), "tflite", "models")
	f := parseFile(t, filepath.Join(dir, "coral_mobilenet_v1_025_128_uint8", "model.tflite"))
	m, err := f.ModelMetadata()
	require.NoError(t, err)
	require.Len(t, m.Subgraphs, 1)
	in, out := m.Subgraphs[0].Inputs, m.Subgraphs[0].Outputs
	require.Len(t, in, 1)
	require.Len(t, out, 1)
	assert.Equal(t, "ImageClassifier", m.Name)
	assert.Equal(t, "1.0.0", m.MinParserVersion)
	assert.Equal(t, tflite.Content{Kind: tflite.ContentImage, Image: &tflite.ImageProperties{ColorSpace: tflite.ColorRGB}}, in[0].Content)
	assert.Equal(t, []tflite.ProcessUnit{{Kind: tflite.UnitNormalization, Mean: []float32{127.5}, Std: []float32{127.5}}}, in[0].Units)
	assert.Equal(t, []float32{0}, in[0].Min)
	assert.Equal(t, []float32{255}, in[0].Max)
	require.Len(t, out[0].Files, 1)
	assert.Equal(t, tflite.FileTensorAxisLabels, out[0].Files[0].Type)

	files, err := f.AssociatedFiles()
	require.NoError(t, err)
	labels := strings.Split(strings.TrimSpace(string(files[out[0].Files[0].Name])), "\n")
	assert.Len(t, labels, 1001, "a label for each output")

	f = parseFile(t, filepath.Join(dir, "gotfl_xor", "model.tflite"))
	m, err = f.ModelMetadata()
	assert.NoError(t, err)
	assert.Nil(t, m)
	files, err = f.AssociatedFiles()
	assert.NoError(t, err)
	assert.Nil(t, files)
}

func TestRealCustomOptions(t *testing.T) {
	dir := filepath.Join(shareddata.Shared(t), "tflite", "models")
	f := parseFile(t, filepath.Join(dir, "tflm_audio_preprocessor_int8", "model.tflite"))
	found := map[string]int64{}
	for _, op := range f.Subgraphs[0].Operators {
		if op.Builtin != tflite.OpCustom || len(op.CustomOptions) == 0 {
			continue
		}
		opts := flatbuf.ReadFlex(op.CustomOptions)
		for _, k := range opts.Keys() {
			if v := opts.Key(k); v.Kind() == flatbuf.FlexInt {
				found[op.Custom+"."+k] = v.Int(-1)
			}
		}
		require.NoError(t, opts.Err(), op.Custom)
	}
	assert.Equal(t, int64(512), found["SignalRfft.fft_length"], "%v", found)
	assert.Equal(t, int64(40), found["SignalFilterBank.num_channels"])
}

// Options are read by the schema's slots.
func TestRealOptions(t *testing.T) {
	dir := filepath.Join(shareddata.Shared(t), "tflite", "models")
	f := parseFile(t, filepath.Join(dir, "mlperf_kws_int8", "model.tflite"))
	op := f.Subgraphs[0].Operators[0]
	require.Equal(t, tflite.OpConv2D, op.Builtin)
	o, err := op.OptionsAs(tflite.Conv2DOptions)
	require.NoError(t, err)
	assert.Equal(t, tflite.PaddingSame, o.Padding(0))
	assert.Equal(t, int32(2), o.Int32(1, 0), "stride_w")
	assert.Equal(t, tflite.ActivationRelu, o.Activation(3))
	assert.Equal(t, int32(1), o.Int32(4, 1), "dilation_w_factor")
	assert.NoError(t, o.Err())
	_, err = op.OptionsAs(tflite.Pool2DOptions)
	assert.EqualError(t, err, "the options are Conv2DOptions, not Pool2DOptions")
}

func TestRealSparseModel(t *testing.T) {
	dir := filepath.Join(shareddata.Shared(t), "tflite", "models")
	f := parseFile(t, filepath.Join(dir, "mp_face_full_sparse", "model.tflite"))
	sparse := 0
	for _, x := range f.Subgraphs[0].Tensors {
		if x.Sparsity != nil {
			sparse++
			assert.Len(t, x.Sparsity.Dims, len(x.Sparsity.TraversalOrder))
		}
	}
	assert.Positive(t, sparse)
}
