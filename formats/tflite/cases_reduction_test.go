package tflite_test

var reductionCases = []opCase{}
