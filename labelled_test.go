package edgeinfer_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/formats/npy"
	"github.com/edgeinfer/edgeinfer/internal/shareddata"
)

// TestLabelled holds the accuracy on labelled data, to the last sample, and
// every output against the reference where it is stored.
func TestLabelled(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of runs")
	}
	root := filepath.Join(shareddata.Shared(t), "tflite")
	kws, ic := filepath.Join(root, "labelled", "kws01"), filepath.Join(root, "labelled", "cifar10_test500")
	sww := filepath.Join(root, "labelled", "sww_cal45")
	for _, c := range []struct {
		model, x, y string
		// real converts a stored number to the real one; integer models with
		// inputs of the stored type get it as it is.
		real  func(v int64) float32
		right int
	}{
		{"mlperf_kws_int8", kws + "/x_int8.npy", kws + "/y.npy", nil, 901},
		{"mlperf_kws_float", kws + "/x_int8.npy", kws + "/y.npy", mfcc, 915},
		{"mlperf_kws_hybrid", kws + "/x_int8.npy", kws + "/y.npy", mfcc, 905},
		{"mlperf_ic_int8", ic + "/x_uint8.npy", ic + "/y.npy", func(v int64) float32 { return float32(v) }, 441},
		{"mlperf_ic_float", ic + "/x_uint8.npy", ic + "/y.npy", func(v int64) float32 { return float32(v) }, 439},
		{"mlperf_sww_int8", sww + "/specs_f32.npy", sww + "/labels.npy", nil, 41},
	} {
		t.Run(c.model, func(t *testing.T) {
			m, err := edgeinfer.Load(filepath.Join(root, "models", c.model, "model.tflite"))
			require.NoError(t, err)
			defer m.Close()
			s, err := m.NewSession(edgeinfer.Options{})
			require.NoError(t, err)
			defer s.Close()
			x, err := npy.ReadFile(c.x, 1<<30)
			require.NoError(t, err)
			y, err := npy.ReadFile(c.y, 1<<30)
			require.NoError(t, err)
			labels, err := y.Int64s()
			require.NoError(t, err)
			want := datasetOutputs(filepath.Join(root, "golden", c.model, "dataset_outputs.npy"))
			share := 1e-5
			if c.model == "mlperf_kws_hybrid" {
				share = 1e-2
			}
			right, n := 0, s.Input(0).Len()
			for i, label := range labels {
				feed(t, s.Input(0), x, i*n, c.real)
				require.NoError(t, s.Run())
				out := s.Output(0)
				if want != nil {
					size := len(out.Bytes())
					w := &npy.Array{DType: want.DType, Shape: []int{out.Len()}, Data: want.Data[i*size : (i+1)*size]}
					require.Empty(t, differs(w, out, share, 0), "sample %d", i)
				}
				if argmax(out.AppendFloats(nil)) == int(label) {
					right++
				}
			}
			require.Equal(t, c.right, right, "of %d samples", len(labels))
		})
	}
}

// mfcc is the real value of a stored keyword feature.
func mfcc(q int64) float32 { return float32(q-83) * 0.5847029 }

func feed(t *testing.T, in *edgeinfer.Tensor, x *npy.Array, from int, real func(int64) float32) {
	size := x.DType.Size()
	if real == nil && string(x.DType) == in.DType().String() {
		copy(in.Bytes(), x.Data[from*size:])
		return
	}
	v := make([]float32, in.Len())
	floats, _ := x.Float32s()
	for i := range v {
		if floats != nil {
			v[i] = floats[from+i]
		} else {
			v[i] = real(intAt(x.Data, size, string(x.DType)[0] == 'u', from+i))
		}
	}
	require.NoError(t, in.SetFloats(v))
}

func datasetOutputs(path string) *npy.Array {
	a, err := npy.ReadFile(path, 1<<30)
	if err != nil {
		return nil // not every model has them
	}
	return a
}

func argmax(x []float32) (best int) {
	for i, v := range x {
		if v > x[best] {
			best = i
		}
	}
	return best
}
