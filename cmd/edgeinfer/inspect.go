package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/draw"
	"github.com/edgeinfer/edgeinfer/feed"
	"github.com/edgeinfer/edgeinfer/runtime"
)

// inspectFlags are those of inspect.
type inspectFlags struct {
	html, svg string
	shapes    []string
}

func (a *app) newInspectCommand() *cobra.Command {
	var f inspectFlags
	cmd := &cobra.Command{
		Use:   "inspect MODEL",
		Short: "Show a model's operators, memory plan and kernels",
		Long: `Show what a model is made of and how it would run: inputs, outputs, operators, kernels,
multiply-accumulates, and where in memory each value lies; how many transposes remain of
a format's layout; and where a quantised model passes between integers and float, with the
reason: what lies between a DequantizeLinear and a QuantizeLinear that are not listed
computes on integers.

For a model with operators that are not supported it shows what it can, and exits with 4.`,
		Example: "  edgeinfer inspect model.tflite\n  edgeinfer inspect model.tflite --html model.html\n  edgeinfer inspect model.tflite --json | tail -1",
		Args:    args(cobra.ExactArgs(1)),
		RunE:    func(_ *cobra.Command, args []string) error { return a.inspect(args[0], &f) },
	}
	fs := cmd.Flags()
	fs.StringVar(&f.html, "html", "", "write a page with the graph and the memory plan to `FILE`; - is standard output")
	fs.StringVar(&f.svg, "svg", "", "write the same as a picture to `FILE`; - is standard output")
	fs.StringArrayVar(&f.shapes, "shape", nil, "resize an input: `NAME=1,96,96,3`")
	return cmd
}

func (a *app) inspect(path string, f *inspectFlags) error {
	m, o, err := a.load(path, f.shapes)
	if codeOf(err) == codeUnsupported {
		return a.inspectUnsupported(path, err)
	}
	if err != nil {
		return err
	}
	defer m.Close()
	given := o.Shapes
	o.Shapes = m.WithoutDynamic(o.Shapes)
	p, err := m.Plan(o)
	if err != nil {
		return guessed(m, given, invalid(err))
	}
	info := newInspection(path, m.Info())
	info.plan(p, a.threads)
	if info.Labels, err = feed.Labels(m, 0, ""); err != nil {
		return invalid(err)
	}
	if info.Symbols, err = feed.Symbols(m); err != nil {
		return invalid(err)
	}
	toStdout, err := a.drawings(path, p, f)
	switch {
	case err != nil:
		return err
	case a.json:
		return a.printJSON(info)
	case toStdout:
		return nil
	}
	return a.text(func(w io.Writer) { info.print(w, p) })
}

// inspectUnsupported shows what there is to show of a model that can't run.
func (a *app) inspectUnsupported(path string, cause error) error {
	file, err := edgeinfer.ReadInfo(path)
	if err != nil {
		return cause // nothing can be shown
	}
	info := newInspection(path, file)
	info.Unsupported = unsupportedIn(cause)
	info.Error = oneLine(cause.Error())
	if !a.json {
		if err := a.text(func(w io.Writer) { info.print(w, nil) }); err != nil {
			return err
		}
		return cause
	}
	a.printError(cause) // the line, before the object
	if err := a.printJSON(info); err != nil {
		return err
	}
	return said{cause}
}

// drawings writes what --html and --svg ask for.
func (a *app) drawings(path string, p *runtime.Plan, f *inspectFlags) (toStdout bool, err error) {
	for _, d := range []struct {
		to   string
		make func(io.Writer, *runtime.Plan, string) error
	}{{f.html, draw.HTML}, {f.svg, draw.SVG}} {
		if d.to == "" {
			continue
		}
		var text strings.Builder
		if err := d.make(&text, p, filepath.Base(path)); err != nil {
			return false, err
		}
		if d.to == "-" {
			toStdout = true
			if _, err := io.WriteString(a.stdout, text.String()); err != nil {
				return true, writing(err)
			}
			continue
		}
		if err := writeFile(d.to, []byte(text.String())); err != nil {
			return false, err
		}
	}
	return toStdout, nil
}

// inspection is what inspect knows of a model. Plan's part is zero if there is
// no plan.
type inspection struct {
	Model        string        `json:"model"`
	Format       string        `json:"format"`
	Description  string        `json:"description,omitempty"`
	FileBytes    int64         `json:"file_bytes"`
	Inputs       []tensorInfo  `json:"inputs"`
	Outputs      []tensorInfo  `json:"outputs"`
	Operators    []opCount     `json:"operators"`
	MACs         int64         `json:"macs"`
	WeightBytes  int64         `json:"weight_bytes"`
	ArenaBytes   int           `json:"arena_bytes"`
	BoundBytes   int           `json:"bound_bytes"`
	ScratchBytes int           `json:"scratch_bytes"`
	PackedBytes  int           `json:"packed_bytes"`
	StateBytes   int           `json:"state_bytes"`
	Kernels      string        `json:"kernels,omitempty"`
	Nodes        []nodeInfo    `json:"nodes"`
	Transposes   int           `json:"transposes"`
	Boundaries   []boundary    `json:"boundaries"`
	Subgraphs    int           `json:"subgraphs"`
	Signatures   []string      `json:"signatures,omitempty"`
	Files        []string      `json:"associated_files,omitempty"`
	Labels       []string      `json:"labels,omitempty"`  // names of classes
	Symbols      []string      `json:"symbols,omitempty"` // what the numbers of sequences stand for
	Unsupported  []unsupported `json:"unsupported"`
	Error        string        `json:"error,omitempty"`
}

type tensorInfo struct {
	Name  string    `json:"name"`
	DType string    `json:"dtype"`
	Shape []int     `json:"shape"`
	Scale []float32 `json:"scale,omitempty"`
	Zero  []int64   `json:"zero_point,omitempty"`
	Mean  []float32 `json:"mean,omitempty"`
	Std   []float32 `json:"std,omitempty"`
}

type opCount struct {
	Name    string `json:"name"`
	Version int32  `json:"version"`
	Count   int    `json:"count"`
}

// nodeInfo is a node of the plan. Offset is -1 where the first output lies
// outside the arena.
type nodeInfo struct {
	Index    int    `json:"index"`
	Operator int    `json:"operator"` // in the file
	Op       string `json:"op"`
	Label    string `json:"label"`
	Kernel   string `json:"kernel"`
	MACs     int64  `json:"macs"`
	DType    string `json:"dtype"`
	Shape    []int  `json:"shape"`
	Offset   int    `json:"offset"`
	Bytes    int    `json:"bytes"`
}

// boundary is where a quantised model passes between integers and float32.
type boundary struct {
	Operator int    `json:"operator"` // in the file
	Op       string `json:"op"`
	Name     string `json:"name"`
	Why      string `json:"why"`
}

// typeText describes an input: "x" int8[1 49 10 1].
func typeText(in edgeinfer.TensorInfo) string {
	return fmt.Sprintf("%q %s%v", in.Name, in.DType, in.Shape)
}
