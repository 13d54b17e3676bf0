package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/feed"
	"github.com/edgeinfer/edgeinfer/formats/npy"
)

// maxValues is how many elements of an output are printed.
const maxValues = 1024

// result is what a run gave, for printing.
type result struct {
	Model   string   `json:"model"`
	Input   string   `json:"input,omitempty"`
	MS      float64  `json:"ms"`
	Kernels string   `json:"kernels"`
	Outputs []output `json:"outputs"`
	Dumped  []output `json:"dumped,omitempty"`
	Notes   []string `json:"notes,omitempty"`

	session *edgeinfer.Session
	dump    []string
}

type output struct {
	Name   string   `json:"name"`
	DType  string   `json:"dtype"`
	Shape  []int    `json:"shape"`
	File   string   `json:"file,omitempty"`
	Top    []score  `json:"top,omitempty"`
	Values []number `json:"values,omitempty"` // real ones; left out beyond maxValues
}

// score is a class and its output as a real number.
type score struct {
	Index int    `json:"index"`
	Label string `json:"label,omitempty"`
	Score number `json:"score"`
}

// number is a float32 that JSON can hold: NaN and infinities are null.
type number float32

func (n number) MarshalJSON() ([]byte, error) {
	if x := float64(n); math.IsNaN(x) || math.IsInf(x, 0) {
		return []byte("null"), nil
	}
	return strconv.AppendFloat(nil, float64(n), 'g', -1, 32), nil
}

func (n number) String() string { return strconv.FormatFloat(float64(n), 'g', 6, 32) }

func (r *runner) result(set *feed.Set, notes []string, ms float64) *result {
	res := &result{Model: r.model, Input: set.Name, MS: ms, Kernels: r.s.Plan().Kernels().Name, Notes: notes, session: r.s, dump: r.dump}
	top := r.top
	if top == 0 && r.labels != nil {
		top = 5
	}
	for j := range r.s.Outputs() {
		t := r.s.Output(j)
		o := output{Name: t.Name(), DType: t.DType().String(), Shape: append([]int{}, t.Shape()...)}
		if t.Len() <= maxValues {
			o.Values = numbers(t)
		}
		if j == 0 && top > 0 {
			o.Top = highest(scoresOf(t, r.labels), top, r.labels)
		}
		res.Outputs = append(res.Outputs, o)
	}
	return res
}

func numbers(t *edgeinfer.Tensor) []number {
	out := make([]number, 0, t.Len())
	for _, x := range t.AppendFloats(nil) {
		out = append(out, number(x))
	}
	return out
}

// highest returns the k highest scores, of equal ones the first first. NaN
// comes last.
func highest(x []number, k int, labels []string) []score {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch a, b := x[i], x[j]; {
		case a > b || a == a && b != b:
			return -1
		case a < b || a != a && b == b:
			return 1
		}
		return 0
	})
	var out []score
	for _, i := range order[:min(k, len(order))] {
		s := score{Index: i, Score: x[i]}
		if i < len(labels) {
			s.Label = labels[i]
		}
		out = append(out, s)
	}
	return out
}

// write writes the outputs, and what --dump names, into dir.
func (r *runner) write(dir string, res *result) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("%s: %w: give --out a folder that can be made", dir, cause(err))
	}
	for j := range res.Outputs {
		res.Outputs[j].File = filepath.Join(dir, fmt.Sprintf("output_%d.npy", j))
		if err := writeTensor(res.Outputs[j].File, r.s.Output(j)); err != nil {
			return err
		}
	}
	for _, name := range r.dump {
		t := r.s.Tensor(name)
		o := output{Name: t.Name(), DType: t.DType().String(), Shape: append([]int{}, t.Shape()...), File: filepath.Join(dir, fileName(name)+".npy")}
		if err := writeTensor(o.File, t); err != nil {
			return err
		}
		res.Dumped = append(res.Dumped, o)
	}
	return nil
}

// cause returns the part of a file error that doesn't repeat the path.
func cause(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

func writeTensor(path string, t *edgeinfer.Tensor) error {
	if t.DType() == edgeinfer.Int4 {
		return fmt.Errorf("%s: .npy has no int4: read tensor %q through the library", path, t.Name())
	}
	return npy.WriteFile(path, &npy.Array{DType: npy.DType(t.DType().String()), Shape: t.Shape(), Data: t.Bytes()})
}

// fileName makes a node's name one of a file: "#12" is op_12, and characters
// other than letters, digits and ._- become _.
func fileName(node string) string {
	if strings.HasPrefix(node, "#") {
		node = "op_" + node[1:]
	}
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r) {
			return r
		}
		return '_'
	}, node)
	return strings.TrimLeft(name[:min(len(name), 200)], ".")
}

func (res *result) print(w io.Writer) {
	for j, o := range res.Outputs {
		fmt.Fprintf(w, "output %d %q %s%v", j, o.Name, o.DType, o.Shape)
		if o.File != "" {
			fmt.Fprintf(w, " → %s", o.File)
		}
		fmt.Fprintln(w)
		if len(o.Top) > 0 {
			printScores(w, o.Top)
			continue
		}
		x := o.Values
		if x == nil {
			x = numbers(res.session.Output(j))
		}
		printValues(w, x)
	}
	for _, o := range res.Dumped {
		fmt.Fprintf(w, "node %q %s%v → %s\n", o.Name, o.DType, o.Shape, o.File)
	}
	fmt.Fprintf(w, "%.3f ms on %s kernels\n", res.MS, res.Kernels)
}

func printScores(w io.Writer, top []score) {
	table(w, func(w io.Writer) {
		for _, s := range top {
			fmt.Fprintf(w, "  %d\t%s\t%s\n", s.Index, s.Score, oneLine(s.Label))
		}
	})
}

// printValues prints few values in full, and the range of many.
func printValues(w io.Writer, x []number) {
	const few = 16
	if len(x) <= few {
		fmt.Fprintf(w, "  %v\n", x)
		return
	}
	lo, hi, sum := x[0], x[0], 0.0
	for _, v := range x {
		lo, hi = min(lo, v), max(hi, v)
		sum += float64(v)
	}
	fmt.Fprintf(w, "  %d elements, %s to %s, mean %.6g; highest at %d\n", len(x), lo, hi, sum/float64(len(x)), highest(x, 1, nil)[0].Index)
}
