package edgeinfer

import (
	"fmt"
	"path"
	"slices"
	"strconv"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
)

// TensorMetadata is what the metadata of a .tflite file says about an input or
// output: what it holds, how it is normalised, its labels' file.
type TensorMetadata = tflite.TensorMetadata

// SampleRateKey is the property of .onnx models that says, in Hz, what sound their
// first input takes; a .tflite has it in its metadata.
const SampleRateKey = "edgeinfer.sample_rate"

// InputMetadata returns the file's metadata of input i; nil if there is none.
func (m *Model) InputMetadata(i int) (*TensorMetadata, error) {
	if m.file.onnx != nil && i == 0 {
		if rate, err := strconv.ParseUint(m.file.onnx.Metadata[SampleRateKey], 10, 32); err == nil {
			return &TensorMetadata{Content: tflite.Content{Kind: tflite.ContentAudio, Audio: &tflite.AudioProperties{SampleRate: uint32(rate), Channels: 1}}}, nil
		}
	}
	return m.tensorMetadata(i, func(s *tflite.SubgraphMetadata) []TensorMetadata { return s.Inputs })
}

// OutputMetadata returns the file's metadata of output i; nil if there is none.
func (m *Model) OutputMetadata(i int) (*TensorMetadata, error) {
	return m.tensorMetadata(i, func(s *tflite.SubgraphMetadata) []TensorMetadata { return s.Outputs })
}

func (m *Model) tensorMetadata(i int, pick func(*tflite.SubgraphMetadata) []TensorMetadata) (*TensorMetadata, error) {
	if m.file.tflite == nil {
		return nil, nil
	}
	meta, err := m.file.tflite.ModelMetadata()
	if err != nil || meta == nil || len(meta.Subgraphs) == 0 {
		return nil, err
	}
	ts := pick(&meta.Subgraphs[0])
	if i < 0 || i >= len(ts) {
		return nil, nil
	}
	return &ts[i], nil
}

// Property returns what the file's own metadata say under a key: one of ONNX's
// metadata_props, or a metadata buffer of a .tflite file.
func (m *Model) Property(key string) (string, bool) {
	if m.file.onnx != nil {
		v, ok := m.file.onnx.Metadata[key]
		return v, ok
	}
	v, ok := m.file.tflite.Metadata[key]
	return string(v), ok
}

// Normalisation returns the mean and standard deviation of [x' = (x-mean)/std]
// that the metadata asks for, one number or one for each channel; nil if none.
func Normalisation(meta *TensorMetadata) (mean, std []float32) {
	if meta == nil {
		return nil, nil
	}
	for _, u := range meta.Units {
		if u.Kind == tflite.UnitNormalization {
			return u.Mean, u.Std
		}
	}
	return nil, nil
}

// LabelFile returns the file of class names that the model has for output i:
// the one that the metadata names, or else the only text file that there is.
// It is nil if there is none.
func (m *Model) LabelFile(i int) ([]byte, error) {
	files, err := m.AssociatedFiles()
	if err != nil || len(files) == 0 {
		return nil, err
	}
	meta, err := m.OutputMetadata(i)
	if err != nil {
		return nil, err
	}
	if meta != nil {
		kinds := []tflite.AssociatedFileType{tflite.FileTensorAxisLabels, tflite.FileTensorValueLabels}
		for _, f := range meta.Files {
			if slices.Contains(kinds, f.Type) {
				if data, ok := files[f.Name]; ok {
					return data, nil
				}
				return nil, fmt.Errorf("the metadata of output %d names the labels %q, which the file does not have", i, f.Name)
			}
		}
	}
	taken, err := m.inputFiles()
	if err != nil {
		return nil, err
	}
	var texts [][]byte
	for name, data := range files {
		if path.Ext(name) == ".txt" && !taken[name] {
			texts = append(texts, data)
		}
	}
	if len(texts) != 1 || len(m.graph.Out) != 1 {
		return nil, nil
	}
	return texts[0], nil
}

// inputFiles returns the names of the files that the metadata have for inputs, such
// as a vocabulary.
func (m *Model) inputFiles() (map[string]bool, error) {
	taken := map[string]bool{}
	for i := range m.graph.In {
		meta, err := m.InputMetadata(i)
		if err != nil {
			return nil, err
		}
		if meta == nil {
			continue
		}
		for _, f := range meta.Files {
			taken[f.Name] = true
		}
	}
	return taken, nil
}
