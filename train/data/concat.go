package data

import (
	"errors"
	"fmt"
	"sort"
)

// concat is sets one after the other.
type concat struct {
	Set   // the first: form and classes
	sets  []Set
	start []int // number of the first sample of each, and the end
}

// Concat joins sets of one shape with the same classes.
func Concat(sets ...Set) (Set, error) {
	if len(sets) == 0 {
		return nil, errors.New("no sets to join")
	}
	c := &concat{Set: sets[0], sets: sets, start: []int{0}}
	for k, s := range sets {
		if err := sameForm(sets[0], s); err != nil {
			return nil, fmt.Errorf("set %d: %w do not join: bring them to one form", k, err)
		}
		c.start = append(c.start, c.start[k]+s.Len())
	}
	return c, nil
}

func (c *concat) Len() int { return c.start[len(c.sets)] }

// at returns the set that holds sample i, and its number there.
func (c *concat) at(i int) (Set, int) {
	k := sort.SearchInts(c.start, i+1) - 1
	return c.sets[k], i - c.start[k]
}

func (c *concat) Read(i int, x, y []float32) error {
	if err := checkRead(c, i, x, y); err != nil {
		return err
	}
	s, k := c.at(i)
	return s.Read(k, x, y)
}

func (c *concat) readTarget(i int, y []float32) error {
	s, k := c.at(i)
	if t, ok := s.(targeted); ok {
		return t.readTarget(k, y)
	}
	return s.Read(k, make([]float32, count(s.Shape())), y)
}

func (c *concat) Name(i int) string {
	if i < 0 || i >= c.Len() {
		return fmt.Sprintf("sample %d", i)
	}
	s, k := c.at(i)
	return s.Name(k)
}

func (c *concat) Group(i int) string {
	s, k := c.at(i)
	return GroupOf(s, k)
}
