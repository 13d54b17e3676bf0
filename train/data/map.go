package data

import "sync"

// Transform turns a sample into another of a shape that depends on the first's
// alone. The same sample always gives the same result: front-ends do, augmentation
// doesn't and is a matter of the trainer.
type Transform interface {
	// Shape returns the result's shape for samples of shape in, or why there is none.
	Shape(in []int) ([]int, error)
	// Scratch is how many numbers Apply needs in between.
	Scratch(in []int) int
	// Apply fills out from a sample. Several goroutines may call it, each with
	// scratch of its own.
	Apply(out, in []float32, scratch []float64)
}

// mapped is a set of transformed samples.
type mapped struct {
	Set
	f     Transform
	shape []int
	room  sync.Pool // of *mapRoom
}

// mapRoom is what one Read needs.
type mapRoom struct {
	sample  []float32
	scratch []float64
}

// Map returns the set of transformed samples, which are made when they are read.
func Map(s Set, f Transform) (Set, error) {
	shape, err := f.Shape(s.Shape())
	if err == nil {
		err = checkShape(shape)
	}
	if err != nil {
		return nil, err
	}
	m := &mapped{Set: s, f: f, shape: shape}
	n, scratch := count(s.Shape()), f.Scratch(s.Shape())
	m.room.New = func() any { return &mapRoom{make([]float32, n), make([]float64, scratch)} }
	return m, nil
}

func (m *mapped) Shape() []int { return m.shape }

func (m *mapped) Read(i int, x, y []float32) error {
	if err := checkRead(m, i, x, y); err != nil {
		return err
	}
	room := m.room.Get().(*mapRoom)
	defer m.room.Put(room)
	if err := m.Set.Read(i, room.sample, y); err != nil {
		return err
	}
	m.f.Apply(x, room.sample, room.scratch)
	return nil
}

func (m *mapped) readTarget(i int, y []float32) error {
	if t, ok := m.Set.(targeted); ok {
		return t.readTarget(i, y)
	}
	return m.Set.Read(i, make([]float32, count(m.Set.Shape())), y)
}

func (m *mapped) Group(i int) string { return GroupOf(m.Set, i) }
