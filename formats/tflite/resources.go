package tflite

import "github.com/edgeinfer/edgeinfer/runtime/graph"

// resource is a variable that VAR_HANDLE names, shared by the sub-graphs. Its
// type is that of the first READ_VARIABLE or ASSIGN_VARIABLE.
type resource struct {
	name string
	v    *graph.Var
}
