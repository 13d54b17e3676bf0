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

func (d *deviation) info(e *evalInfo, samples int) *evalNumbers {
	n := max(d.n, 1)
	return &evalNumbers{MAE: d.absolute / n, RMSE: math.Sqrt(d.square / n), Loss: d.square / n, Samples: samples, Metrics: e.Metrics,
		Model: e.Model, Data: e.Data, Kernels: e.Kernels, Notes: e.Notes}
}

// numericTargets reports whether path is a .npz whose targets are no whole numbers.
func numericTargets(path string) bool {
	if !strings.HasSuffix(strings.ToLower(path), ".npz") {
		return false
	}
	z, err := npy.OpenNPZ(path, 0)
	if err != nil {
		return false // reading it later says why
	}
	defer z.Close()
	y, err := z.Open("y")
	if err != nil {
		return false
	}
	defer y.Close()
	return strings.HasPrefix(string(y.DType), "float")
}
