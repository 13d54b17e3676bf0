package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/edgeinfer/edgeinfer"
)

// guessed says how to give the sizes that an error may come of: the model leaves
// dimensions open, given has no shapes of these inputs, and so they were taken as 1.
func guessed(m *edgeinfer.Model, given map[string][]int, err error) error {
	if err == nil || is[*edgeinfer.LimitError](err) || codeOf(err) == codeInterrupted {
		return err
	}
	var open []edgeinfer.TensorInfo
	for _, in := range m.Inputs() {
		if given[in.Name] == nil && slices.Contains(in.Shape, -1) {
			open = append(open, in)
		}
	}
	if len(open) == 0 {
		return err
	}
	list := make([]string, len(open))
	for i, in := range open {
		list[i] = fmt.Sprintf("%q %s[%s]", in.Name, in.DType, openShape(in))
	}
	example := strings.Join(slices.Repeat([]string{"N"}, len(open[0].Shape)), ",")
	return fmt.Errorf("%w: open dimensions were taken as 1, of the inputs %s: give sizes that fit with --shape %s=%s", err, strings.Join(list, ", "), open[0].Name, example)
}

// openShape is a shape with the names of its open dimensions.
func openShape(in edgeinfer.TensorInfo) string {
	dims := make([]string, len(in.Shape))
	for i, d := range in.Shape {
		switch {
		case d != -1:
			dims[i] = strconv.Itoa(d)
		case i < len(in.Dims) && in.Dims[i] != "":
			dims[i] = in.Dims[i]
		default:
			dims[i] = "?"
		}
	}
	return strings.Join(dims, " ")
}
