package tflite_test

var recurrentCases = []opCase{}
