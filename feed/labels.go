package feed

import (
	"bytes"
	"fmt"
	"os"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/formats/media"
)

// Labels returns the names of the classes of output i: those of the file at
// path, or, if path is empty, the model's own; nil if it has none.
func Labels(m *edgeinfer.Model, i int, path string) ([]string, error) {
	if path == "" {
		data, err := m.LabelFile(i)
		if err != nil || data == nil {
			return nil, err
		}
		return media.ReadLabels(bytes.NewReader(data), media.Limits{})
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, cause(err))
	}
	defer f.Close()
	labels, err := media.ReadLabels(f, media.Limits{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return labels, nil
}
