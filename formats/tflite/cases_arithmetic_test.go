package tflite_test

var arithmeticCases = []opCase{}
