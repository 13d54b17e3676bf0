package train_test

import (
	"compress/gzip"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/safetensors"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
	"github.com/edgeinfer/edgeinfer/train"
	"github.com/edgeinfer/edgeinfer/train/data"
)

// vector is an array of testdata/torch_vectors.safetensors.gz, as float32.
type vector struct {
	shape []int
	data  []float32
	whole bool
	used  bool
}

// torchVectors reads what PyTorch computed: by case, then by what it is.
func torchVectors(t *testing.T) map[string]map[string]*vector {
	f, err := os.Open("testdata/torch_vectors.safetensors.gz")
	require.NoError(t, err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	b, err := io.ReadAll(z)
	require.NoError(t, err)
	file, err := safetensors.Parse(b)
	require.NoError(t, err)
	out := map[string]map[string]*vector{}
	for _, x := range file.Tensors {
		name, what, _ := strings.Cut(x.Name, "/")
		if out[name] == nil {
			out[name] = map[string]*vector{}
		}
		v := &vector{shape: x.Shape, whole: x.DType == "I32"}
		bytes := tensor.Bytes(make([]float32, len(x.Data)/4)) // aligned
		copy(bytes, x.Data)
		v.data = tensor.Cast[float32](bytes)
		if v.whole {
			for i, n := range tensor.Cast[int32](bytes) {
				v.data[i] = float32(n)
			}
		}
		out[name][what] = v
	}
	return out
}

// torchCase compares one case.
type torchCase struct {
	*testing.T
	v map[string]*vector
}

// get returns an array, which must be there.
func (c *torchCase) get(what string) *vector {
	v := c.v[what]
	require.NotNil(c, v, what)
	v.used = true
	return v
}

// torchLimit is how far numbers may be from PyTorch's, which computed in float64,
// as a part of the greatest of an array.
const torchLimit = 1e-5

// same compares numbers with an array.
func (c *torchCase) same(what string, got []float32) {
	want := c.get(what).data
	require.Len(c, got, len(want), what)
	worst, most := 0.0, max(1e-3, greatest(want))
	if most == 1e-3 { // 0 but for rounding, as is the gradient of the bias of attention's keys
		for _, v := range c.v {
			most = max(most, greatest(v.data))
		}
	}
	for i, w := range want {
		worst = max(worst, math.Abs(float64(got[i])-float64(w)))
		require.Falsef(c, math.IsNaN(float64(got[i])), "%s, number %d", what, i)
	}
	assert.LessOrEqualf(c, worst/most, torchLimit, "%s: off by %g where numbers go up to %g", what, worst, most)
}

// greatest returns the greatest absolute value.
func greatest(x []float32) (most float64) {
	for _, v := range x {
		most = max(most, math.Abs(float64(v)))
	}
	return most
}

// inputs returns the inputs in order, the number of samples, and to which inputs
// there are gradients.
func (c *torchCase) inputs() (in [][]float32, n int, to []int) {
	for i := 0; c.v["x"+strconv.Itoa(i)] != nil; i++ {
		v := c.get("x" + strconv.Itoa(i))
		in, n = append(in, v.data), v.shape[0]
		if c.v["dx"+strconv.Itoa(i)] != nil {
			to = append(to, i)
		}
	}
	return in, n, to
}

// load sets the model's weights.
func (c *torchCase) load(m *train.Model) {
	require.NoError(c, m.Err())
	for _, p := range m.Params() {
		w := c.get("w/" + p.Name)
		require.Equal(c, w.shape, p.Shape, p.Name)
		copy(p.Data, w.data)
	}
}

// gradients compares what was derived, and that nothing is left to compare.
func (c *torchCase) gradients(m *train.Model, d *train.Derived) {
	c.same("y", d.Y)
	for i, g := range d.Inputs {
		c.same("dx"+strconv.Itoa(i), g)
	}
	for _, p := range m.Params() {
		if p.Trainable {
			c.same("g/"+p.Name, d.Weights[p.Name])
		} else {
			c.same("s/"+p.Name, p.Data)
		}
	}
	c.done()
}

// done checks that all arrays of the case were compared.
func (c *torchCase) done() {
	for what, v := range c.v {
		assert.True(c, v.used, "%s was not looked at", what)
	}
}

// TestTorch compares every layer, loss and optimiser with PyTorch.
func TestTorch(t *testing.T) {
	cases := torchVectors(t)
	require.Len(t, cases, len(torchLayers)+len(torchLosses)+len(torchOptimizers))
	for name, v := range cases {
		t.Run(name, func(t *testing.T) {
			c := &torchCase{t, v}
			if o, ok := strings.CutPrefix(name, "optimizer_"); ok {
				c.optimizer(o)
				return
			}
			if l, ok := strings.CutPrefix(name, "loss_"); ok {
				c.loss(l)
				return
			}
			c.layer(name)
		})
	}
}

// layer derives from the gradient of the output.
func (c *torchCase) layer(name string) {
	build, ok := torchLayers[name]
	require.True(c, ok)
	var at []*train.Node
	in, n, to := c.inputs()
	for i := range in {
		v := c.v["x"+strconv.Itoa(i)]
		if v.whole {
			at = append(at, train.Tokens(v.shape[1:]...))
		} else {
			at = append(at, train.Input(v.shape[1:]...))
		}
	}
	m := train.NewModel(at, build(at...))
	c.load(m)
	_, shape := m.Shape()
	require.Equal(c, c.v["y"].shape[1:], shape)
	d, err := m.Derive(n, in, to, c.get("dy").data)
	require.NoError(c, err)
	c.gradients(m, d)
}

// loss derives from the loss of an activation.
func (c *torchCase) loss(name string) {
	l, ok := torchLosses[name]
	require.True(c, ok)
	in, n, to := c.inputs()
	m := train.Sequential(train.Input(c.v["x0"].shape[1:]...), train.Activate(l.activation))
	require.NoError(c, m.Compile(train.SGD(1), l.loss))
	d, err := m.DeriveLoss(n, in, to, c.get("t").data, c.get("v").data)
	require.NoError(c, err)
	c.gradients(m, d)
}

// optimizer takes five steps.
func (c *torchCase) optimizer(name string) {
	o, ok := torchOptimizers[name]
	require.True(c, ok)
	x, y := c.get("x0"), c.get("t")
	m := train.Sequential(train.Input(x.shape[1]), train.Dense(y.shape[1]))
	c.load(m)
	require.NoError(c, m.Compile(o, train.MeanSquaredError))
	h, err := m.Fit(data.Of(x.data, x.shape...), data.Of(y.data, y.shape...), train.KeepOrder, train.Epochs(5), train.BatchSize(x.shape[0]))
	require.NoError(c, err)
	loss, _ := h.Epochs[4].Metrics.Get("loss")
	c.same("y", []float32{float32(loss)})
	for _, p := range m.Params() {
		c.same("s/"+p.Name, p.Data)
	}
	c.done()
}
