package network_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/train"
	"github.com/edgeinfer/edgeinfer/train/data"
	"github.com/edgeinfer/edgeinfer/train/network"
)

// TestMistakes says of each mistake where it is, and what is told.
func TestMistakes(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "net.yaml: the description is empty"},
		{"layers: [", "net.yaml:1:1: not valid YAML"},
		{"- dense", "net.yaml:1:1: the description takes keys"},
		{"name: a", "net.yaml:1:1: the description has no layers"},
		{"layers:\n  - dense: 3\nlayer: 1", `net.yaml:3:1: the description has no key "layer": did you mean layers?`},
		{"layers:\n  - dens: {units: 3}", `net.yaml:2:5: layer "dens" is not known: did you mean dense?`},
		{"layers:\n  - dense: {unit: 3}", `net.yaml:2:13: dense has no key "unit": did you mean units?`},
		{"layers:\n  - dense: {activation: relu}", "net.yaml:2:5: dense lacks units"},
		{"layers:\n  - dense: {units: clases}", `net.yaml:2:20: dense: units is a number, and "clases" is not known: did you mean classes?`},
		{"layers:\n  - residul: [dense: 3]", `net.yaml:2:5: layer "residul" is not known: did you mean residual?`},
		{"layers:\n  - dense: 3\n  - shared: dens", `net.yaml:3:13: shared: no layer before this one is called "dens": did you mean dense?`},
		{"layers:\n  - dense: 3\n  - shared: input", `net.yaml:3:13: shared: no layer before this one is called "input"`},
		{"layers:\n  - dense: 3\n  - shared", "net.yaml:3:5: shared lacks layer"},
		{"layers:\n  - dense: 3\n  - shared: {layer: dense, units: 4}", `net.yaml:3:28: shared has no key "units"`},
		{"layers:\n  - shared: dense\n  - dense: 3", `net.yaml:2:13: shared: no layer before this one is called "dense"`},
		{"layers:\n  - dense: {units: 3, activaton: relu}", `net.yaml:2:23: dense has no key "activaton": did you mean activation?`},
		{"layers:\n  - dense: {units: 3, activation: rleu}", `net.yaml:2:35: dense: activation: "rleu" is not known: did you mean relu?`},
		{"layers:\n  - dense: {units: three}", `net.yaml:2:20: dense: units is a whole number from 1 to 2147483647, and not "three"`},
		{"layers:\n  - dense: {units: 2.5}", "units is a whole number"},
		{"layers:\n  - dense: {units: 0}", "units is a whole number from 1"},
		{"layers:\n  - dense: {units: 3, units: 4}", `dense has the key "units" twice`},
		{"layers:\n  - dense: {units: 3, strides: 2}", `dense has no key "strides"`},
		{"layers:\n  - flatten: {units: 3}", `net.yaml:2:15: flatten has no key "units"`},
		{"layers:\n  - dense: 3\n    units: 4", "net.yaml:3:5: a layer is one word with its keys"},
		{"layers:\n  - dense: {units: 3, use_bias: maybe}", `use_bias is true or false, and not "maybe"`},
		{"layers:\n  - conv2d: {filters: 3, kernel_size: [1, 2, 3]}", "kernel_size is one number or two"},
		{"layers:\n  - conv2d: {filters: 3, kernel_size: 3, padding: smae}", "did you mean same?"},
		{"layers:\n  - dropout: 1.5", "net.yaml:2:14: dropout: rate is a number from 0"},
		{"layers:\n  - dense: {units: 3, from: [nobody]}", `net.yaml:2:30: dense: no layer before this one is called "nobody"`},
		{"layers:\n  - dense: {units: 3, name: a}\n  - dense: {units: 3, name: a}", `two layers are called "a"`},
		{"layers:\n  - bidirectional: {dense: 3}", "bidirectional reads both ways"},
		{"layers:\n  - residual: 3", "residual takes a list"},
		{"input: {a: [2], b: [2]}\nlayers:\n  - dense: 3", "say from"},
		{"layers:\n  - shared: dense", `no layer before this one is called "dense": there is none`},
		{"layers:\n  - conv2d: 3", "net.yaml:2:5: conv2d lacks kernel_size"},
		{"layers:\n  - embedding: {input_dim: 3}", "net.yaml:2:5: embedding lacks output_dim"},
		{"layers:\n  - embedding: 3", "net.yaml:2:5: embedding lacks output_dim"},
		{"layers:\n  - transformer_encoder: 3", "net.yaml:2:5: transformer_encoder lacks intermediate_dim"},
		{"layers: [dense: 3]\nmetrics: [top_3x]", "did you mean top_3?"},
		{"layers: [dense: 3]\noptimizer: adan", `net.yaml:2:12: optimizer "adan" is not known: did you mean adam?`},
		{"layers: [dense: 3]\noptimizer: {sgd: {beta_1: 0.5}}", `sgd has no key "beta_1"`},
		{"layers: [dense: 3]\noptimizer: {adam: {learning_rate: -1}}", "learning_rate is a number from"},
		{"layers: [dense: 3]\noptimizer: {adam: {schedule: {cosin: 3}}}", "did you mean cosine?"},
		{"layers: [dense: 3]\nloss: mse", `net.yaml:2:7: loss "mse" is not known`},
		{"layers: [dense: 3]\nloss: {huber: {label_smoothing: 1}}", "huber has no key"},
		{"layers: [dense: 3]\nmetrics: [accurac]", "did you mean accuracy?"},
		{"layers: [dense: 3]\nfit: {epoch: 3}", `net.yaml:2:7: fit has no key "epoch": did you mean epochs?`},
		{"layers: [dense: 3]\nfit: {epochs: 0}", "epochs is a whole number from 1"},
		{"layers: [dense: 3]\nfit: {augment: [flop]}", "did you mean flip?"},
		{"layers: [dense: 3]\nfit: {class_weights: many}", "class_weights is a list"},
		{"layers: [dense: 3]\ndata: {lable: x}", "did you mean label?"},
		{"layers: [dense: 3]\ndata: {picture: {resize: squash}}", `"squash" is not known`},
		{"layers: [dense: 3]\ndata: {log_mel: whale}", `"whale" is not known`},
		{"x: &x [*x]\nlayers: *x", "net.yaml"},
		{"layers: &l\n  - residual: *l", "net.yaml"},
		{strings.Repeat("#", 2<<20), "more than the 1048576"},
	} {
		_, err := network.Read("net.yaml", []byte(c.text))
		if assert.Error(t, err, c.text) {
			assert.Contains(t, err.Error(), c.want)
			assert.IsType(t, &network.Error{}, err)
		}
	}
}

// TestBuildMistakes are those that show when the data are known.
func TestBuildMistakes(t *testing.T) {
	facts := network.Facts{Shape: []int{6, 6, 1}, Outputs: 3}
	for _, c := range []struct{ text, want string }{
		{"layers:\n  - flatten\n  - conv2d: {filters: 2, kernel_size: 3}", `net.yaml:3:5: train: layer "conv2d": input of shape [36]`},
		{"layers:\n  - flatten\n  - dense: {units: symbols}", "net.yaml:3:20: dense: units: the data have no symbols"},
		{"layers:\n  - flatten\n  - dense: {units: 3, name: a}\n  - dense: {units: 4, name: b}\n  - add: {from: [a, b]}", "net.yaml:5:5: "},
		{"layers:\n  - residual: [flatten, dense: 2]", "net.yaml:2:5: "},
		{"layers:\n  - relu\n  - conv2d: {filters: 2, kernel_size: 7}\n  - flatten", `net.yaml:3:5: train: layer "conv2d": nothing is left of samples of shape [6 6 1]`},
		{"layers:\n  - max_pooling2d: 7\n  - flatten", `net.yaml:2:5: train: layer "max_pooling2d": nothing is left of samples of shape [6 6 1]`},
		{"layers:\n  - reshape: [6, 6]\n  - bidirectional: {gru: {units: 3, go_backwards: true}}", "net.yaml:3:5: train: layer \"bidirectional\": Bidirectional reads both ways"},
	} {
		d, err := network.Read("net.yaml", []byte(c.text))
		require.NoError(t, err, c.text)
		_, err = d.Model(facts)
		if assert.Error(t, err, c.text) {
			assert.Contains(t, err.Error(), c.want)
		}
	}
}

// everyLayer uses each kind of layer, on samples [8 8 2].
const everyLayer = `
name: all
input: [8, 8, 2]
layers:
  - zero_padding2d: [[1, 0], [0, 1]]
  - conv2d: {filters: 4, kernel_size: [3, 2], strides: 1, padding: same, dilation_rate: 1, groups: 2, use_bias: false, kernel_initializer: he_normal, l2: 0.001, name: first}
  - batch_normalization: {momentum: 0.9, epsilon: 0.001}
  - relu
  - depthwise_conv2d: {kernel_size: 3, depth_multiplier: 1, padding: same}
  - separable_conv2d: {filters: 4, kernel_size: 3, padding: same, activation: gelu}
  - residual:
      - conv2d: {filters: 4, kernel_size: 3, padding: same}
      - activation: silu
  - max_pooling2d: {pool_size: 3, strides: 2, padding: same}
  - up_sampling2d: {size: 2, interpolation: bilinear}
  - conv2d_transpose: {filters: 3, kernel_size: 2, strides: 2}
  - average_pooling2d
  - reshape: [-1, 5]
  - conv1d: {filters: 6, kernel_size: 3, padding: same}
  - max_pooling1d: 2
  - up_sampling1d: 2
  - average_pooling1d: {pool_size: 2}
  - zero_padding1d: [1, 0]
  - positional_encoding
  - position_embedding
  - layer_normalization
  - multi_head_attention: {num_heads: 2, key_dim: 3, use_causal_mask: true}
  - transformer_encoder: {num_heads: 2, intermediate_dim: 8, dropout: 0.1}
  - transformer_decoder: {num_heads: 3, intermediate_dim: 8}
  - bidirectional: {gru: {units: 3, return_sequences: true}}
  - lstm: {units: 4, return_sequences: true}
  - simple_rnn: {units: 4, activation: relu, return_sequences: true, go_backwards: true}
  - gru: {units: 4, name: g, return_sequences: true}
  - global_max_pooling1d: {from: g, name: a}
  - global_average_pooling1d: {from: g, name: b}
  - subtract: {from: [a, b], name: c}
  - multiply: {from: [a, b], name: d}
  - concatenate: {from: [a, b, c, d]}
  - dropout: 0.2
  - permute: [1]
  - flatten
  - dense: {units: 5, activation: tanh, l1: 0.0001}
  - dense: {units: classes, activation: softmax}
optimizer:
  adamw: {learning_rate: 0.01, beta_1: 0.8, epsilon: 1e-6, weight_decay: 0.01, clip_norm: 1, schedule: {step: {epochs: 1, factor: 0.5, warm_up: 0.5}}}
loss: {categorical_crossentropy: {label_smoothing: 0.1}}
metrics: [accuracy, top_2, f1]
fit: {epochs: 2, batch: 8, seed: 3, validation_split: 0.2, shuffle: false, accumulate: 2, recompute: true,
  early_stopping: {metric: val_loss, patience: 2}, class_weights: balanced, augment: [shift: 1, flip, noise: 0.1, gain: {spread: 0.2}]}
`

// pictures are samples of three classes, as a set.
func pictures(t *testing.T, n int, shape ...int) data.Set {
	size := 1
	for _, d := range shape {
		size *= d
	}
	x, y := make([]float32, n*size), make([]int32, n)
	for i := range x {
		y[i/size] = int32(i / size % 3)
		x[i] = float32((i*7919)%97)/97 + float32(y[i/size])
	}
	set, err := data.Pair(data.Of(x, append([]int{n}, shape...)...), data.Of(y))
	require.NoError(t, err)
	return set
}

func TestEveryLayer(t *testing.T) {
	d, err := network.Read("net.yaml", []byte(everyLayer))
	require.NoError(t, err)
	set := pictures(t, 30, 8, 8, 2)
	m, err := d.Model(network.FactsOf(set))
	require.NoError(t, err)
	assert.Equal(t, "all", m.Name)
	assert.Equal(t, "first/kernel", m.Params()[0].Name)
	opts, err := d.Fit.Options(set)
	require.NoError(t, err)
	h, err := m.FitSet(set, opts...)
	require.NoError(t, err)
	require.Len(t, h.Epochs, 2)
	_, ok := h.Epochs[1].Metrics.Get("val_top_2")
	assert.True(t, ok)
	layers, err := m.Layers()
	require.NoError(t, err)
	assert.Len(t, layers, 40)
}

// TestFirstKeys holds that a value alone is that of a layer's first key.
func TestFirstKeys(t *testing.T) {
	for alone, keys := range map[string]string{"batch_normalization: 0.5": "batch_normalization: {momentum: 0.5}", "layer_normalization: 0.5": "layer_normalization: {epsilon: 0.5}",
		"position_embedding: ones": "position_embedding: {kernel_initializer: ones}"} {
		var hashes [2]string
		for i, layer := range []string{alone, keys} {
			d, err := network.Read("net.yaml", []byte("layers:\n  - "+layer+"\n  - flatten\n  - dense: {units: classes, activation: softmax}"))
			require.NoError(t, err)
			set := pictures(t, 12, 5, 2)
			m, err := d.Model(network.FactsOf(set))
			require.NoError(t, err)
			_, err = m.FitSet(set)
			require.NoError(t, err)
			hashes[i] = m.Hash()
		}
		assert.Equal(t, hashes[1], hashes[0], alone)
	}
}

// TestTwoClasses weighs the classes of a single output, and refuses a third one.
func TestTwoClasses(t *testing.T) {
	const text = "layers: [dense: {units: 1, activation: sigmoid}]\nloss: binary_crossentropy\nfit: {epochs: 1, class_weights: "
	x := data.Of([]float32{1, 2, 3, 4, 5, 6}, 6, 1)
	two, err := data.Pair(x, data.Of([]int32{0, 1, 1, 1, 1, 1}))
	require.NoError(t, err)
	hashes := map[string]bool{}
	for _, weights := range []string{"[1, 1]", "balanced", "[3, 0.6]"} {
		d, err := network.Read("net.yaml", []byte(text+weights+"}"))
		require.NoError(t, err)
		m, err := d.Model(network.FactsOf(two))
		require.NoError(t, err)
		opts, err := d.Fit.Options(two)
		require.NoError(t, err)
		_, err = m.FitSet(two, opts...)
		require.NoError(t, err, weights)
		hashes[m.Hash()] = true
	}
	assert.Len(t, hashes, 2, "balanced is [3, 0.6]")
	three, err := data.Pair(x, data.Of([]int32{0, 1, 2, 0, 1, 2}))
	require.NoError(t, err)
	d, err := network.Read("net.yaml", []byte(text+"balanced}"))
	require.NoError(t, err)
	m, err := d.Model(network.FactsOf(three))
	require.NoError(t, err)
	_, err = m.FitSet(three)
	require.ErrorContains(t, err, "the set has 3 classes, and the model predicts 2")
}

// TestStopsByWhatIsMeasured says before the first batch that a metric is not there.
func TestStopsByWhatIsMeasured(t *testing.T) {
	set := pictures(t, 9, 4)
	for fit, want := range map[string]string{
		"early_stopping: val_loss":                      `early stopping looks at "val_loss", which nobody measures: there are loss, accuracy: take one of them, or hold samples out`,
		"validation_split: 0.4, early_stopping: val_f1": "there are loss, accuracy, val_loss, val_accuracy: take one of them, or have it measured",
	} {
		d, err := network.Read("net.yaml", []byte("layers: [dense: {units: classes, activation: softmax}]\nfit: {"+fit+"}"))
		require.NoError(t, err)
		m, err := d.Model(network.FactsOf(set))
		require.NoError(t, err)
		before := m.Hash()
		opts, err := d.Fit.Options(set)
		require.NoError(t, err)
		_, err = m.FitSet(set, opts...)
		require.ErrorContains(t, err, want)
		assert.Equal(t, before, m.Hash())
	}
}

// TestSeveralInputs has a network whose samples are cut into two inputs.
func TestSeveralInputs(t *testing.T) {
	d, err := network.Read("net.yaml", []byte(`
input: {left: [2], right: [4]}
layers:
  - dense: {units: 3, from: left, name: l}
  - dense: {units: 3, from: right}
  - add: {from: [l, dense]}
  - dense: {units: classes, activation: softmax}
`))
	require.NoError(t, err)
	set := pictures(t, 9, 6)
	m, err := d.Model(network.FactsOf(set))
	require.NoError(t, err)
	in, out := m.Shape()
	assert.Equal(t, []int{6}, in)
	assert.Equal(t, []int{3}, out)
	_, err = m.FitSet(set)
	require.NoError(t, err)
}

// TestSameAsInGo holds that a description and code make the same model.
func TestSameAsInGo(t *testing.T) {
	text, err := os.ReadFile("../../examples/mlp.yaml")
	require.NoError(t, err)
	d, err := network.Read("mlp.yaml", text)
	require.NoError(t, err)
	set := pictures(t, 70, 28, 28, 1)
	a, err := d.Model(network.FactsOf(set))
	require.NoError(t, err)
	b := train.Sequential(train.Input(28, 28, 1), train.Flatten(), train.Dense(128, train.ReLU), train.Dense(64, train.ReLU), train.Dense(3, train.Softmax))
	schedule := train.CosineDecay(10, .05)
	require.NoError(t, b.Compile(train.Adam(1e-3, train.LearningRateSchedule(schedule)), train.CategoricalCrossentropy, train.Accuracy))
	opts, err := d.Fit.Options(set)
	require.NoError(t, err)
	for _, m := range []*train.Model{a, b} {
		m.Seed(9)
		_, err := m.FitSet(set, append(opts, train.Epochs(2))...)
		require.NoError(t, err)
	}
	assert.Equal(t, b.Hash(), a.Hash())
}

// TestShared holds that a layer that is applied twice has its weights once.
func TestShared(t *testing.T) {
	text := `
input: {left: [4], right: [4]}
layers:
  - dense: {units: 8, activation: relu, from: left}
  - dense: {units: 3, name: code}
  - shared: {layer: dense, from: right}
  - shared: {layer: code, name: other}
  - subtract: {from: [code, other]}
  - multiply: {from: [subtract, subtract]}
  - dense: {units: 1}
loss: mean_squared_error
`
	d, err := network.Read("net.yaml", []byte(text))
	require.NoError(t, err)
	facts, err := d.Facts()
	require.NoError(t, err)
	facts.Numbers, facts.Outputs = true, 1
	m, err := d.Model(facts)
	require.NoError(t, err)
	trainable, _ := m.Count()
	assert.Equal(t, 4*8+8+8*3+3+3+1, trainable)
	x := []float32{1, -2, 3, 4, 1, -2, 3, 4, 1, 2, 3, 4, 4, 3, 2, 1}
	p, err := m.Predict(data.Of(x, 2, 8))
	require.NoError(t, err)
	bias, err := m.Predict(data.Of(make([]float32, 8), 1, 8))
	require.NoError(t, err)
	assert.Equal(t, bias[0], p[0], "both sides see the same")
	assert.NotEqual(t, bias[0], p[1])
	_, err = m.Fit(data.Of(x, 2, 8), data.Of([]float32{0, 1}, 2, 1), train.Epochs(3))
	require.NoError(t, err)
}

// TestExamples trains each example for two steps on data made up for it, and
// holds the sizes that their comments and documents promise.
func TestExamples(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "text.txt")
	require.NoError(t, os.WriteFile(text, []byte(strings.Repeat("anna\nberta\nzoë\n", 100)), 0o666))
	files, err := filepath.Glob("../../examples/*.yaml")
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 4)
	most := map[string]int{"mlp.yaml": 120_000, "cnn.yaml": 120_000, "rnn.yaml": 1_000_000, "transformer.yaml": 1_000_000}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			d, err := network.ReadFile(file)
			require.NoError(t, err)
			set := pictures(t, 8, 28, 28, 1)
			if o := d.Data.Options.Text; o.Length > 0 || o.Lines {
				set, _, err = d.Data.Open(text)
				require.NoError(t, err)
			}
			set = data.Limit(set, 4)
			m, err := d.Model(network.FactsOf(set))
			require.NoError(t, err)
			trainable, other := m.Count()
			assert.LessOrEqual(t, trainable+other, most[filepath.Base(file)])
			opts, err := d.Fit.Options(set)
			require.NoError(t, err)
			h, err := m.FitSet(set, append(opts, train.BatchSize(2), train.Epochs(1))...)
			require.NoError(t, err)
			accuracy, ok := h.Epochs[0].Metrics.Get("accuracy")
			assert.True(t, ok)
			assert.LessOrEqual(t, accuracy, 1.0)
		})
	}
}

// FuzzRead holds that no text makes the reader panic, nor hang, and that each
// error is of its kind.
func FuzzRead(f *testing.F) {
	f.Add(everyLayer)
	f.Add("a: &a [*a]\nlayers: [residual: *a]")
	f.Add("layers: &l [dense: {units: 1e9}, residual: [*l]]")
	files, _ := filepath.Glob("../../examples/*.yaml")
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil {
			f.Add(string(text))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := network.Read("net.yaml", []byte(text)); err != nil {
			require.IsType(t, &network.Error{}, err)
			require.NotContains(t, err.Error(), "\x00")
		}
	})
}
