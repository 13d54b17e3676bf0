package op

// Mover is implemented by operators whose outputs' elements are elements of
// input 0, of any type and value, chosen by their places alone: they do the same
// to numbers and to the integers that stand for them.
type Mover interface {
	// Moves reports whether the operator with these attributes is one.
	Moves() bool
}

func (*Transpose) Moves() bool       { return true }
func (*Reshape) Moves() bool         { return true }
func (*Flatten) Moves() bool         { return true }
func (*ExpandDims) Moves() bool      { return true }
func (*Squeeze) Moves() bool         { return true }
func (*Slice) Moves() bool           { return true }
func (*StridedSlice) Moves() bool    { return true }
func (*Split) Moves() bool           { return true }
func (*Gather) Moves() bool          { return true }
func (*GatherElements) Moves() bool  { return true }
func (*GatherND) Moves() bool        { return true }
func (*Tile) Moves() bool            { return true }
func (*BroadcastTo) Moves() bool     { return true }
func (*Reverse) Moves() bool         { return true }
func (*ReverseSequence) Moves() bool { return true }
func (*DepthToSpace) Moves() bool    { return true }
func (*SpaceToDepth) Moves() bool    { return true }
func (*PixelShuffle) Moves() bool    { return true }

// Moves is true of borders that repeat what is there.
func (o *PadSides) Moves() bool { return o.Border != BorderConstant }

// Moves is true where neighbours are taken as they are.
func (o *Resize) Moves() bool { return o.Mode == ResizeNearest && o.Coordinates != TFCropAndResize }
