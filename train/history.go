package train

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Value is a named number: a metric.
type Value struct {
	Name  string
	Value float64
}

// Values are metrics, in order. They are an object in JSON.
type Values []Value

// Get returns the value of the given name.
func (v Values) Get(name string) (float64, bool) {
	i := slices.IndexFunc(v, func(x Value) bool { return x.Name == name })
	if i < 0 {
		return 0, false
	}
	return v[i].Value, true
}

// MarshalJSON writes an object in the order of v. What is no number is null.
func (v Values) MarshalJSON() ([]byte, error) {
	var b strings.Builder
	for i, x := range v {
		sep := ","
		if i == 0 {
			sep = "{"
		}
		name, err := json.Marshal(x.Name)
		if err != nil {
			return nil, err
		}
		num := []byte("null")
		if !math.IsNaN(x.Value) && !math.IsInf(x.Value, 0) {
			num, _ = json.Marshal(x.Value)
		}
		fmt.Fprintf(&b, "%s%s:%s", sep, name, num)
	}
	if len(v) == 0 {
		return []byte("{}"), nil
	}
	return []byte(b.String() + "}"), nil
}

// UnmarshalJSON reads an object, in its order.
func (v *Values) UnmarshalJSON(text []byte) error {
	*v = nil
	d := json.NewDecoder(strings.NewReader(string(text)))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("metrics are no object: %v", err)
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		x := math.NaN()
		if err := d.Decode(&x); err != nil {
			return err
		}
		s, _ := name.(string)
		*v = append(*v, Value{s, x})
	}
	return nil
}

// Epoch is how one went.
type Epoch struct {
	Epoch   int     `json:"epoch"` // from 1 on
	Rate    float64 `json:"learning_rate"`
	Metrics Values  `json:"metrics"` // "loss", "accuracy", …, "val_loss", …
	Seconds float64 `json:"seconds"`
	Samples int     `json:"samples"`
}

// History is how training went.
type History struct {
	Epochs  []Epoch
	Stopped bool // early
	Best    int  // the epoch whose weights the model has, from 1 on; 0: the last
}

// Progress is where training is.
type Progress struct {
	Epoch, Epochs    int // from 1 on
	Batch, Batches   int // done
	Samples          int // done in this epoch
	Metrics          Values
	SamplesPerSec    float64
	SecondsLeft      float64 // of the epoch
	Validating       bool
	TotalSecondsGone float64
}

// better reports whether a is better than b, of the named metric.
func better(name string, a, b float64) bool {
	name = strings.TrimPrefix(name, "val_")
	m, err := ParseMetric(name)
	if name == "loss" || err == nil && m.lower {
		return a < b
	}
	return a > b
}
