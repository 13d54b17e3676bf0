package tflite_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
)

// TestEveryOperatorHasCases lists the operators that nothing holds against an
// expectation.
func TestEveryOperatorHasCases(t *testing.T) {
	held := map[string]bool{}
	for _, c := range slices.Concat(opCases...) {
		if c.err == "" {
			held[c.op] = true
		}
	}
	var without []string
	for _, name := range tflite.RowNames() {
		if !held[name] {
			without = append(without, name)
		}
	}
	require.Empty(t, without, "operators without a case")
}
