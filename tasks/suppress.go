package tasks

import (
	"sort"
)

// Suppression is greedy non-maximum suppression: from the best score down, a
// box is kept unless it overlaps one that was kept before.
type Suppression struct {
	// IoU is the overlap beyond which a box is dropped; at 1 all are kept.
	IoU float32
	// Agnostic compares boxes of different classes as well.
	Agnostic bool
	// Candidates bounds how many boxes are compared, the best ones; the work
	// grows with its square. 0 means 5000.
	Candidates int
	// Top bounds how many boxes are kept; 0 means all.
	Top int
}

const defaultCandidates = 5000

// Apply returns the boxes that are kept, the best first, of equal ones the
// first first. Boxes with a number that is infinite or NaN are dropped.
func (s Suppression) Apply(boxes []Box) []Box {
	boxes = best(boxes)
	limit := s.Candidates
	if limit <= 0 {
		limit = defaultCandidates
	}
	boxes = boxes[:min(limit, len(boxes))]
	var kept []Box
	for i := range boxes {
		if s.Top > 0 && len(kept) == s.Top {
			break
		}
		if !s.covered(&boxes[i], kept) {
			kept = append(kept, boxes[i])
		}
	}
	return kept
}

func (s Suppression) covered(b *Box, kept []Box) bool {
	for i := range kept {
		k := &kept[i]
		if (s.Agnostic || k.Class == b.Class) && IoU(k, b) > float64(s.IoU) {
			return true
		}
	}
	return false
}

// best returns the boxes whose numbers are finite, highest score first.
func best(boxes []Box) []Box {
	out := make([]Box, 0, len(boxes))
	for _, b := range boxes {
		if b.finite() {
			out = append(out, b)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Score > out[j].Score })
	return out
}
