package onnx_test

import (
	"bufio"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/internal/shareddata"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// update writes the list of node tests that fail anew.
var update = flag.Bool("update", false, "write testdata/failing.txt anew")

// match limits the node tests to those whose name contains this.
var match = flag.String("match", "", "run only node tests whose name contains `TEXT`")

// TestNodes runs ONNX's own operator tests. Those in testdata/failing.txt, each
// with its reason, are known to fail, and must be taken off when they pass.
func TestNodes(t *testing.T) {
	root := filepath.Join(shareddata.Shared(t), "onnx-node")
	known := failing(t)
	skip := skipped(t, filepath.Join(root, "skip.tsv"))
	var report []string
	passed, total := map[string]int{}, map[string]int{}
	for _, tier := range []string{"tier1", "tier2"} {
		for _, name := range lines(t, filepath.Join(root, tier+".txt")) {
			why := skip[name]
			if why != "" && !strings.HasPrefix(why, "TOLERANCE") || strings.HasPrefix(name, "light/") || !strings.Contains(name, *match) {
				continue
			}
			atol := 1e-7
			if why != "" {
				atol = 1e-3
			}
			total[tier]++
			err := runNode(filepath.Join(root, name), atol)
			switch {
			case err == nil && known[name] && !*update:
				t.Errorf("%s passes: take it off the list (-update)", name)
				passed[tier]++
			case err == nil:
				passed[tier]++
			case *update:
				report = append(report, name+"\t"+strings.ReplaceAll(firstLine(err.Error()), "\t", " "))
			case !known[name] || *match != "":
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	t.Logf("tier1: %d of %d, tier2: %d of %d", passed["tier1"], total["tier1"], passed["tier2"], total["tier2"])
	if *update {
		slices.Sort(report)
		require.NoError(t, os.WriteFile("testdata/failing.txt", []byte(strings.Join(append(report, ""), "\n")), 0o644))
	}
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s[:min(len(s), 200)]
}

func lines(t *testing.T, path string) (out []string) {
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if s.Text() != "" {
			out = append(out, s.Text())
		}
	}
	return out
}

func failing(t *testing.T) map[string]bool {
	m := map[string]bool{}
	for _, l := range lines(t, "testdata/failing.txt") {
		name, _, _ := strings.Cut(l, "\t")
		m[name] = true
	}
	return m
}

func skipped(t *testing.T, path string) map[string]string {
	m := map[string]string{}
	for _, l := range lines(t, path) {
		name, why, _ := strings.Cut(l, "\t")
		m[name] = why
	}
	return m
}

// runNode runs every data set of one test.
func runNode(dir string, atol float64) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	data, err := os.ReadFile(filepath.Join(dir, "model.onnx"))
	if err != nil {
		return err
	}
	m, err := onnx.Parse(data)
	if err != nil {
		return err
	}
	open, err := m.Declared()
	if err != nil {
		return err
	}
	sets, err := filepath.Glob(filepath.Join(dir, "test_data_set_*"))
	if err != nil || len(sets) == 0 {
		return fmt.Errorf("no data: %v", err)
	}
	for _, set := range sets {
		in, err := tensors(set, "input")
		if err != nil {
			return err
		}
		shapes := make([][]int, len(in))
		for i, v := range in {
			if i < len(open.In) && !open.Values[open.In[i]].Type.Static() {
				shapes[i] = v.Shape
			}
		}
		g, err := m.Build(shapes...)
		if err != nil {
			return err
		}
		if len(in) != len(g.In) {
			return fmt.Errorf("%d inputs for %d", len(in), len(g.In))
		}
		kernels, err := host.Best()
		if err != nil {
			return err
		}
		p, err := runtime.NewPlan(g, &kernels, runtime.Options{Shapes: shapes})
		if err != nil {
			return err
		}
		s, err := p.NewSession(1)
		if err != nil {
			return err
		}
		defer s.Close()
		for i, v := range in {
			if s.In(i).DType != v.DType {
				return fmt.Errorf("input %d is %s, and the test has %s", i, s.In(i).DType, v.DType)
			}
			if s.In(i).Len() != v.Len() {
				return fmt.Errorf("input %d is %v, and the test has %v", i, s.In(i).Shape, v.Shape)
			}
			copy(s.In(i).Data, v.Data)
		}
		if err := s.Run(); err != nil {
			return err
		}
		want, err := tensors(set, "output")
		if err != nil {
			return err
		}
		for i := range want {
			if err := close(&want[i], s.Out(i), atol); err != nil {
				return fmt.Errorf("output %d: %w", i, err)
			}
		}
	}
	return nil
}

// tensors reads PREFIX_0.pb, PREFIX_1.pb …
func tensors(dir, prefix string) (out []tensor.View, err error) {
	for i := 0; ; i++ {
		data, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("%s_%d.pb", prefix, i)))
		if os.IsNotExist(err) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		t, err := onnx.ParseTensor(data)
		if err != nil {
			return nil, err
		}
		v, err := onnx.View(t)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
}

// close compares as ONNX's own runner does: types and shapes exactly, floats
// within rtol 1e-3 and atol.
func close(want, got *tensor.View, atol float64) error {
	if want.DType != got.DType || !slices.Equal(want.Shape, got.Shape) {
		return fmt.Errorf("%s%v, want %s%v", got.DType, got.Shape, want.DType, want.Shape)
	}
	if !want.DType.Float() {
		if !slices.Equal(want.Data, got.Data[:want.Bytes()]) {
			return fmt.Errorf("%v, want %v", got.Data[:min(32, want.Bytes())], want.Data[:min(32, len(want.Data))])
		}
		return nil
	}
	for i := range want.Len() {
		w, g := real(want, i), real(got, i)
		if w == g || w != w && g != g {
			continue
		}
		if d := math.Abs(w - g); !(d <= atol+1e-3*math.Abs(w)) {
			return fmt.Errorf("element %d is %v, want %v", i, g, w)
		}
	}
	return nil
}

func real(v *tensor.View, i int) float64 {
	switch v.DType {
	case tensor.F32:
		return float64(v.F32()[i])
	case tensor.F64:
		return v.F64()[i]
	}
	return half(v.F16()[i])
}

// half returns the value of a float16.
func half(h uint16) float64 {
	sign, e, f := 1-2*float64(h>>15), int(h>>10&31), float64(h&1023)
	switch e {
	case 0:
		return sign * math.Ldexp(f, -24)
	case 31:
		if f != 0 {
			return math.NaN()
		}
		return sign * math.Inf(1)
	}
	return sign * math.Ldexp(1024+f, e-25)
}
