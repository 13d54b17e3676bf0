package tflite_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/kernels/host"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// record names a command that runs a model on TensorFlow Lite Micro's
// reference kernels: COMMAND MODEL OUTDIR IN0 IN1 ... [-- IN0 ...]..., raw
// little-endian files, groups being consecutive runs; it writes OUTDIR/s/out_J.bin
// and a JSON line with the outputs' types and shapes for each run.
var record = flag.String("record", "", "record the operators' outputs anew with this `command`")

// opCase is a small model, made around one operator, and its inputs. The
// outputs that the reference gives are in testdata/ops/OP.txt.
type opCase struct {
	op, name string
	model    func(m *modeltest.Model)
	// fill makes the contents of input i at a step; nil, or a nil result, means random contents.
	fill  func(step, i int, t tensor.Type) []byte
	steps int     // runs on one session, which keeps its state; 0 means 1
	tol   float64 // float outputs may differ by tol·max|want|; 0 means 1e-6
	// want has the outputs of the last step, where the reference lacks the
	// operator or the type: elements as fmt prints them, outputs parted by "|".
	want string
	err  string // part of the error that loading, planning or running must give
}

func TestOperators(t *testing.T) {
	cases := slices.Concat(opCases...)
	byOp, seen := map[string][]opCase{}, map[string]bool{}
	for _, c := range cases {
		require.False(t, seen[c.op+c.name], "%s %q is there twice", c.op, c.name)
		seen[c.op+c.name] = true
		byOp[c.op] = append(byOp[c.op], c)
	}
	for name, cases := range byOp {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join("testdata", "ops", name+".txt")
			if *record != "" {
				recordCases(t, file, cases)
			}
			golden := readGolden(t, file)
			for _, c := range cases {
				t.Run(c.name, func(t *testing.T) { c.run(t, golden[c.name]) })
			}
		})
	}
}

// inputs returns the contents of all inputs at a step. They depend on nothing
// but the case.
func (c *opCase) inputs(step int, types []tensor.Type) [][]byte {
	h := fnv.New64a()
	fmt.Fprint(h, c.op, c.name, step)
	r := rand.New(rand.NewPCG(h.Sum64(), 1))
	in := make([][]byte, len(types))
	for i, t := range types {
		if c.fill != nil {
			in[i] = c.fill(step, i, t)
		}
		if in[i] == nil {
			in[i] = randomBytes(r, t)
		}
	}
	return in
}

func randomBytes(r *rand.Rand, t tensor.Type) []byte {
	n := t.Len()
	switch t.DType {
	case tensor.F32:
		x := make([]float32, n)
		for i := range x {
			x[i] = float32(r.IntN(1<<16)-1<<15) / 4096 // -8 to 8
		}
		return tensor.Bytes(x)
	case tensor.I32:
		x := make([]int32, n)
		for i := range x {
			x[i] = int32(r.IntN(201) - 100)
		}
		return tensor.Bytes(x)
	case tensor.I64:
		x := make([]int64, n)
		for i := range x {
			x[i] = int64(r.IntN(201) - 100)
		}
		return tensor.Bytes(x)
	}
	b := make([]byte, t.Bytes())
	for i := range b {
		b[i] = byte(r.Uint32())
		if t.DType == tensor.Bool {
			b[i] &= 1
		}
	}
	return b
}

func (c *opCase) bytes() []byte {
	m := modeltest.New()
	c.model(m)
	return m.Bytes()
}

// output is one output of the last step.
type output struct {
	typ   string // "int8[1 2]"
	bytes []byte
}

func (c *opCase) run(t *testing.T, golden []output) {
	for _, set := range host.Sets() {
		for _, threads := range []int{1, 3} {
			got, err := c.outputs(t, &set, threads)
			where := fmt.Sprintf("%s, %d threads", set.Name, threads)
			switch {
			case c.err != "":
				require.ErrorContains(t, err, c.err, where)
			case err != nil:
				require.NoError(t, err, where)
			case c.want != "":
				require.Equal(t, c.want, printed(got), where)
			default:
				require.NotNil(t, golden, "no recorded output: run with -record")
				c.compare(t, golden, got, where)
			}
		}
	}
}

// outputs runs the model on set.
func (c *opCase) outputs(t *testing.T, set *kernels.Set, threads int) ([]output, error) {
	f, err := tflite.Parse(c.bytes())
	if err != nil {
		return nil, err
	}
	g, err := f.Graph()
	if err != nil {
		return nil, err
	}
	p, err := runtime.NewPlan(g, set, runtime.Options{})
	if err != nil {
		return nil, err
	}
	s, err := p.NewSession(threads)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	types := make([]tensor.Type, len(g.In))
	for i := range types {
		types[i] = p.Graph().View(p.Graph().In[i]).Type
	}
	step := func(k int) error {
		for i, b := range c.inputs(k, types) {
			copy(s.In(i).Data, b)
		}
		return s.Run()
	}
	for k := range max(c.steps, 1) {
		if err := step(k); err != nil {
			return nil, err
		}
	}
	var out []output
	for i := range p.Graph().Out {
		v := s.Out(i)
		out = append(out, output{v.DType.String() + fmt.Sprint(v.Shape), bytes.Clone(v.Data)})
	}
	if set.Fused {
		c.checkRef(t, p, out)
	}
	if !strings.Contains(planText(p), "late") {
		again := c.inputs(max(c.steps, 1)-1, types) // the first run may have overwritten them
		allocs := 1.0
		for try := 0; try < 5 && allocs > 0; try++ { // other goroutines' allocations are counted too
			allocs = testing.AllocsPerRun(2, func() {
				for i, b := range again {
					copy(s.In(i).Data, b)
				}
				err = s.Run()
			})
		}
		require.NoError(t, err)
		require.Zero(t, allocs, "allocations in Run")
	}
	return out, nil
}

func planText(p *runtime.Plan) string {
	var b strings.Builder
	_ = p.Fprint(&b)
	return b.String()
}

// checkRef holds the operator's Ref against what the plan computed, where the
// plan is that one operator.
func (c *opCase) checkRef(t *testing.T, p *runtime.Plan, got []output) {
	g := p.Graph()
	if len(g.Nodes) != 1 || c.steps > 1 {
		return
	}
	n := g.Nodes[0]
	o, ok := n.Op.(op.Referenced)
	if !ok {
		return
	}
	f, err := tflite.Parse(c.bytes())
	require.NoError(t, err)
	full, err := f.Graph() // the plan may have dropped constants
	require.NoError(t, err)
	types := make([]tensor.Type, len(full.In))
	for i, v := range full.In {
		types[i] = full.Values[v].Type
	}
	contents := c.inputs(0, types)
	var in []tensor.View
	for _, v := range n.In {
		var view tensor.View
		if v >= 0 {
			info := g.Values[v]
			view = tensor.View{Type: info.Type}
			if info.Var != nil {
				view.Data = make([]byte, info.Type.Bytes())
				copy(view.Data, info.Var.Init)
			} else if i := slices.Index(g.In, v); i >= 0 {
				view.Data = contents[i]
			} else {
				for _, x := range full.Values {
					if x.Name == info.Name && x.Const != nil {
						view.Data = x.Const
					}
				}
			}
		}
		in = append(in, view)
	}
	outTypes, err := n.Op.Infer(in)
	require.NoError(t, err)
	out := make([]tensor.View, len(outTypes))
	for i, typ := range outTypes {
		out[i] = tensor.View{Type: typ, Data: tensor.Bytes(make([]uint64, typ.Bytes()/8+1))[:typ.Bytes()]}
	}
	require.NoError(t, o.Ref(in, out))
	for i, v := range g.Out {
		if k := slices.Index(n.Out, v); k >= 0 {
			require.Equal(t, got[i].bytes, out[k].Data, "Ref and the prepared operator differ in output %d", i)
		}
	}
}

func (c *opCase) compare(t *testing.T, want, got []output, where string) {
	require.Len(t, got, len(want), where)
	for i, w := range want {
		require.Equal(t, w.typ, got[i].typ, "%s: output %d", where, i)
		if !strings.HasPrefix(w.typ, "float32") {
			require.Equal(t, w.bytes, got[i].bytes, "%s: output %d", where, i)
			continue
		}
		require.Empty(t, floatDiff(tensor.Cast[float32](bytes.Clone(w.bytes)), tensor.Cast[float32](got[i].bytes), c.tol), "%s: output %d", where, i)
	}
}

func floatDiff(want, got []float32, tol float64) string {
	if tol == 0 {
		tol = 1e-6
	}
	most := 0.0
	for _, w := range want {
		if a := math.Abs(float64(w)); !math.IsInf(a, 0) {
			most = max(most, a)
		}
	}
	for i, w := range want {
		g := got[i]
		if w == g || w != w && g != g {
			continue
		}
		if d := math.Abs(float64(w) - float64(g)); !(d <= tol*most) {
			return fmt.Sprintf("element %d is %v, want %v", i, g, w)
		}
	}
	return ""
}

func printed(out []output) string {
	var parts []string
	for _, o := range out {
		typ, _, _ := strings.Cut(o.typ, "[")
		var s string
		switch b := bytes.Clone(o.bytes); typ {
		case "float32":
			s = fmt.Sprint(tensor.Cast[float32](b))
		case "int8":
			s = fmt.Sprint(tensor.Cast[int8](b))
		case "int16":
			s = fmt.Sprint(tensor.Cast[int16](b))
		case "int32":
			s = fmt.Sprint(tensor.Cast[int32](b))
		case "int64":
			s = fmt.Sprint(tensor.Cast[int64](b))
		case "uint32":
			s = fmt.Sprint(tensor.Cast[uint32](b))
		case "uint64":
			s = fmt.Sprint(tensor.Cast[uint64](b))
		default:
			s = fmt.Sprint(b)
		}
		parts = append(parts, o.typ+" "+s)
	}
	return strings.Join(parts, " | ")
}

// recordCases runs the reference on the cases that have no expectation of
// their own and writes file.
func recordCases(t *testing.T, file string, cases []opCase) {
	var b strings.Builder
	for _, c := range cases {
		if c.want != "" || c.err != "" {
			continue
		}
		out, err := c.reference(t)
		if err != nil {
			t.Errorf("%s %s: reference: %v", c.op, c.name, err)
			continue
		}
		for i, o := range out {
			fmt.Fprintf(&b, "%s\t%d\t%s\t%s\n", c.name, i, o.typ, hex.EncodeToString(o.bytes))
		}
	}
	if b.Len() > 0 {
		require.NoError(t, os.WriteFile(file, []byte(b.String()), 0o644))
	}
}

var referenceTypes = map[string]string{
	"FLOAT32": "float32", "INT8": "int8", "UINT8": "uint8", "INT16": "int16", "INT32": "int32", "INT64": "int64", "UINT64": "uint64", "BOOL": "bool", "UINT32": "uint32", "UINT16": "uint16",
}

// reference runs c on the command that -record names.
func (c *opCase) reference(t *testing.T) (out []output, err error) {
	dir := t.TempDir()
	model := filepath.Join(dir, "model.tflite")
	require.NoError(t, os.WriteFile(model, c.bytes(), 0o644))
	f, err := tflite.Parse(c.bytes())
	if err != nil {
		return nil, err
	}
	types := make([]tensor.Type, 0)
	for _, i := range f.Subgraphs[0].Inputs {
		x := f.Subgraphs[0].Tensors[i]
		typ := tensor.Type{DType: tflite.DType(x.Type)}
		for _, d := range x.Shape {
			typ.Shape = append(typ.Shape, int(d))
		}
		types = append(types, typ)
	}
	args := []string{model, dir}
	for k := range max(c.steps, 1) {
		if k > 0 {
			args = append(args, "--")
		}
		for i, b := range c.inputs(k, types) {
			name := filepath.Join(dir, fmt.Sprintf("in_%d_%d.bin", k, i))
			require.NoError(t, os.WriteFile(name, b, 0o644))
			args = append(args, name)
		}
	}
	cmd := exec.Command(*record, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, stderr.String())
	}
	lines := strings.Split(strings.TrimSpace(string(stdout)), "\n")
	var said struct {
		Outputs []struct {
			Type  string
			Shape []int
			File  string
		}
	}
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &said); err != nil {
		return nil, fmt.Errorf("%w: %s", err, lines[len(lines)-1])
	}
	for i, o := range said.Outputs {
		b, err := os.ReadFile(filepath.Join(dir, fmt.Sprint(max(c.steps, 1)-1), fmt.Sprintf("out_%d.bin", i)))
		if err != nil {
			return nil, err
		}
		typ := strings.ToUpper(o.Type)
		out = append(out, output{referenceTypes[typ] + fmt.Sprint(o.Shape), b})
	}
	return out, nil
}

func readGolden(t *testing.T, file string) map[string][]output {
	b, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return nil
	}
	require.NoError(t, err)
	golden := map[string][]output{}
	for line := range strings.Lines(string(b)) {
		f := strings.Split(strings.TrimRight(line, "\n"), "\t")
		require.Len(t, f, 4, "%s", file)
		data, err := hex.DecodeString(f[3])
		require.NoError(t, err)
		golden[f[0]] = append(golden[f[0]], output{f[2], data})
	}
	return golden
}
