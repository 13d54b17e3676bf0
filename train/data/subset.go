package data

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// subset is chosen samples of another set.
type subset struct {
	Set
	index []int
}

// Subset returns the samples with the given numbers, in that order. The set keeps
// indices. A number outside the set makes Read fail.
func Subset(s Set, indices []int) Set {
	if inner, ok := s.(*subset); ok { // keep chains short
		index := make([]int, len(indices))
		for k, i := range indices {
			index[k] = -1
			if i >= 0 && i < len(inner.index) {
				index[k] = inner.index[i]
			}
		}
		return &subset{inner.Set, index}
	}
	return &subset{s, indices}
}

func (s *subset) Len() int { return len(s.index) }

func (s *subset) Read(i int, x, y []float32) error {
	if i < 0 || i >= len(s.index) {
		return fmt.Errorf("sample %d is not within the set's %d", i, len(s.index))
	}
	return s.Set.Read(s.index[i], x, y)
}

func (s *subset) readTarget(i int, y []float32) error {
	if t, ok := s.Set.(targeted); ok {
		return t.readTarget(s.index[i], y)
	}
	return s.Set.Read(s.index[i], make([]float32, count(s.Shape())), y)
}

func (s *subset) Name(i int) string { return s.Set.Name(s.index[i]) }

func (s *subset) Group(i int) string { return GroupOf(s.Set, s.index[i]) }

// Limit returns the first n samples, all if there are fewer.
func Limit(s Set, n int) Set {
	if n >= s.Len() {
		return s
	}
	return Subset(s, upTo(max(n, 0)))
}

// Sample returns n samples, all if there are fewer: the first ones, or, where these
// lack a class that the set has, such as in folders of one class after the other,
// some from all over the set.
func Sample(s Set, n int) (Set, error) {
	first := Limit(s, n)
	if n >= s.Len() || n < 1 || s.Classes() == nil || s.TargetShape() != nil {
		return first, nil
	}
	seen, x, y := map[float32]bool{}, make([]float32, count(s.Shape())), make([]float32, 1)
	for i := range s.Len() {
		if err := readTarget(s, i, x, y); err != nil {
			return nil, err
		}
		if i < n {
			seen[y[0]] = true
		} else if !seen[y[0]] {
			spread := upTo(n)
			for k := range spread {
				spread[k] = int(int64(k) * int64(s.Len()) / int64(n))
			}
			return Subset(s, spread), nil
		}
	}
	return first, nil
}

func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

// Split returns a part of the samples as second, drawn by seed, and the others as
// first, both in the set's order. fraction is within 0 to 1; the part is rounded up.
// Of a set with groups, each is in one part only: the second has as many of them as
// come closest to fraction, but one at least, and leaves one at least.
func Split(s Set, fraction float64, seed uint64) (first, second Set) {
	if groups := Groups(s); len(groups) > 1 && fraction > 0 && fraction < 1 {
		return splitGroups(s, groups, fraction, seed)
	}
	order := shuffled(s.Len(), seed)
	n := s.Len() - part(s.Len(), fraction)
	a, b := order[:n], order[n:]
	slices.Sort(a)
	slices.Sort(b)
	return Subset(s, a), Subset(s, b)
}

// shuffled returns the numbers below n in an order that seed decides.
func shuffled(n int, seed uint64) []int {
	order := upTo(n)
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(mix(seed, uint64(a)), mix(seed, uint64(b))) })
	return order
}

func splitGroups(s Set, groups []string, fraction float64, seed uint64) (first, second Set) {
	members := map[string][]int{}
	for i := range s.Len() {
		g := GroupOf(s, i)
		members[g] = append(members[g], i)
	}
	want := fraction * float64(s.Len())
	var held []int
	for k, g := range shuffled(len(groups), seed)[:len(groups)-1] {
		with := len(held) + len(members[groups[g]])
		if k > 0 && math.Abs(float64(with)-want) > math.Abs(float64(len(held))-want) {
			break
		}
		held = append(held, members[groups[g]]...)
	}
	slices.Sort(held)
	rest := slices.DeleteFunc(upTo(s.Len()), func(i int) bool {
		_, found := slices.BinarySearch(held, i)
		return found
	})
	return Subset(s, rest), Subset(s, held)
}

// part returns a fraction of n, rounded up; rounding errors of the product don't
// count.
func part(n int, fraction float64) int {
	return min(n, max(0, int(math.Ceil(float64(n)*fraction-1e-9))))
}

// mix returns a random number for a seed and a counter (SplitMix64's finaliser:
// Steele, Lea, Flood 2014).
func mix(seed, counter uint64) uint64 {
	z := seed + (counter+1)*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// SplitBy returns the samples of the named groups as second, the others as first.
func SplitBy(s Set, groups ...string) (first, second Set, err error) {
	var parts [2][]int
	seen := map[string]bool{}
	for i := range s.Len() {
		g := GroupOf(s, i)
		seen[g] = true
		if slices.Contains(groups, g) {
			parts[1] = append(parts[1], i)
		} else {
			parts[0] = append(parts[0], i)
		}
	}
	for _, g := range groups {
		if !seen[g] {
			return nil, nil, fmt.Errorf("no sample is of group %q: the set has %s", g, listed(Groups(s)))
		}
	}
	if len(parts[0]) == 0 {
		return nil, nil, errors.New("these groups have all the samples: leave one out")
	}
	return Subset(s, parts[0]), Subset(s, parts[1]), nil
}

// Groups returns the names of a set's groups in the order in which they occur.
func Groups(s Set) []string {
	var out []string
	seen := map[string]bool{"": true}
	for i := range s.Len() {
		if g := GroupOf(s, i); !seen[g] {
			seen[g] = true
			out = append(out, g)
		}
	}
	return out
}
