package tflite

import (
	"maps"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
)

// allRows returns how files spell operators: a row for each builtin operator,
// by the schema's name, and for each custom operator, by its own.
func allRows() map[string]row {
	all := map[string]row{}
	for _, family := range []map[string]row{
		convolutionRows(), arithmeticRows(), elementwiseRows(), shapeRows(), reductionRows(), recurrentRows(), controlRows(), signalRows(), visionRows(),
	} {
		maps.Copy(all, family)
	}
	return all
}

// plain is a row of an operator that has no options.
//
//go:noinline
func plain(o graph.Op) row {
	return func(*node) (graph.Op, error) { return o, nil }
}
