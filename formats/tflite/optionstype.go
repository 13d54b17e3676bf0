package tflite

import (
	"strconv"
)

// An OptionsType says which table of the schema an operator's options are. Types
// of the second union, BuiltinOptions2, have options2 added, so that one number
// names both.
type OptionsType uint16

const options2 = 0x100

// The slots of both unions in the table Operator.
const (
	slotOptions  = 3
	slotOptions2 = 11
)

// The tables of the union BuiltinOptions.
const (
	NoOptions OptionsType = iota
	Conv2DOptions
	DepthwiseConv2DOptions
	ConcatEmbeddingsOptions
	LSHProjectionOptions
	Pool2DOptions
	SVDFOptions
	RNNOptions
	FullyConnectedOptions
	SoftmaxOptions
	ConcatenationOptions
	AddOptions
	L2NormOptions
	LocalResponseNormalizationOptions
	LSTMOptions
	ResizeBilinearOptions
	CallOptions
	ReshapeOptions
	SkipGramOptions
	SpaceToDepthOptions
	EmbeddingLookupSparseOptions
	MulOptions
	PadOptions
	GatherOptions
	BatchToSpaceNDOptions
	SpaceToBatchNDOptions
	TransposeOptions
	ReducerOptions
	SubOptions
	DivOptions
	SqueezeOptions
	SequenceRNNOptions
	StridedSliceOptions
	ExpOptions
	TopKV2Options
	SplitOptions
	LogSoftmaxOptions
	CastOptions
	DequantizeOptions
	MaximumMinimumOptions
	ArgMaxOptions
	LessOptions
	NegOptions
	PadV2Options
	GreaterOptions
	GreaterEqualOptions
	LessEqualOptions
	SelectOptions
	SliceOptions
	TransposeConvOptions
	SparseToDenseOptions
	TileOptions
	ExpandDimsOptions
	EqualOptions
	NotEqualOptions
	ShapeOptions
	PowOptions
	ArgMinOptions
	FakeQuantOptions
	PackOptions
	LogicalOrOptions
	OneHotOptions
	LogicalAndOptions
	LogicalNotOptions
	UnpackOptions
	FloorDivOptions
	SquareOptions
	ZerosLikeOptions
	FillOptions
	BidirectionalSequenceLSTMOptions
	BidirectionalSequenceRNNOptions
	UnidirectionalSequenceLSTMOptions
	FloorModOptions
	RangeOptions
	ResizeNearestNeighborOptions
	LeakyReluOptions
	SquaredDifferenceOptions
	MirrorPadOptions
	AbsOptions
	SplitVOptions
	UniqueOptions
	ReverseV2Options
	AddNOptions
	GatherNdOptions
	CosOptions
	WhereOptions
	RankOptions
	ReverseSequenceOptions
	MatrixDiagOptions
	QuantizeOptions
	MatrixSetDiagOptions
	HardSwishOptions
	IfOptions
	WhileOptions
	DepthToSpaceOptions
	NonMaxSuppressionV4Options
	NonMaxSuppressionV5Options
	ScatterNdOptions
	SelectV2Options
	DensifyOptions
	SegmentSumOptions
	BatchMatMulOptions
	CumsumOptions
	CallOnceOptions
	BroadcastToOptions
	Rfft2dOptions
	Conv3DOptions
	HashtableOptions
	HashtableFindOptions
	HashtableImportOptions
	HashtableSizeOptions
	VarHandleOptions
	ReadVariableOptions
	AssignVariableOptions
	RandomOptions
	BucketizeOptions
	GeluOptions
	DynamicUpdateSliceOptions
	UnsortedSegmentProdOptions
	UnsortedSegmentMaxOptions
	UnsortedSegmentMinOptions
	UnsortedSegmentSumOptions
	ATan2Options
	SignOptions
	BitcastOptions
	BitwiseXorOptions
	RightShiftOptions
)

// The tables of the union BuiltinOptions2.
const (
	StableHLOConcatenateOptions OptionsType = options2 + 1 + iota
	StableHLOBroadcastInDimOptions
	StableHLOSliceOptions
	StableHLOConvolutionOptions
	StableHLOCustomCallOptions
	StableHLOReduceOptions
	StableHLOScatterOptions
	StableHLOCompareOptions
	StableHLODynamicSliceOptions
	StableHLOPadOptions
	StableHLOIotaOptions
	StableHLODotGeneralOptions
	StableHLOReduceWindowOptions
	StableHLOSortOptions
	StableHLOWhileOptions
	StableHLOGatherOptions
	StableHLOTransposeOptions
	DilateOptions
	StableHLORngBitGeneratorOptions
	ReduceWindowOptions
	StableHLOCompositeOptions
	StableHLOShiftLeftOptions
	StableHLOCaseOptions
)

// Union returns the slot of the operator's table at which the union that has t
// lies, and t's number in it.
func (t OptionsType) Union() (slot int, kind uint8) {
	if t >= options2 {
		return slotOptions2, uint8(t - options2)
	}
	return slotOptions, uint8(t)
}

func (t OptionsType) String() string {
	names, i := optionsNames.list(), int(t)
	if t >= options2 {
		names, i = options2Names.list(), int(t)-options2
	}
	if i < len(names) {
		return names[i]
	}
	return "OptionsType(" + strconv.Itoa(int(t)) + ")"
}

// optionsNames and options2Names are indexed by the unions' own numbers.
var optionsNames = words{text: `
NoOptions Conv2DOptions DepthwiseConv2DOptions ConcatEmbeddingsOptions LSHProjectionOptions
Pool2DOptions SVDFOptions RNNOptions FullyConnectedOptions SoftmaxOptions ConcatenationOptions
AddOptions L2NormOptions LocalResponseNormalizationOptions LSTMOptions ResizeBilinearOptions
CallOptions ReshapeOptions SkipGramOptions SpaceToDepthOptions EmbeddingLookupSparseOptions
MulOptions PadOptions GatherOptions BatchToSpaceNDOptions SpaceToBatchNDOptions TransposeOptions
ReducerOptions SubOptions DivOptions SqueezeOptions SequenceRNNOptions StridedSliceOptions
ExpOptions TopKV2Options SplitOptions LogSoftmaxOptions CastOptions DequantizeOptions
MaximumMinimumOptions ArgMaxOptions LessOptions NegOptions PadV2Options GreaterOptions
GreaterEqualOptions LessEqualOptions SelectOptions SliceOptions TransposeConvOptions
SparseToDenseOptions TileOptions ExpandDimsOptions EqualOptions NotEqualOptions ShapeOptions
PowOptions ArgMinOptions FakeQuantOptions PackOptions LogicalOrOptions OneHotOptions
LogicalAndOptions LogicalNotOptions UnpackOptions FloorDivOptions SquareOptions ZerosLikeOptions
FillOptions BidirectionalSequenceLSTMOptions BidirectionalSequenceRNNOptions
UnidirectionalSequenceLSTMOptions FloorModOptions RangeOptions ResizeNearestNeighborOptions
LeakyReluOptions SquaredDifferenceOptions MirrorPadOptions AbsOptions SplitVOptions
UniqueOptions ReverseV2Options AddNOptions GatherNdOptions CosOptions WhereOptions RankOptions
ReverseSequenceOptions MatrixDiagOptions QuantizeOptions MatrixSetDiagOptions HardSwishOptions
IfOptions WhileOptions DepthToSpaceOptions NonMaxSuppressionV4Options NonMaxSuppressionV5Options
ScatterNdOptions SelectV2Options DensifyOptions SegmentSumOptions BatchMatMulOptions
CumsumOptions CallOnceOptions BroadcastToOptions Rfft2dOptions Conv3DOptions HashtableOptions
HashtableFindOptions HashtableImportOptions HashtableSizeOptions VarHandleOptions
ReadVariableOptions AssignVariableOptions RandomOptions BucketizeOptions GeluOptions
DynamicUpdateSliceOptions UnsortedSegmentProdOptions UnsortedSegmentMaxOptions
UnsortedSegmentMinOptions UnsortedSegmentSumOptions ATan2Options SignOptions BitcastOptions
BitwiseXorOptions RightShiftOptions
`}

var options2Names = words{text: `
NoOptions StableHLOConcatenateOptions StableHLOBroadcastInDimOptions StableHLOSliceOptions
StableHLOConvolutionOptions StableHLOCustomCallOptions StableHLOReduceOptions
StableHLOScatterOptions StableHLOCompareOptions StableHLODynamicSliceOptions StableHLOPadOptions
StableHLOIotaOptions StableHLODotGeneralOptions StableHLOReduceWindowOptions
StableHLOSortOptions StableHLOWhileOptions StableHLOGatherOptions StableHLOTransposeOptions
DilateOptions StableHLORngBitGeneratorOptions ReduceWindowOptions StableHLOCompositeOptions
StableHLOShiftLeftOptions StableHLOCaseOptions
`}
