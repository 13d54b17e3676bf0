package tasks

// Grid is a layer of anchors: each cell of Rows×Cols has one anchor of each
// size, around its centre. Cells are in row order.
type Grid struct {
	Rows, Cols int
	Sizes      []AnchorSize
}

// AnchorSize is the width and height of an anchor as parts of the input.
type AnchorSize struct{ W, H float32 }

// maxAnchors bounds how many anchors a declaration makes.
const maxAnchors = 1 << 18

// GridAnchors returns the anchors of grids, one after the other.
func GridAnchors(grids ...Grid) []Anchor {
	var out []Anchor
	for _, g := range grids {
		for y := range g.Rows {
			for x := range g.Cols {
				for _, s := range g.Sizes {
					out = append(out, Anchor{
						(float32(x) + 0.5) / float32(g.Cols), (float32(y) + 0.5) / float32(g.Rows), s.W, s.H,
					})
				}
			}
		}
	}
	return out
}

// Scales describes the sizes of anchors as TensorFlow's object-detection
// pipelines do (ssd_anchor_generator): layer i of n has the scale
// Min + (Max-Min)·i/(n-1), an anchor of that scale for each ratio of width to
// height, and one of ratio 1 between this scale and the next.
type Scales struct {
	Min, Max float32
	Ratios   []float32
	// NoExtra leaves out the anchor between two scales.
	NoExtra bool
	// ReduceLowest gives layer 0 three anchors: a square of scale 0.1, and the
	// ratios 2 and 1/2.
	ReduceLowest bool
}

// Sizes returns the sizes of layer i of n: width = s·√ratio, height = s/√ratio.
func (s *Scales) Sizes(i, n int) []AnchorSize {
	scale, next := s.scale(i, n), s.scale(i+1, n)
	if i == 0 && s.ReduceLowest {
		return []AnchorSize{{0.1, 0.1}, sized(scale, 2), sized(scale, 0.5)}
	}
	var out []AnchorSize
	for _, r := range s.Ratios {
		out = append(out, sized(scale, r))
	}
	if !s.NoExtra {
		out = append(out, sized(sqrt(float32(scale*next)), 1))
	}
	return out
}

func (s *Scales) scale(i, n int) float32 {
	switch {
	case i == n:
		return 1
	case n < 2:
		return s.Min
	}
	return s.Min + float32((s.Max-s.Min)*float32(i))/float32(n-1)
}

func sized(scale, ratio float32) AnchorSize {
	root := sqrt(ratio)
	return AnchorSize{float32(scale * root), scale / root}
}

// PriorSizes returns the sizes of a layer of Caffe's PriorBox: a square of
// least, one of √(least·most) if most is not 0, and least at each ratio and its
// inverse. Sides are in pixels of the input.
func PriorSizes(least, most float32, ratios []float32, in Size) []AnchorSize {
	part := func(s AnchorSize) AnchorSize { return AnchorSize{s.W / float32(in.W), s.H / float32(in.H)} }
	out := []AnchorSize{part(AnchorSize{least, least})}
	if most > 0 {
		side := sqrt(float32(least * most))
		out = append(out, part(AnchorSize{side, side}))
	}
	for _, r := range ratios {
		if r != 1 {
			s := sized(least, r)
			out = append(out, part(s), part(AnchorSize{s.H, s.W}))
		}
	}
	return out
}

// BlazeFace returns the head of MediaPipe's face detectors: the one for short
// range, with an input of 128×128 and 896 anchors, or that for full range, of
// 192×192 and 2304; nil for other inputs. Anchors have the input's size.
func BlazeFace(in Size) *SSD {
	h := &SSD{Choice: Choice{Activation: Sigmoid}, Linear: true, Points: 6}
	one := AnchorSize{1, 1}
	switch in {
	case Size{128, 128}:
		h.Anchors = GridAnchors(Grid{16, 16, []AnchorSize{one, one}}, Grid{8, 8, []AnchorSize{one, one, one, one, one, one}})
	case Size{192, 192}:
		h.Anchors = GridAnchors(Grid{48, 48, []AnchorSize{one}})
	default:
		return nil
	}
	side := float32(in.W)
	h.Scale = [4]float32{side, side, side, side}
	return h
}
