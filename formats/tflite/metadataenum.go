package tflite

// ContentKind is what a tensor holds.
type ContentKind int8

// The values of ContentKind, in the metadata schema's order.
const (
	ContentNone ContentKind = iota
	ContentFeature
	ContentImage
	ContentBoundingBox
	ContentAudio
)

var contentKindNames = []string{"NONE", "FEATURE", "IMAGE", "BOUNDING_BOX", "AUDIO"}

func (x ContentKind) String() string { return name("ContentKind", contentKindNames, int8(x)) }

// ColorSpace is a picture's colour space.
type ColorSpace int8

// The values of ColorSpace, in the metadata schema's order.
const (
	ColorUnknown ColorSpace = iota
	ColorRGB
	ColorGrayscale
)

var colorSpaceNames = []string{"UNKNOWN", "RGB", "GRAYSCALE"}

func (x ColorSpace) String() string { return name("ColorSpace", colorSpaceNames, int8(x)) }

// BoundingBoxType is what a box's four numbers are.
type BoundingBoxType int8

// The values of BoundingBoxType, in the metadata schema's order.
const (
	BoxUnknown BoundingBoxType = iota
	BoxBoundaries
	BoxUpperLeft
	BoxCenter
)

var boundingBoxTypeNames = []string{"UNKNOWN", "BOUNDARIES", "UPPER_LEFT", "CENTER"}

func (x BoundingBoxType) String() string {
	return name("BoundingBoxType", boundingBoxTypeNames, int8(x))
}

// CoordinateType is the unit of a box's numbers: of the picture's size, or pixels.
type CoordinateType int8

// The values of CoordinateType, in the metadata schema's order.
const (
	CoordinateRatio CoordinateType = iota
	CoordinatePixel
)

var coordinateTypeNames = []string{"RATIO", "PIXEL"}

func (x CoordinateType) String() string { return name("CoordinateType", coordinateTypeNames, int8(x)) }

// ProcessUnitKind is the kind of a step outside the model.
type ProcessUnitKind int8

// The values of ProcessUnitKind, in the metadata schema's order.
const (
	UnitNone ProcessUnitKind = iota
	UnitNormalization
	UnitScoreCalibration
	UnitScoreThresholding
	UnitBertTokenizer
	UnitSentencePieceTokenizer
	UnitRegexTokenizer
)

var processUnitKindNames = []string{"NONE", "NORMALIZATION", "SCORE_CALIBRATION", "SCORE_THRESHOLDING", "BERT_TOKENIZER", "SENTENCE_PIECE_TOKENIZER", "REGEX_TOKENIZER"}

func (x ProcessUnitKind) String() string {
	return name("ProcessUnitKind", processUnitKindNames, int8(x))
}

// ScoreTransformationType is what is done to a score before its calibration.
type ScoreTransformationType int8

// The values of ScoreTransformationType, in the metadata schema's order.
const (
	ScoreIdentity ScoreTransformationType = iota
	ScoreLog
	ScoreInverseLogistic
)

var scoreTransformationTypeNames = []string{"IDENTITY", "LOG", "INVERSE_LOGISTIC"}

func (x ScoreTransformationType) String() string {
	return name("ScoreTransformationType", scoreTransformationTypeNames, int8(x))
}

// AssociatedFileType is what an associated file holds.
type AssociatedFileType int8

// The values of AssociatedFileType, in the metadata schema's order.
const (
	FileUnknown AssociatedFileType = iota
	FileDescriptions
	FileTensorAxisLabels
	FileTensorValueLabels
	FileTensorAxisScoreCalibration
	FileVocabulary
	FileScannIndexFile
)

var associatedFileTypeNames = []string{"UNKNOWN", "DESCRIPTIONS", "TENSOR_AXIS_LABELS", "TENSOR_VALUE_LABELS", "TENSOR_AXIS_SCORE_CALIBRATION", "VOCABULARY", "SCANN_INDEX_FILE"}

func (x AssociatedFileType) String() string {
	return name("AssociatedFileType", associatedFileTypeNames, int8(x))
}
