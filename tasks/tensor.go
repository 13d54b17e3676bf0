package tasks

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Tensor is an output of a model, as real numbers in C order.
type Tensor struct {
	Name  string
	Shape []int
	Data  []float32
}

// check makes sure that Data has what Shape says.
func (t *Tensor) check() error {
	n := 1
	for _, d := range t.Shape {
		if d < 0 || d > 0 && n > len(t.Data)/d {
			n = -1
			break
		}
		n *= d
	}
	if n != len(t.Data) {
		return fmt.Errorf("output %q: shape %v does not hold %d numbers", t.Name, t.Shape, len(t.Data))
	}
	return nil
}

// dims returns the last rank dimensions, if all before them are 1.
func (t *Tensor) dims(rank int) ([]int, bool) {
	at := len(t.Shape) - rank
	if at < 0 {
		return nil, false
	}
	return t.Shape[at:], !slices.ContainsFunc(t.Shape[:at], func(d int) bool { return d != 1 })
}

// is reports whether the last dimensions are those wanted, and all before them
// 1; 0 stands for any.
func (t *Tensor) is(want ...int) bool {
	d, ok := t.dims(len(want))
	for i := range d {
		ok = ok && (want[i] == 0 || want[i] == d[i])
	}
	return ok
}

func (t *Tensor) String() string { return fmt.Sprintf("%q %v", t.Name, t.Shape) }

// Outputs are what a model gave. Names says which output plays a role, where
// names and shapes alone don't: "boxes": "StatefulPartitionedCall:1".
type Outputs struct {
	Tensors []Tensor
	Names   map[string]string
}

// check looks at all tensors and declared names.
func (o *Outputs) check() error {
	for i := range o.Tensors {
		if err := o.Tensors[i].check(); err != nil {
			return err
		}
	}
	for _, role := range sortedKeys(o.Names) {
		if o.named(o.Names[role]) == nil {
			return fmt.Errorf("outputs: %s: there is no output %q: the outputs are %s", role, o.Names[role], o)
		}
	}
	return nil
}

func (o *Outputs) named(name string) *Tensor {
	i := slices.IndexFunc(o.Tensors, func(t Tensor) bool { return t.Name == name })
	if i < 0 {
		return nil
	}
	return &o.Tensors[i]
}

// pick returns the output that plays a role: the declared one, one of the
// role's own name, or the first that fits and is none of those taken. want says
// in an error what would fit.
func (o *Outputs) pick(head, role, want string, fits func(*Tensor) bool, taken ...*Tensor) (*Tensor, error) {
	name, declared := o.Names[role]
	if !declared {
		name = role
	}
	if t := o.named(name); t != nil && (declared || fits(t)) {
		if !fits(t) {
			return nil, fmt.Errorf("output %s: head %s wants %s %s: declare another head, or other outputs", t, head, role, want)
		}
		return t, nil
	}
	for i := range o.Tensors {
		if t := &o.Tensors[i]; fits(t) && !slices.Contains(taken, t) {
			return t, nil
		}
	}
	return nil, fmt.Errorf("head %s wants an output of %s %s: the outputs are %s: declare another head, or name the outputs", head, role, want, o)
}

func (o *Outputs) String() string {
	var s []string
	for i := range o.Tensors {
		s = append(s, o.Tensors[i].String())
	}
	return strings.Join(s, ", ")
}

// sole returns the output that a task of one output reads: the one declared as
// role, or the first.
func (o *Outputs) sole(role string) (*Tensor, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if name, ok := o.Names[role]; ok {
		return o.named(name), nil
	}
	if len(o.Tensors) == 0 {
		return nil, fmt.Errorf("the model has no outputs")
	}
	return &o.Tensors[0], nil
}

// shapeText writes a shape that is wanted, with letters for what is open.
func shapeText(dims ...any) string {
	s := "[1"
	for _, d := range dims {
		s += fmt.Sprintf(" %v", d)
	}
	return s + "]"
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
