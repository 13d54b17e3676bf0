package edgeinfer_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

// through returns a model that gives its input back as a row.
func through(typ tflite.TensorType, n int, opts ...modeltest.TensorOption) *modeltest.Model {
	m := modeltest.New()
	x := m.Input("x", typ, []int{n, 1}, opts...)
	to := m.Const("to", tflite.Int32, []int{2}, []int32{1, int32(n)})
	y := m.Tensor("y", typ, []int{1, n}, opts...)
	m.Op("RESHAPE", 1, modeltest.Options{}, []int{x, to}, []int{y})
	m.Outputs(y)
	return m
}

func session(t *testing.T, m *modeltest.Model, o edgeinfer.Options) (*edgeinfer.Model, *edgeinfer.Session) {
	t.Helper()
	model, err := edgeinfer.LoadBytes(m.Bytes())
	require.NoError(t, err)
	s, err := model.NewSession(o)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return model, s
}

func TestFillSeeded(t *testing.T) {
	for _, c := range []struct {
		typ    tflite.TensorType
		lo, hi float32
		opts   []modeltest.TensorOption
	}{
		{tflite.Float32, -1, 4095.0 / 4096, nil},
		{tflite.Float16, -1, 1023.0 / 1024, nil},
		{tflite.Float64, -1, 4095.0 / 4096, nil},
		{tflite.Int8, -128, 127, nil},
		{tflite.Uint8, 0, 255, nil},
		{tflite.Int16, -32768, 32767, nil},
		{tflite.Int32, 0, 3, nil},
		{tflite.Int64, 0, 3, nil},
		{tflite.Bool, 0, 1, nil},
		{tflite.Int32, -1 << 31, 1 << 31, []modeltest.TensorOption{modeltest.Quant{Scale: []float32{1}, Zero: []int64{0}}}},
	} {
		_, s := session(t, through(c.typ, 4000, c.opts...), edgeinfer.Options{})
		s.FillSeeded(rand.NewPCG(7, 0))
		x := s.Input(0).AppendFloats(nil)
		lo, hi, sum := x[0], x[0], 0.0
		for _, v := range x {
			lo, hi, sum = min(lo, v), max(hi, v), sum+float64(v)
		}
		span := float64(c.hi - c.lo)
		assert.GreaterOrEqual(t, lo, c.lo, c.typ)
		assert.LessOrEqual(t, hi, c.hi, c.typ)
		assert.InDelta(t, c.lo, lo, span/50, "%v reaches its lower end", c.typ)
		assert.InDelta(t, c.hi, hi, span/50, "%v reaches its upper end", c.typ)
		assert.InDelta(t, float64(c.lo+c.hi)/2, sum/4000, span/30, "%v has its mean in the middle", c.typ)
	}
}

// TestVerifyNaN holds that all NaNs are the same to Verify, and nothing else is.
func TestVerifyNaN(t *testing.T) {
	hash := func(bits uint32) string {
		m := modeltest.New()
		c := m.Const("c", tflite.Float32, []int{1}, []byte{byte(bits), byte(bits >> 8), byte(bits >> 16), byte(bits >> 24)})
		m.Outputs(c)
		model, err := edgeinfer.LoadBytes(m.Bytes())
		require.NoError(t, err)
		h, err := model.Verify(context.Background(), edgeinfer.Options{}, 0, 2)
		require.NoError(t, err)
		return h
	}
	assert.Equal(t, hash(0x7fc00000), hash(0xffc00001), "quiet, negative, with payload")
	assert.Equal(t, hash(0x7fc00000), hash(0x7f800001), "signalling")
	assert.NotEqual(t, hash(0x7fc00000), hash(0x7f800000), "infinity")
	assert.NotEqual(t, hash(0x00000000), hash(0x80000000), "-0")
}

func TestVerifyCancelled(t *testing.T) {
	model, _ := session(t, through(tflite.Int8, 4), edgeinfer.Options{})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := model.Verify(ctx, edgeinfer.Options{}, 0, 1)
	require.ErrorIs(t, err, context.Canceled)
}

func TestKeep(t *testing.T) {
	_, s := session(t, through(tflite.Int8, 4), edgeinfer.Options{Keep: []string{"#0", "y"}})
	copy(s.Input(0).Int8(), []int8{1, 2, 3, 4})
	require.NoError(t, s.Run())
	assert.Equal(t, 1, s.Outputs(), "kept tensors are no outputs")
	assert.Equal(t, []int8{1, 2, 3, 4}, s.Tensor("#0").Int8())
	assert.Equal(t, []int8{1, 2, 3, 4}, s.Tensor("y").Int8())

	model, err := edgeinfer.LoadBytes(through(tflite.Int8, 4).Bytes())
	require.NoError(t, err)
	for _, name := range []string{"#1", "#-1", "#", "z"} {
		_, err = model.NewSession(edgeinfer.Options{Keep: []string{name}})
		require.ErrorIs(t, err, edgeinfer.ErrNoTensor, name)
	}
}

func TestHalf(t *testing.T) {
	for bits, want := range map[uint16]float32{
		0x0000: 0, 0x3c00: 1, 0xc000: -2, 0x3555: 0.33325195, 0x0001: 5.9604645e-8, 0x03ff: 6.097555e-5, 0x7bff: 65504,
	} {
		assert.Equal(t, want, edgeinfer.Half(bits), "%04x", bits)
	}
	assert.True(t, edgeinfer.Half(0x7e00) != edgeinfer.Half(0x7e00), "NaN")
	assert.Greater(t, edgeinfer.Half(0x7c00), float32(1e38), "infinity")
}

func TestRunProfiled(t *testing.T) {
	_, s := session(t, through(tflite.Int8, 4), edgeinfer.Options{})
	ns := make([]int64, len(s.Plan().Graph().Nodes))
	copy(s.Input(0).Int8(), []int8{1, 2, 3, 4})
	require.NoError(t, s.RunProfiled(context.Background(), ns))
	assert.Equal(t, []int8{1, 2, 3, 4}, s.Output(0).Int8())
	assert.Positive(t, ns[0])
}
