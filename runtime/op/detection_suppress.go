package op

import (
	"slices"
	"unsafe"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// detector is a DetectionPostProcess with memory for one run.
type detector struct {
	o                  DetectionPostProcess
	n, classes, offset int // boxes; scores of one; where the first class is

	boxes []box
	kept  []detection // of one suppression, best first; those dropped have box -1
	best  []detection // of all
}

const (
	boxBytes       = int(unsafe.Sizeof(box{}))
	detectionBytes = int(unsafe.Sizeof(detection{}))
)

func (o *DetectionPostProcess) detector(boxes, scores *tensor.Type) detector {
	return detector{o: *o, n: boxes.Shape[1], classes: scores.Shape[2], offset: scores.Shape[2] - o.Classes}
}

// room is how many detections best may hold: those so far and one class's.
func (d *detector) room() int { return d.o.MaxDetections + d.n }

func (d *detector) scratch() int {
	return kernels.RoundUp(d.n*boxBytes, 64) + kernels.RoundUp(d.n*detectionBytes, 64) + d.room()*detectionBytes
}

// use divides scratch up.
func (d *detector) use(scratch []byte) {
	at := kernels.RoundUp(d.n*boxBytes, 64)
	d.boxes = carve[box](scratch, d.n)
	d.kept = carve[detection](scratch[at:], d.n)
	at += kernels.RoundUp(d.n*detectionBytes, 64)
	d.best = carve[detection](scratch[at:], d.room())
}

// carve returns the first n elements in b.
func carve[T box | detection](b []byte, n int) []T {
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), n)
}

// run detects.
func (d *detector) run(in, out []tensor.View) error {
	for i := range d.boxes {
		b := d.decode(&in[0], &in[2], i)
		if b.ymin >= b.ymax || b.xmin >= b.xmax {
			return dataf("box %d is empty: %v to %v, %v to %v", i, b.ymin, b.ymax, b.xmin, b.xmax)
		}
		d.boxes[i] = b
	}
	for i := range out {
		clear(out[i].Data)
	}
	if d.o.Regular {
		d.regular(&in[1], out)
	} else {
		d.fast(&in[1], out)
	}
	return nil
}

// score returns the score of a box for a class, counted without background.
func (d *detector) score(scores *tensor.View, box, class int) float32 {
	return realAt(scores, box*d.classes+d.offset+class)
}

// byScore orders detections best first; of equal ones the earlier box.
func byScore(a, b detection) int {
	switch {
	case a.score > b.score:
		return -1
	case a.score < b.score:
		return 1
	}
	return int(a.box) - int(b.box)
}

// suppress sorts the first n of kept and moves to the front those that overlap
// none before them by more than the threshold, limit at most.
func (d *detector) suppress(n, limit int) []detection {
	kept := d.kept[:n]
	slices.SortFunc(kept, byScore)
	chosen := 0
	for i := range kept {
		k := kept[i]
		if k.box < 0 {
			continue
		}
		if chosen == limit {
			break
		}
		for j := i + 1; j < n; j++ {
			if b := kept[j].box; b >= 0 && overlap(d.boxes[k.box], d.boxes[b]) > d.o.IoUThreshold {
				kept[j].box = -1
			}
		}
		kept[chosen] = k // chosen ≤ i
		chosen++
	}
	return kept[:chosen]
}

// regular suppresses class by class and keeps the best of all; of equal scores
// those that were found first.
func (d *detector) regular(scores *tensor.View, out []tensor.View) {
	found := 0
	for class := range d.o.Classes {
		n := 0
		for i := range d.boxes {
			if s := d.score(scores, i, class); s >= d.o.ScoreThreshold {
				d.kept[n] = detection{s, int32(i), int32(class)}
				n++
			}
		}
		found += copy(d.best[found:], d.suppress(n, d.o.PerClass))
		slices.SortFunc(d.best[:found], func(a, b detection) int {
			if a.score == b.score && a.class != b.class {
				return int(a.class) - int(b.class)
			}
			return byScore(a, b)
		})
		found = min(found, d.o.MaxDetections)
	}
	for i, b := range d.best[:found] {
		d.put(out, i, b)
	}
	out[3].F32()[0] = float32(found)
}

// fast suppresses by each box's best class; then each box that is left gives
// its best classes. Where those are several, the reference leaves gaps and
// writes past its outputs; what lies past is left out here.
func (d *detector) fast(scores *tensor.View, out []tensor.View) {
	n := 0
	for i := range d.boxes {
		if b := d.next(scores, detection{box: int32(i), class: -1}); b.score >= d.o.ScoreThreshold {
			d.kept[n] = b
			n++
		}
	}
	each, count := min(d.o.MaxClasses, d.o.Classes), 0
	for _, b := range d.suppress(n, d.o.MaxDetections) {
		b.class = -1
		for k := range each {
			b = d.next(scores, b)
			d.put(out, each*count+k, b)
			count++
		}
	}
	out[3].F32()[0] = float32(count)
}

// next returns the best class of a box that comes after the given one, by
// score and then by number; class -1 comes before all.
func (d *detector) next(scores *tensor.View, after detection) detection {
	best := detection{box: after.box, class: -1}
	for class := range int32(d.o.Classes) {
		s := d.score(scores, int(after.box), int(class))
		if after.class >= 0 && !(s < after.score || s == after.score && class > after.class) {
			continue
		}
		if best.class < 0 || s > best.score {
			best.score, best.class = s, class
		}
	}
	best.class = max(best.class, 0) // where a score is NaN
	return best
}

// put writes detection i, if the outputs have room for it.
func (d *detector) put(out []tensor.View, i int, b detection) {
	if i >= out[1].Len() {
		return
	}
	p := d.boxes[b.box]
	copy(out[0].F32()[4*i:], []float32{p.ymin, p.xmin, p.ymax, p.xmax})
	out[1].F32()[i] = float32(b.class)
	out[2].F32()[i] = b.score
}
