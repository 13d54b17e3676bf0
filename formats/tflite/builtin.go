package tflite

import (
	"strconv"
	"strings"
	"sync"
)

// A BuiltinOperator is the schema's number of an operator. Models before schema
// 3a store it in a byte; File has it as the larger of the two codes.
type BuiltinOperator int32

// The operators, in the schema's order; the names of the schema are what String
// returns.
const (
	OpAdd BuiltinOperator = iota
	OpAveragePool2D
	OpConcatenation
	OpConv2D
	OpDepthwiseConv2D
	OpDepthToSpace
	OpDequantize
	OpEmbeddingLookup
	OpFloor
	OpFullyConnected
	OpHashtableLookup
	OpL2Normalization
	OpL2Pool2D
	OpLocalResponseNormalization
	OpLogistic
	OpLSHProjection
	OpLSTM
	OpMaxPool2D
	OpMul
	OpRelu
	OpReluN1To1
	OpRelu6
	OpReshape
	OpResizeBilinear
	OpRNN
	OpSoftmax
	OpSpaceToDepth
	OpSVDF
	OpTanh
	OpConcatEmbeddings
	OpSkipGram
	OpCall
	OpCustom
	OpEmbeddingLookupSparse
	OpPad
	OpUnidirectionalSequenceRNN
	OpGather
	OpBatchToSpaceND
	OpSpaceToBatchND
	OpTranspose
	OpMean
	OpSub
	OpDiv
	OpSqueeze
	OpUnidirectionalSequenceLSTM
	OpStridedSlice
	OpBidirectionalSequenceRNN
	OpExp
	OpTopKV2
	OpSplit
	OpLogSoftmax
	OpDelegate
	OpBidirectionalSequenceLSTM
	OpCast
	OpPRelu
	OpMaximum
	OpArgMax
	OpMinimum
	OpLess
	OpNeg
	OpPadV2
	OpGreater
	OpGreaterEqual
	OpLessEqual
	OpSelect
	OpSlice
	OpSin
	OpTransposeConv
	OpSparseToDense
	OpTile
	OpExpandDims
	OpEqual
	OpNotEqual
	OpLog
	OpSum
	OpSqrt
	OpRsqrt
	OpShape
	OpPow
	OpArgMin
	OpFakeQuant
	OpReduceProd
	OpReduceMax
	OpPack
	OpLogicalOr
	OpOneHot
	OpLogicalAnd
	OpLogicalNot
	OpUnpack
	OpReduceMin
	OpFloorDiv
	OpReduceAny
	OpSquare
	OpZerosLike
	OpFill
	OpFloorMod
	OpRange
	OpResizeNearestNeighbor
	OpLeakyRelu
	OpSquaredDifference
	OpMirrorPad
	OpAbs
	OpSplitV
	OpUnique
	OpCeil
	OpReverseV2
	OpAddN
	OpGatherND
	OpCos
	OpWhere
	OpRank
	OpElu
	OpReverseSequence
	OpMatrixDiag
	OpQuantize
	OpMatrixSetDiag
	OpRound
	OpHardSwish
	OpIf
	OpWhile
	OpNonMaxSuppressionV4
	OpNonMaxSuppressionV5
	OpScatterND
	OpSelectV2
	OpDensify
	OpSegmentSum
	OpBatchMatMul
	OpPlaceholderForGreaterOpCodes
	OpCumsum
	OpCallOnce
	OpBroadcastTo
	OpRFFT2D
	OpConv3D
	OpImag
	OpReal
	OpComplexAbs
	OpHashtable
	OpHashtableFind
	OpHashtableImport
	OpHashtableSize
	OpReduceAll
	OpConv3DTranspose
	OpVarHandle
	OpReadVariable
	OpAssignVariable
	OpBroadcastArgs
	OpRandomStandardNormal
	OpBucketize
	OpRandomUniform
	OpMultinomial
	OpGelu
	OpDynamicUpdateSlice
	OpRelu0To1
	OpUnsortedSegmentProd
	OpUnsortedSegmentMax
	OpUnsortedSegmentSum
	OpAtan2
	OpUnsortedSegmentMin
	OpSign
	OpBitcast
	OpBitwiseXor
	OpRightShift
	OpStableHLOLogistic
	OpStableHLOAdd
	OpStableHLODivide
	OpStableHLOMultiply
	OpStableHLOMaximum
	OpStableHLOReshape
	OpStableHLOClamp
	OpStableHLOConcatenate
	OpStableHLOBroadcastInDim
	OpStableHLOConvolution
	OpStableHLOSlice
	OpStableHLOCustomCall
	OpStableHLOReduce
	OpStableHLOAbs
	OpStableHLOAnd
	OpStableHLOCosine
	OpStableHLOExponential
	OpStableHLOFloor
	OpStableHLOLog
	OpStableHLOMinimum
	OpStableHLONegate
	OpStableHLOOr
	OpStableHLOPower
	OpStableHLORemainder
	OpStableHLORsqrt
	OpStableHLOSelect
	OpStableHLOSubtract
	OpStableHLOTanh
	OpStableHLOScatter
	OpStableHLOCompare
	OpStableHLOConvert
	OpStableHLODynamicSlice
	OpStableHLODynamicUpdateSlice
	OpStableHLOPad
	OpStableHLOIota
	OpStableHLODotGeneral
	OpStableHLOReduceWindow
	OpStableHLOSort
	OpStableHLOWhile
	OpStableHLOGather
	OpStableHLOTranspose
	OpDilate
	OpStableHLORNGBitGenerator
	OpReduceWindow
	OpStableHLOComposite
	OpStableHLOShiftLeft
	OpStableHLOCbrt
	OpStableHLOCase
)

func (op BuiltinOperator) String() string {
	if names := operatorNames.list(); op >= 0 && int(op) < len(names) {
		return names[op]
	}
	return "BuiltinOperator(" + strconv.Itoa(int(op)) + ")"
}

// ParseBuiltinOperator returns the operator that String calls name.
func ParseBuiltinOperator(name string) (BuiltinOperator, bool) {
	for i, s := range operatorNames.list() {
		if s == name {
			return BuiltinOperator(i), true
		}
	}
	return 0, false
}

// operatorNames is indexed by BuiltinOperator.
var operatorNames = words{text: `
ADD AVERAGE_POOL_2D CONCATENATION CONV_2D DEPTHWISE_CONV_2D DEPTH_TO_SPACE DEQUANTIZE
EMBEDDING_LOOKUP FLOOR FULLY_CONNECTED HASHTABLE_LOOKUP L2_NORMALIZATION L2_POOL_2D
LOCAL_RESPONSE_NORMALIZATION LOGISTIC LSH_PROJECTION LSTM MAX_POOL_2D MUL RELU RELU_N1_TO_1
RELU6 RESHAPE RESIZE_BILINEAR RNN SOFTMAX SPACE_TO_DEPTH SVDF TANH CONCAT_EMBEDDINGS SKIP_GRAM
CALL CUSTOM EMBEDDING_LOOKUP_SPARSE PAD UNIDIRECTIONAL_SEQUENCE_RNN GATHER BATCH_TO_SPACE_ND
SPACE_TO_BATCH_ND TRANSPOSE MEAN SUB DIV SQUEEZE UNIDIRECTIONAL_SEQUENCE_LSTM STRIDED_SLICE
BIDIRECTIONAL_SEQUENCE_RNN EXP TOPK_V2 SPLIT LOG_SOFTMAX DELEGATE BIDIRECTIONAL_SEQUENCE_LSTM
CAST PRELU MAXIMUM ARG_MAX MINIMUM LESS NEG PADV2 GREATER GREATER_EQUAL LESS_EQUAL SELECT SLICE
SIN TRANSPOSE_CONV SPARSE_TO_DENSE TILE EXPAND_DIMS EQUAL NOT_EQUAL LOG SUM SQRT RSQRT SHAPE POW
ARG_MIN FAKE_QUANT REDUCE_PROD REDUCE_MAX PACK LOGICAL_OR ONE_HOT LOGICAL_AND LOGICAL_NOT UNPACK
REDUCE_MIN FLOOR_DIV REDUCE_ANY SQUARE ZEROS_LIKE FILL FLOOR_MOD RANGE RESIZE_NEAREST_NEIGHBOR
LEAKY_RELU SQUARED_DIFFERENCE MIRROR_PAD ABS SPLIT_V UNIQUE CEIL REVERSE_V2 ADD_N GATHER_ND COS
WHERE RANK ELU REVERSE_SEQUENCE MATRIX_DIAG QUANTIZE MATRIX_SET_DIAG ROUND HARD_SWISH IF WHILE
NON_MAX_SUPPRESSION_V4 NON_MAX_SUPPRESSION_V5 SCATTER_ND SELECT_V2 DENSIFY SEGMENT_SUM
BATCH_MATMUL PLACEHOLDER_FOR_GREATER_OP_CODES CUMSUM CALL_ONCE BROADCAST_TO RFFT2D CONV_3D IMAG
REAL COMPLEX_ABS HASHTABLE HASHTABLE_FIND HASHTABLE_IMPORT HASHTABLE_SIZE REDUCE_ALL
CONV_3D_TRANSPOSE VAR_HANDLE READ_VARIABLE ASSIGN_VARIABLE BROADCAST_ARGS RANDOM_STANDARD_NORMAL
BUCKETIZE RANDOM_UNIFORM MULTINOMIAL GELU DYNAMIC_UPDATE_SLICE RELU_0_TO_1 UNSORTED_SEGMENT_PROD
UNSORTED_SEGMENT_MAX UNSORTED_SEGMENT_SUM ATAN2 UNSORTED_SEGMENT_MIN SIGN BITCAST BITWISE_XOR
RIGHT_SHIFT STABLEHLO_LOGISTIC STABLEHLO_ADD STABLEHLO_DIVIDE STABLEHLO_MULTIPLY
STABLEHLO_MAXIMUM STABLEHLO_RESHAPE STABLEHLO_CLAMP STABLEHLO_CONCATENATE
STABLEHLO_BROADCAST_IN_DIM STABLEHLO_CONVOLUTION STABLEHLO_SLICE STABLEHLO_CUSTOM_CALL
STABLEHLO_REDUCE STABLEHLO_ABS STABLEHLO_AND STABLEHLO_COSINE STABLEHLO_EXPONENTIAL
STABLEHLO_FLOOR STABLEHLO_LOG STABLEHLO_MINIMUM STABLEHLO_NEGATE STABLEHLO_OR STABLEHLO_POWER
STABLEHLO_REMAINDER STABLEHLO_RSQRT STABLEHLO_SELECT STABLEHLO_SUBTRACT STABLEHLO_TANH
STABLEHLO_SCATTER STABLEHLO_COMPARE STABLEHLO_CONVERT STABLEHLO_DYNAMIC_SLICE
STABLEHLO_DYNAMIC_UPDATE_SLICE STABLEHLO_PAD STABLEHLO_IOTA STABLEHLO_DOT_GENERAL
STABLEHLO_REDUCE_WINDOW STABLEHLO_SORT STABLEHLO_WHILE STABLEHLO_GATHER STABLEHLO_TRANSPOSE
DILATE STABLEHLO_RNG_BIT_GENERATOR REDUCE_WINDOW STABLEHLO_COMPOSITE STABLEHLO_SHIFT_LEFT
STABLEHLO_CBRT STABLEHLO_CASE
`}

// words are names parted by spaces, taken apart when they are first needed.
type words struct {
	text  string
	once  sync.Once
	parts []string
}

func (w *words) list() []string {
	w.once.Do(func() { w.parts = strings.Fields(w.text) })
	return w.parts
}
