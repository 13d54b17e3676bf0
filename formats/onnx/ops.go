package onnx

import (
	"maps"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
)

// allRows returns how files spell operators, by name; those of other domains
// than ai.onnx have it before the name: "com.microsoft.QLinearAdd".
func allRows() map[string]row {
	all := map[string]row{}
	for _, family := range []map[string]row{
		binaryRows(), unaryRows(), activationRows(), conversionRows(), convolutionRows(), shapeRows(), reductionRows(), matrixRows(), recurrentRows(), signalRows(),
		quantisedRows(), integerConvRows(), integerMatMulRows(), controlRows(), sequenceRows(), visionRows(), mlRows(), randomRows(),
	} {
		maps.Copy(all, family)
	}
	for _, family := range []map[string]row{microsoftQuantisedRows(), microsoftAttentionRows(), microsoftFusedRows()} {
		for name, r := range family {
			all["com.microsoft."+name] = r
		}
	}
	return all
}

// plain is a row of an operator without attributes.
//
//go:noinline
func plain(o graph.Op) row {
	return func(*node) (graph.Op, error) { return o, nil }
}
