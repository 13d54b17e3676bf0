package tflite

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"maps"
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/formats/flatbuf"
)

// Encode writes m as ParseMetadata reads it: the value of MetadataName in
// WriteOptions.Metadata.
func (m *ModelMetadata) Encode() ([]byte, error) {
	o := flatbuf.Object{}
	text(o, 0, m.Name)
	text(o, 1, m.Description)
	text(o, 2, m.Version)
	text(o, 4, m.Author)
	text(o, 5, m.License)
	text(o, 7, m.MinParserVersion)
	each(o, 3, m.Subgraphs, subgraphObject)
	each(o, 6, m.Files, fileObject)
	data, err := flatbuf.Build(MetadataIdentifier, o)
	if err != nil {
		return nil, fmt.Errorf("tflite: metadata: %w", err)
	}
	return data, nil
}

// text puts a string into a table, unless it is empty.
//
//go:noinline
func text(o flatbuf.Object, slot int, v string) {
	if v != "" {
		o[slot] = v
	}
}

//go:noinline
func floats(o flatbuf.Object, slot int, v []float32) {
	if len(v) > 0 {
		o[slot] = v
	}
}

// each puts a vector of tables into a table.
//
//go:noinline
func each[T any](o flatbuf.Object, slot int, list []T, write func(*T) flatbuf.Object) {
	var all []flatbuf.Object
	for i := range list {
		all = append(all, write(&list[i]))
	}
	if all != nil {
		o[slot] = all
	}
}

func subgraphObject(s *SubgraphMetadata) flatbuf.Object {
	o := flatbuf.Object{}
	text(o, 0, s.Name)
	text(o, 1, s.Description)
	each(o, 2, s.Inputs, tensorObject)
	each(o, 3, s.Outputs, tensorObject)
	each(o, 4, s.Files, fileObject)
	each(o, 5, s.InputUnits, unitObject)
	each(o, 6, s.OutputUnits, unitObject)
	each(o, 7, s.InputGroups, groupObject)
	each(o, 8, s.OutputGroups, groupObject)
	return o
}

func groupObject(g *TensorGroup) flatbuf.Object {
	o := flatbuf.Object{}
	text(o, 0, g.Name)
	if len(g.Tensors) > 0 {
		o[1] = g.Tensors
	}
	return o
}

func tensorObject(t *TensorMetadata) flatbuf.Object {
	o := flatbuf.Object{}
	text(o, 0, t.Name)
	text(o, 1, t.Description)
	if len(t.DimensionNames) > 0 {
		o[2] = t.DimensionNames
	}
	if c := contentObject(&t.Content); len(c) > 0 {
		o[3] = c
	}
	each(o, 4, t.Units, unitObject)
	if len(t.Min)+len(t.Max) > 0 {
		stats := flatbuf.Object{}
		floats(stats, 0, t.Max)
		floats(stats, 1, t.Min)
		o[5] = stats
	}
	each(o, 6, t.Files, fileObject)
	return o
}

func contentObject(c *Content) flatbuf.Object {
	o, p := flatbuf.Object{}, flatbuf.Object{}
	switch {
	case c.Image != nil:
		p[0] = int8(c.Image.ColorSpace)
		if c.Image.Width|c.Image.Height != 0 {
			p[1] = flatbuf.Object{0: c.Image.Width, 1: c.Image.Height}
		}
	case c.BoundingBox != nil:
		if len(c.BoundingBox.Index) > 0 {
			p[0] = c.BoundingBox.Index
		}
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

func unitObject(u *ProcessUnit) flatbuf.Object {
	o := flatbuf.Object{}
	switch u.Kind {
	case UnitNormalization:
		floats(o, 0, u.Mean)
		floats(o, 1, u.Std)
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
		text(o, 0, u.Pattern)
		each(o, 1, u.Vocabulary, fileObject)
	}
	return flatbuf.Object{0: flatbuf.Union{Kind: uint8(u.Kind), Value: o}}
}

func fileObject(f *AssociatedFile) flatbuf.Object {
	o := flatbuf.Object{2: int8(f.Type)}
	text(o, 0, f.Name)
	text(o, 1, f.Description)
	text(o, 3, f.Locale)
	return o
}

// appendFiles puts files behind a model, where AssociatedFiles finds them: a zip
// archive, whose offsets count from the model's start. Nothing is packed, as
// MediaPipe's readers want it, so that a few bytes around each file are all of it
// (PKWARE's APPNOTE, 4.3).
func appendFiles(model []byte, files map[string][]byte) ([]byte, error) {
	if len(files) == 0 {
		return model, nil
	} else if len(files) > maxAssociated {
		return nil, fmt.Errorf("tflite: %d associated files; at most %d are written", len(files), maxAssociated)
	}
	const version, utf8, day = 20, 1 << 11, 1<<5 | 1 // 2.0; names are UTF-8; the first of January 1980
	u16, u32 := binary.LittleEndian.AppendUint16, binary.LittleEndian.AppendUint32
	out := slices.Clip(model)
	var directory []byte
	for _, name := range slices.Sorted(maps.Keys(files)) {
		data, at := files[name], len(out)
		if len(name) > math.MaxUint16 || len(data) > math.MaxInt32-at {
			return nil, fmt.Errorf("tflite: associated file %.40q: a model with its files has less than 2 GiB", name)
		}
		// what both the file's header and its entry in the directory begin with
		head := u16(u16(u16(u16(u16(nil, version), utf8), 0), 0), day)
		head = u32(u32(u32(head, crc32.ChecksumIEEE(data)), uint32(len(data))), uint32(len(data)))
		head = u16(u16(head, uint16(len(name))), 0)
		out = append(append(append(append(out, "PK\x03\x04"...), head...), name...), data...)
		directory = append(u16(append(directory, "PK\x01\x02"...), version), head...)
		directory = append(directory, make([]byte, 10)...) // no comment, disk 0, no attributes
		directory = append(u32(directory, uint32(at)), name...)
	}
	at, n := uint32(len(out)), uint16(len(files))
	out = append(append(out, directory...), "PK\x05\x06\x00\x00\x00\x00"...)
	return u16(u32(u32(u16(u16(out, n), n), uint32(len(directory))), at), 0), nil
}
