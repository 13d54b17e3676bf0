package main

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/edgeinfer/edgeinfer/formats/npy"
	"github.com/edgeinfer/edgeinfer/train"
)

// evalNumbers is the JSON object of eval where targets are numbers.
type evalNumbers struct {
	MAE     float64      `json:"mae"`
	RMSE    float64      `json:"rmse"`
	Loss    float64      `json:"loss"`    // the mean square
	Metrics train.Values `json:"metrics"` // those that train prints
	Samples int          `json:"samples"`
	Model   string       `json:"model"`
	Data    string       `json:"data"`
	Kernels string       `json:"kernels"`
	Notes   []string     `json:"notes,omitempty"`
}

func (n *evalNumbers) print(w io.Writer) {
	fmt.Fprintf(w, "mean absolute error %.6g  root of the mean square %.6g  on %d samples, on %s kernels\n", n.MAE, n.RMSE, n.Samples, n.Kernels)
}

// deviation adds up how far predictions are from their targets.
type deviation struct{ absolute, square, n float64 }

func (d *deviation) add(prediction, target []float32) {
	for k, t := range target {
		x := float64(prediction[k]) - float64(t)
		d.absolute += math.Abs(x)
		d.square += float64(x * x)
	}
	d.n += float64(len(target))
}

func (d *deviation) info(e *evalInfo) *evalNumbers {
	n := max(d.n, 1)
	return &evalNumbers{MAE: d.absolute / n, RMSE: math.Sqrt(d.square / n), Loss: d.square / n, Samples: e.Samples, Metrics: e.Metrics,
		Model: e.Model, Data: e.Data, Kernels: e.Kernels, Notes: e.Notes}
}

// forTrainingOnly reports whether path is a .npz that the readers of inputs refuse
// and train reads: with targets that are no whole numbers, or with samples that
// are, for an input that is not.
func forTrainingOnly(path string, real bool) bool {
	if !strings.HasSuffix(strings.ToLower(path), ".npz") {
		return false
	}
	z, err := npy.OpenNPZ(path, 0)
	if err != nil {
		return false // reading it later says why
	}
	defer z.Close()
	isFloat := func(name string) (known, float bool) {
		s, err := z.Open(name)
		if err != nil {
			return false, false
		}
		defer s.Close()
		return true, strings.HasPrefix(string(s.DType), "float")
	}
	known, float := isFloat("y")
	if known && float {
		return true
	}
	known, float = isFloat("x")
	return known && !float && real
}
