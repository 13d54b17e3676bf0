package tflite_test

var convolutionCases = []opCase{}
