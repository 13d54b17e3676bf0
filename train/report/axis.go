package report

import (
	"math"
	"strconv"
)

// axis maps values to pixels.
type axis struct {
	lo, hi   float64 // values
	from, to float64 // pixels of lo and hi
	log      bool
	ticks    []tick
}

type tick struct {
	at   float64
	text string
}

// at returns the pixel of a value.
func (a *axis) at(v float64) float64 {
	lo, hi := a.lo, a.hi
	if a.log {
		lo, hi, v = math.Log10(lo), math.Log10(hi), math.Log10(v)
	}
	return a.from + (v-lo)/(hi-lo)*(a.to-a.from)
}

// newAxis covers the values from lo to hi, on a log scale if that is asked for,
// with round ends and ticks at round values.
func newAxis(lo, hi, from, to float64, log bool) *axis {
	a := &axis{lo: lo, hi: hi, from: from, to: to, log: log}
	if log {
		a.decades()
	} else {
		a.steps()
	}
	return a
}

// steps makes about five ticks, 1, 2 or 5 times a power of ten apart.
func (a *axis) steps() {
	if !(a.hi-a.lo > 1e-9*max(math.Abs(a.hi), math.Abs(a.lo))) { // all the same
		d := max(math.Abs(a.hi)/10, 1e-6)
		a.lo, a.hi = a.lo-d, a.hi+d
	}
	raw := a.hi/5 - a.lo/5
	exp := math.Floor(math.Log10(raw))
	unit := math.Pow(10, exp)
	step := 10 * unit
	for _, k := range []float64{1, 2, 5} {
		if raw <= k*unit*1.0001 {
			step = k * unit
			break
		}
	}
	first, last := math.Floor(a.lo/step+1e-6), math.Ceil(a.hi/step-1e-6)
	a.lo, a.hi = first*step, last*step
	digits := max(0, int(-math.Floor(math.Log10(step)+1e-9)))
	for i := first; i <= last; i++ {
		a.ticks = append(a.ticks, tick{i * step, tickText(i*step, digits)})
	}
}

func tickText(v float64, digits int) string {
	if math.Abs(v) >= 1e6 || digits > 5 {
		return strconv.FormatFloat(v, 'g', 3, 64)
	}
	if s := strconv.FormatFloat(v, 'f', digits, 64); s != "-0" {
		return s
	}
	return "0"
}

// decades makes ticks at powers of ten, and between them if there are
// few. The ends are ticks.
func (a *axis) decades() {
	within := []float64{1}
	switch ratio := a.hi / a.lo; {
	case ratio <= 120:
		within = []float64{1, 2, 5}
	case ratio <= 1e4:
		within = []float64{1, 3}
	}
	var all []tick
	for e := math.Floor(math.Log10(a.lo)) - 1; e <= math.Ceil(math.Log10(a.hi))+1; e++ {
		for _, k := range within {
			v := k * math.Pow(10, e)
			all = append(all, tick{v, strconv.FormatFloat(v, 'g', 3, 64)})
		}
	}
	first, last := 0, len(all)-1
	for all[first+1].at <= a.lo*1.0001 {
		first++
	}
	for all[last-1].at >= a.hi*0.9999 {
		last--
	}
	a.lo, a.hi = all[first].at, all[last].at
	for i := first; i <= last; i += 1 + (last-first)/8 {
		a.ticks = append(a.ticks, all[i])
	}
}
