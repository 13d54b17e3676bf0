package tflite

import "github.com/edgeinfer/edgeinfer/formats/flatbuf"

// The metadata that TensorFlow Lite's tools put beside a model, to say how its
// inputs are made and its outputs read: a flatbuffer of its own in a buffer.
const (
	MetadataName       = "TFLITE_METADATA"
	MetadataIdentifier = "M001"
)

// ModelMetadata describes a model for its users. Subgraphs match those of the File
// in order, as far as they are given.
type ModelMetadata struct {
	Name, Description, Version string
	Author, License            string
	MinParserVersion           string
	Subgraphs                  []SubgraphMetadata
	Files                      []AssociatedFile
}

// SubgraphMetadata has one entry for each input and output of the sub-graph, in
// order.
type SubgraphMetadata struct {
	Name, Description       string
	Inputs, Outputs         []TensorMetadata
	Files                   []AssociatedFile
	InputUnits, OutputUnits []ProcessUnit
	// The tensors that belong together, such as a detection's box and its class.
	InputGroups, OutputGroups []TensorGroup
}

// TensorGroup names tensors, by TensorMetadata.Name, whose elements belong together.
type TensorGroup struct {
	Name    string
	Tensors []string
}

// TensorMetadata describes an input or output. Min and Max are the range of its
// values, one number or one for each channel.
type TensorMetadata struct {
	Name, Description string
	DimensionNames    []string
	Content           Content
	Units             []ProcessUnit
	Min, Max          []float32
	Files             []AssociatedFile
}

// Content says what a tensor holds. At most one of the pointers is set.
type Content struct {
	Kind        ContentKind
	Image       *ImageProperties
	BoundingBox *BoundingBoxProperties
	Audio       *AudioProperties
	Range       *[2]int32 // the first and last dimension that it takes; nil is all but the batch
}

// ImageProperties describe a picture; sizes are 0 where the shape tells them.
type ImageProperties struct {
	ColorSpace    ColorSpace
	Width, Height uint32
}

// BoundingBoxProperties say how four numbers make a box.
type BoundingBoxProperties struct {
	Index      []uint32 // where each corner lies, nil for the order of Type's name
	Type       BoundingBoxType
	Coordinate CoordinateType
}

// AudioProperties describe sound.
type AudioProperties struct{ SampleRate, Channels uint32 } // Hz

// ProcessUnit is a step before or after the model. Which of the fields count
// depends on Kind.
type ProcessUnit struct {
	Kind           ProcessUnitKind
	Mean, Std      []float32               // Normalization: (x-mean)/std, one or one for each channel
	Transformation ScoreTransformationType // ScoreCalibration
	DefaultScore   float32                 // ScoreCalibration
	Threshold      float32                 // ScoreThresholding: the least score that counts
	Pattern        string                  // RegexTokenizer: between words
	Vocabulary     []AssociatedFile        // of the tokenizers
	Models         []AssociatedFile        // SentencePieceTokenizer
}

// AssociatedFile names a file that File.AssociatedFiles has, and says what it is.
type AssociatedFile struct {
	Name, Description, Locale string
	Type                      AssociatedFileType
}

// ModelMetadata reads the model's TFLITE_METADATA; nil if it has none.
func (f *File) ModelMetadata() (*ModelMetadata, error) {
	data, ok := f.Metadata[MetadataName]
	if !ok {
		return nil, nil
	}
	return ParseMetadata(data)
}

// ParseMetadata reads a metadata flatbuffer. Offsets in its errors count from the
// start of data.
func ParseMetadata(data []byte) (*ModelMetadata, error) {
	b := flatbuf.New(data)
	if id := b.Identifier(); id != MetadataIdentifier {
		return nil, wrong("metadata", "the identifier is %q where %q belongs", id, MetadataIdentifier)
	}
	t := b.Root()
	m := &ModelMetadata{
		Name: t.String(0), Description: t.String(1), Version: t.String(2),
		Subgraphs: list(t.Tables(3), subgraphMetadata),
		Author:    t.String(4), License: t.String(5),
		Files:            list(t.Tables(6), associatedFile),
		MinParserVersion: t.String(7),
	}
	if err := b.Err(); err != nil {
		return nil, broken("metadata", err)
	}
	return m, nil
}

// list reads a vector of tables.
func list[T any](v flatbuf.Tables, read func(flatbuf.Table) T) []T {
	var out []T
	for _, t := range v.All() {
		out = append(out, read(t))
	}
	return out
}

func subgraphMetadata(t flatbuf.Table) SubgraphMetadata {
	return SubgraphMetadata{
		Name: t.String(0), Description: t.String(1),
		Inputs: list(t.Tables(2), tensorMetadata), Outputs: list(t.Tables(3), tensorMetadata),
		Files:      list(t.Tables(4), associatedFile),
		InputUnits: list(t.Tables(5), processUnit), OutputUnits: list(t.Tables(6), processUnit),
		InputGroups: list(t.Tables(7), tensorGroup), OutputGroups: list(t.Tables(8), tensorGroup),
	}
}

func tensorGroup(t flatbuf.Table) TensorGroup {
	return TensorGroup{Name: t.String(0), Tensors: t.Strings(1)}
}

func tensorMetadata(t flatbuf.Table) TensorMetadata {
	stats := t.Table(5)
	return TensorMetadata{
		Name: t.String(0), Description: t.String(1),
		DimensionNames: t.Strings(2),
		Content:        content(t.Table(3)),
		Units:          list(t.Tables(4), processUnit),
		Max:            stats.Float32s(0), Min: stats.Float32s(1),
		Files: list(t.Tables(6), associatedFile),
	}
}

func content(t flatbuf.Table) (c Content) {
	kind, p := t.Union(0)
	c.Kind = ContentKind(kind)
	switch c.Kind {
	case ContentImage:
		size := p.Table(1)
		c.Image = &ImageProperties{ColorSpace(p.Int8(0, 0)), size.Uint32(0, 0), size.Uint32(1, 0)}
	case ContentBoundingBox:
		c.BoundingBox = &BoundingBoxProperties{p.Uint32s(0), BoundingBoxType(p.Int8(1, 0)), CoordinateType(p.Int8(2, 0))}
	case ContentAudio:
		c.Audio = &AudioProperties{p.Uint32(0, 0), p.Uint32(1, 0)}
	}
	if r := t.Table(2); r.Present() {
		c.Range = &[2]int32{r.Int32(0, 0), r.Int32(1, 0)}
	}
	return c
}

func processUnit(t flatbuf.Table) ProcessUnit {
	kind, o := t.Union(0)
	u := ProcessUnit{Kind: ProcessUnitKind(kind)}
	switch u.Kind {
	case UnitNormalization:
		u.Mean, u.Std = o.Float32s(0), o.Float32s(1)
	case UnitScoreCalibration:
		u.Transformation, u.DefaultScore = ScoreTransformationType(o.Int8(0, 0)), o.Float32(1, 0)
	case UnitScoreThresholding:
		u.Threshold = o.Float32(0, 0)
	case UnitBertTokenizer:
		u.Vocabulary = list(o.Tables(0), associatedFile)
	case UnitSentencePieceTokenizer:
		u.Models, u.Vocabulary = list(o.Tables(0), associatedFile), list(o.Tables(1), associatedFile)
	case UnitRegexTokenizer:
		u.Pattern, u.Vocabulary = o.String(0), list(o.Tables(1), associatedFile)
	}
	return u
}

func associatedFile(t flatbuf.Table) AssociatedFile {
	return AssociatedFile{
		Name: t.String(0), Description: t.String(1), Locale: t.String(3),
		Type: AssociatedFileType(t.Int8(2, 0)),
	}
}
