package tflite

import (
	"maps"
	"slices"
)

// RowNames returns the operators that files may spell.
func RowNames() []string { return slices.Sorted(maps.Keys(allRows())) }
