package tflite_test

// opCases are the cases of every family of operators.
var opCases = [][]opCase{
	convolutionCases, arithmeticCases, elementwiseCases, shapeCases, reductionCases, recurrentCases, signalCases, bankCases, visionCases,
}
