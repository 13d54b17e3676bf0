package onnx

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// elsewhere are operators that testdata/opsets.txt can't spell, with graphs or
// sequences: other tests have them.
var elsewhere = map[string]bool{
	"If": true, "Loop": true, "Scan": true, "Optional": true, "OptionalGetElement": true, "OptionalHasElement": true,
	"SequenceAt": true, "SequenceConstruct": true, "SequenceEmpty": true, "SequenceErase": true, "SequenceInsert": true, "SequenceLength": true,
	"SequenceMap": true, "SplitToSequence": true, "ConcatFromSequence": true, "ImageDecoder": true,
}

// TestRowsHaveOpsets says when an operator is missing from the table of opsets.
func TestRowsHaveOpsets(t *testing.T) {
	data, err := os.ReadFile("testdata/opsets.txt")
	require.NoError(t, err)
	listed := map[string]bool{}
	for line := range strings.Lines(string(data)) {
		name, _, _ := strings.Cut(line, " ")
		listed[name] = true
	}
	for name := range allRows() {
		if !strings.Contains(name, ".") && !elsewhere[name] {
			assert.True(t, listed[name], "%s is not in testdata/opsets.txt", name)
		}
	}
}
