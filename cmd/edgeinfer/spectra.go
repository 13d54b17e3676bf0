package main

import (
	"encoding/json"
	"fmt"
	"sync"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/feed"
	"github.com/edgeinfer/edgeinfer/train/data"
)

// spectraKey is the property of a model, or the metadata buffer of a .tflite, that
// says of which spectra its input is, as JSON of spectra.
const spectraKey = "edgeinfer.log_mel"

// spectra are features of Samples samples of sound.
type spectra struct {
	Samples int
	data.LogMelOptions
}

// spectra describes the input of a model that was trained on log-mel spectra.
func (a *about) spectra() string {
	s := spectra{a.form.Samples, *a.form.LogMel}
	s.Rate = a.form.Rate
	text, err := json.Marshal(s)
	if err != nil {
		panic("BUG: " + err.Error()) // numbers, all of them finite
	}
	return string(text)
}

// spectraOf returns the front-end that a model's metadata describe; nil if they
// describe none.
func spectraOf(m *edgeinfer.Model) (*feed.Features, error) {
	text, ok := m.Property(spectraKey)
	if !ok {
		return nil, nil
	}
	var s spectra
	err := json.Unmarshal([]byte(text), &s)
	const most = 1 << 26
	if err == nil && (s.Samples < 1 || s.Samples > most) {
		err = fmt.Errorf("spectra of %d samples: from 1 to %d are possible", s.Samples, most)
	}
	var l *data.LogMel
	if err == nil {
		l, err = data.NewLogMel(s.LogMelOptions)
	}
	if err != nil {
		return nil, fmt.Errorf("metadata %q: %w", spectraKey, err)
	}
	fits := func(samples, numbers int) error {
		shape, err := l.Shape([]int{samples})
		if err == nil && count(shape) != numbers {
			err = fmt.Errorf("metadata %q: spectra of shape %v where the input takes %d numbers", spectraKey, shape, numbers)
		}
		return err
	}
	room := sync.Pool{New: func() any { x := make([]float64, l.Scratch(nil)); return &x }}
	return &feed.Features{Rate: s.Rate, Samples: s.Samples, Fits: fits, Make: func(out, sound []float32) {
		scratch := room.Get().(*[]float64)
		defer room.Put(scratch)
		l.Apply(out, sound, *scratch)
	}}, nil
}
