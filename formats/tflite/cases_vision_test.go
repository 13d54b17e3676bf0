package tflite_test

var visionCases = []opCase{}
