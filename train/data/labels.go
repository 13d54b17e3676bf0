package data

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// labels are the texts of a column, each kept once.
type labels struct {
	names  []string // in the order in which they occur
	number map[string]int32
	of     []int32 // number of each row's
}

func (l *labels) add(name string) {
	k, ok := l.number[name]
	if !ok {
		if l.number == nil {
			l.number = map[string]int32{}
		}
		k = int32(len(l.names))
		name = string([]byte(name)) // the row it is cut from is reused
		l.number[name] = k
		l.names = append(l.names, name)
	}
	l.of = append(l.of, k)
}

// and returns the labels of two tables.
func (l *labels) and(m labels) labels {
	all := labels{slices.Clone(l.names), map[string]int32{}, slices.Clone(l.of)}
	for i, n := range l.names {
		all.number[n] = int32(i)
	}
	for _, k := range m.of {
		all.add(m.names[k])
	}
	return all
}

// maxGuessed is how many different whole numbers are still taken for classes.
const maxGuessed = 1000

// targets returns what each row's label stands for, and the names of classes; no
// names if labels are numbers. Labels are classes unless one is a fraction or
// Options say otherwise; they are sorted, by value if all are numbers.
func (l *labels) targets(o *Options) ([]float32, []string, error) {
	values, isNumbers := l.numbers()
	whole := isNumbers && !slices.ContainsFunc(values, func(v float64) bool { return v != math.Trunc(v) })
	switch {
	case o.Regression && !isNumbers:
		return nil, nil, fmt.Errorf("label %q is no finite number, as Regression needs: choose another column with Label", l.firstText())
	case o.Regression, isNumbers && !whole:
		return l.spread(func(k int) float32 { return float32(values[k]) }), nil, nil
	case o.Classes == nil && len(l.names) > maxGuessed && whole:
		return nil, nil, fmt.Errorf("%d different labels: are they numbers? say Regression, or choose another column with Label", len(l.names))
	case len(l.names) > maxClasses:
		return nil, nil, fmt.Errorf("%d different labels are more than %d classes: choose another column with Label", len(l.names), maxClasses)
	}
	names := l.names
	if whole { // 1.0 is 1
		names = make([]string, len(values))
		for k, v := range values {
			names[k] = strconv.FormatFloat(v, 'f', -1, 64)
		}
	}
	classes := o.Classes
	if classes == nil {
		classes = sorted(names, values, whole)
	}
	class := make([]float32, len(names))
	for k, name := range names {
		c := slices.Index(classes, name)
		if c < 0 && whole && values[k] >= 0 && values[k] < float64(len(classes)) {
			c = int(values[k])
		}
		if c < 0 {
			return nil, nil, fmt.Errorf("label %q is none of the classes %s", clip(name), listed(classes))
		}
		class[k] = float32(c)
	}
	return l.spread(func(k int) float32 { return class[k] }), classes, nil
}

// sorted returns names without repetition, by value if they are numbers.
func sorted(names []string, values []float64, numeric bool) []string {
	order := upTo(len(names))
	slices.SortStableFunc(order, func(a, b int) int {
		if numeric {
			return cmp.Compare(values[a], values[b])
		}
		return strings.Compare(names[a], names[b])
	})
	out := make([]string, len(names))
	for i, k := range order {
		out[i] = names[k]
	}
	return slices.Compact(out)
}

// spread returns a number for each row, from one for each label.
func (l *labels) spread(of func(k int) float32) []float32 {
	out := make([]float32, len(l.of))
	for i, k := range l.of {
		out[i] = of(int(k))
	}
	return out
}

// numbers returns the labels as numbers if all are.
func (l *labels) numbers() ([]float64, bool) {
	out := make([]float64, len(l.names))
	for i, n := range l.names {
		v, err := strconv.ParseFloat(n, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, false
		}
		out[i] = v
	}
	return out, true
}

func (l *labels) firstText() string {
	for _, n := range l.names {
		v, err := strconv.ParseFloat(n, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return clip(n)
		}
	}
	return ""
}
