package network

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDocuments holds that docs/training.md has each word of a description.
func TestDocuments(t *testing.T) {
	text, err := os.ReadFile("../../docs/training.md")
	require.NoError(t, err)
	words := slices.Concat(slices.Collect(maps.Keys(kinds())), activationNames(), slices.Collect(maps.Keys(initializers())),
		slices.Collect(maps.Keys(optimizers())), losses, slices.Collect(maps.Keys(augmenters())), slices.Collect(maps.Keys(resizes())), metricNames)
	for _, w := range words {
		if !strings.HasPrefix(w, "top_") { // top_K
			assert.Regexp(t, "`[^`]*\\b"+w+"\\b[^`]*`", string(text))
		}
	}
	for kind, k := range kinds() { // and each key of each layer
		r := &reader{words: map[string]int{}}
		f := r.fields(r.parse([]byte("{none: 1}")), kind)
		k.make(f)
		for _, key := range f.asked {
			assert.Contains(t, string(text), "`"+key+"`", kind)
		}
	}
}
