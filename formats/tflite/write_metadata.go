package tflite

import (
	"archive/zip"
	"bytes"
	"fmt"
	"maps"
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
)

// Encode writes m as ParseMetadata reads it: the value of MetadataName in
// WriteOptions.Metadata.
func (m *ModelMetadata) Encode() ([]byte, error) {
	o := flatbuf.Object{}
	set(o, 0, m.Name)
	set(o, 1, m.Description)
	set(o, 2, m.Version)
	set(o, 4, m.Author)
	set(o, 5, m.License)
	set(o, 7, m.MinParserVersion)
	each(o, 3, m.Subgraphs, subgraphObject)
	each(o, 6, m.Files, fileObject)
	data, err := flatbuf.Build(MetadataIdentifier, o)
	if err != nil {
		return nil, fmt.Errorf("tflite: metadata: %w", err)
	}
	return data, nil
}

// set puts a field into a table, unless it is empty.
func set[T comparable](o flatbuf.Object, slot int, v T) {
	var none T
	if v != none {
		o[slot] = v
	}
}

// some is set of a vector.
func some[T any](o flatbuf.Object, slot int, v []T) {
	if len(v) > 0 {
		o[slot] = v
	}
}

// each puts a vector of tables into a table.
func each[T any](o flatbuf.Object, slot int, list []T, write func(T) flatbuf.Object) {
	var all []flatbuf.Object
	for _, v := range list {
		all = append(all, write(v))
	}
	some(o, slot, all)
}

func subgraphObject(s SubgraphMetadata) flatbuf.Object {
	o := flatbuf.Object{}
	set(o, 0, s.Name)
	set(o, 1, s.Description)
	each(o, 2, s.Inputs, tensorObject)
	each(o, 3, s.Outputs, tensorObject)
	each(o, 4, s.Files, fileObject)
	each(o, 5, s.InputUnits, unitObject)
	each(o, 6, s.OutputUnits, unitObject)
	each(o, 7, s.InputGroups, groupObject)
	each(o, 8, s.OutputGroups, groupObject)
	return o
}

func groupObject(g TensorGroup) flatbuf.Object {
	o := flatbuf.Object{}
	set(o, 0, g.Name)
	some(o, 1, g.Tensors)
	return o
}

func tensorObject(t TensorMetadata) flatbuf.Object {
	o := flatbuf.Object{}
	set(o, 0, t.Name)
	set(o, 1, t.Description)
	some(o, 2, t.DimensionNames)
	if c := contentObject(t.Content); len(c) > 0 {
		o[3] = c
	}
	each(o, 4, t.Units, unitObject)
	if len(t.Min)+len(t.Max) > 0 {
		stats := flatbuf.Object{}
		some(stats, 0, t.Max)
		some(stats, 1, t.Min)
		o[5] = stats
	}
	each(o, 6, t.Files, fileObject)
	return o
}

func contentObject(c Content) flatbuf.Object {
	o, p := flatbuf.Object{}, flatbuf.Object{}
	switch {
	case c.Image != nil:
		p[0] = int8(c.Image.ColorSpace)
		if c.Image.Width|c.Image.Height != 0 {
			p[1] = flatbuf.Object{0: c.Image.Width, 1: c.Image.Height}
		}
	case c.BoundingBox != nil:
		some(p, 0, c.BoundingBox.Index)
		p[1], p[2] = int8(c.BoundingBox.Type), int8(c.BoundingBox.Coordinate)
	case c.Audio != nil:
		p[0], p[1] = c.Audio.SampleRate, c.Audio.Channels
	}
	if c.Kind != ContentNone {
		o[0] = flatbuf.Union{Kind: uint8(c.Kind), Value: p}
	}
	if c.Range != nil {
		o[2] = flatbuf.Object{0: c.Range[0], 1: c.Range[1]}
	}
	return o
}

func unitObject(u ProcessUnit) flatbuf.Object {
	o := flatbuf.Object{}
	switch u.Kind {
	case UnitNormalization:
		some(o, 0, u.Mean)
		some(o, 1, u.Std)
	case UnitScoreCalibration:
		o[0], o[1] = int8(u.Transformation), u.DefaultScore
	case UnitScoreThresholding:
		o[0] = u.Threshold
	case UnitBertTokenizer:
		each(o, 0, u.Vocabulary, fileObject)
	case UnitSentencePieceTokenizer:
		each(o, 0, u.Models, fileObject)
		each(o, 1, u.Vocabulary, fileObject)
	case UnitRegexTokenizer:
		set(o, 0, u.Pattern)
		each(o, 1, u.Vocabulary, fileObject)
	}
	return flatbuf.Object{0: flatbuf.Union{Kind: uint8(u.Kind), Value: o}}
}

func fileObject(f AssociatedFile) flatbuf.Object {
	o := flatbuf.Object{2: int8(f.Type)}
	set(o, 0, f.Name)
	set(o, 1, f.Description)
	set(o, 3, f.Locale)
	return o
}

// appendFiles puts files behind a model, where AssociatedFiles finds them: a zip
// archive, not packed, as MediaPipe's readers want it, whose offsets count from
// the model's start.
func appendFiles(model []byte, files map[string][]byte) ([]byte, error) {
	if len(files) == 0 {
		return model, nil
	}
	b := bytes.NewBuffer(model)
	z := zip.NewWriter(b)
	z.SetOffset(int64(len(model)))
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err == nil {
			_, err = w.Write(files[name])
		}
		if err != nil {
			return nil, fmt.Errorf("tflite: associated file %q: %w", name, err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("tflite: associated files: %w", err)
	}
	return b.Bytes(), nil
}
