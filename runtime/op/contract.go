package op

// Contractor is implemented by operators that multiply the rows of input 0 by a
// matrix, input 1.
type Contractor interface {
	// Contracts returns the axis of the matrix that goes with the last axis of
	// input 0, if there is one.
	Contracts() (axis int, ok bool)
}

// Contracts is about weights [n k].
func (*FullyConnected) Contracts() (axis int, ok bool) { return 1, true }

// Contracts is about [k n], or [n k] if that is stored transposed.
func (o *BatchMatMul) Contracts() (axis int, ok bool) {
	if o.AdjY {
		axis = 1
	}
	return axis, !o.AdjX
}

// Contracts is about [k n], or [n k] if that is stored transposed.
func (o *IntegerMatMul) Contracts() (axis int, ok bool) {
	if o.AdjY {
		axis = 1
	}
	return axis, true
}
