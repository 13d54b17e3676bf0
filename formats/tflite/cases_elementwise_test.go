package tflite_test

var elementwiseCases = []opCase{}
