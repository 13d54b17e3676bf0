package tasks

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

func (h *SSD) keys(s *Spec) []key {
	return append(h.Choice.keys(s), order(&h.YX), flag("linear", &h.Linear), whole("points", 0, 1000, &h.Points),
		key{"scale", func(n *yaml.Node) error {
			return tuple(n, "scale", 1e-6, 1e6, &h.Scale[0], &h.Scale[1], &h.Scale[2], &h.Scale[3])
		}},
		key{"variance", func(n *yaml.Node) error {
			var v [4]float32
			err := tuple(n, "variance", 1e-6, 1e6, &v[0], &v[1], &v[2], &v[3])
			for i := range v {
				h.Scale[i] = 1 / v[i]
			}
			return err
		}},
		key{"anchors", func(n *yaml.Node) (err error) {
			h.Anchors, err = readAnchors(n, Size{s.Input.Width, s.Input.Height})
			return err
		}},
	)
}

func (h *SSD) complete() error {
	if len(h.Anchors) == 0 {
		return fmt.Errorf("anchors are missing: write anchors: {list: [[x, y, w, h], …]} or {grids: [{rows: 19, cols: 19, sizes: [[w, h], …]}, …]}")
	}
	return nil
}

// readAnchors reads a list, or grids.
func readAnchors(n *yaml.Node, in Size) ([]Anchor, error) {
	var out []Anchor
	var grids []Grid
	var scales *Scales
	err := readObject(n, "anchors",
		list("list", "[x, y, w, h]", func(n *yaml.Node) error {
			var a Anchor
			err := tuple(n, "list", -1e6, 1e6, &a.X, &a.Y, &a.W, &a.H)
			out = append(out, a)
			return err
		}),
		key{"scales", func(n *yaml.Node) error {
			scales = &Scales{Min: 0.2, Max: 0.95}
			extra := true
			err := readObject(n, "scales", real("min", 1e-6, 10, &scales.Min), real("max", 1e-6, 10, &scales.Max),
				numbers("ratios", 1e-3, 1e3, &scales.Ratios), flag("extra", &extra), flag("reduce-lowest", &scales.ReduceLowest))
			scales.NoExtra = !extra
			return err
		}},
		list("grids", "objects with rows, cols and sizes", func(n *yaml.Node) error {
			g, err := readGrid(n, in)
			grids = append(grids, g)
			return err
		}),
	)
	if err != nil {
		return nil, err
	}
	total := int64(len(out))
	for i := range grids {
		if scales != nil {
			grids[i].Sizes = append(scales.Sizes(i, len(grids)), grids[i].Sizes...)
		}
		if len(grids[i].Sizes) == 0 {
			return nil, at(n, "grid %d has no sizes: give it sizes or least, or give all grids scales", i)
		}
		if total += int64(grids[i].Rows) * int64(grids[i].Cols) * int64(len(grids[i].Sizes)); total > maxAnchors {
			return nil, at(n, "more than %d anchors", maxAnchors)
		}
	}
	return append(out, GridAnchors(grids...)...), nil
}

// readGrid reads a grid with sizes, as parts of the input, or with those of
// Caffe's PriorBox, in pixels.
func readGrid(n *yaml.Node, in Size) (g Grid, err error) {
	const maxCells = 1 << 9
	var least, most float32
	var ratios []float32
	err = readObject(n, "a grid", whole("rows", 1, maxCells, &g.Rows), whole("cols", 1, maxCells, &g.Cols),
		list("sizes", "[width, height]", func(n *yaml.Node) error {
			var s AnchorSize
			err := tuple(n, "sizes", 0, 1e6, &s.W, &s.H)
			g.Sizes = append(g.Sizes, s)
			return err
		}),
		real("least", 0, maxSide, &least), real("most", 0, maxSide, &most), numbers("ratios", 1e-3, 1e3, &ratios),
	)
	switch {
	case err != nil:
		return g, err
	case g.Rows == 0 || g.Cols == 0:
		return g, at(n, "a grid wants rows and cols")
	case least > 0 && in.W == 0:
		return g, at(n, "least is in pixels of the input: declare its width and height as well")
	case least > 0:
		g.Sizes = append(g.Sizes, PriorSizes(least, most, ratios, in)...)
	}
	return g, nil
}
