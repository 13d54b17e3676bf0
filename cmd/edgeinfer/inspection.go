package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/runtime"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
)

// newInspection collects what the file says.
func newInspection(path string, f *edgeinfer.Info) *inspection {
	in := &inspection{
		Model: path, Format: f.Format, Description: f.Description, FileBytes: f.Bytes, WeightBytes: f.WeightBytes, Subgraphs: f.Subgraphs,
		Inputs: tensors(f.Inputs), Outputs: tensors(f.Outputs), Signatures: f.Signatures, Files: f.Files,
		Nodes: []nodeInfo{}, Boundaries: []boundary{}, Unsupported: []unsupported{}, Operators: []opCount{},
	}
	for _, o := range f.Operators {
		in.Operators = append(in.Operators, opCount(o))
	}
	return in
}

func tensors(list []edgeinfer.FileTensor) []tensorInfo {
	out := []tensorInfo{}
	for _, t := range list {
		out = append(out, tensorInfo(t))
	}
	return out
}

// plan adds what the plan says.
func (in *inspection) plan(p *runtime.Plan, threads int) {
	mem := p.Memory()
	in.MACs, in.Kernels = p.MACs(), p.Kernels().Name
	in.ArenaBytes, in.BoundBytes, in.PackedBytes, in.StateBytes = mem.Arena, mem.Bound, mem.Packed, mem.Variables
	in.ScratchBytes = mem.Scratch + threads*mem.PerWorker
	in.Transposes = p.Transposes()
	for _, b := range p.Boundaries() {
		in.Boundaries = append(in.Boundaries, boundary{Operator: b.Node, Op: b.Op, Name: b.Name, Why: b.Why})
	}
	g := p.Graph()
	for i := range g.Nodes {
		n := &g.Nodes[i]
		x := nodeInfo{Index: i, Operator: n.Source.Index, Op: graph.Name(n.Op), Label: n.Label, Kernel: p.Kernel(i), MACs: p.NodeMACs(i), Offset: -1, Shape: []int{}}
		if len(n.Out) > 0 && n.Out[0] != graph.None {
			t := g.Values[n.Out[0]].Type
			x.DType, x.Shape = t.DType.String(), append(x.Shape, t.Shape...)
			if off, size, ok := p.Extent(n.Out[0]); ok {
				x.Offset, x.Bytes = off, size
			}
		}
		in.Nodes = append(in.Nodes, x)
	}
}

func (in *inspection) print(w io.Writer, p *runtime.Plan) {
	fmt.Fprintf(w, "%s  %s\n", in.Model, bytesText(in.FileBytes))
	if in.Description != "" {
		fmt.Fprintf(w, "  %s\n", oneLine(in.Description))
	}
	table(w, func(w io.Writer) {
		for i, t := range in.Inputs {
			fmt.Fprintf(w, "input %d\t%q\t%s%v\t%s\n", i, t.Name, t.DType, t.Shape, t.quantText())
		}
		for i, t := range in.Outputs {
			fmt.Fprintf(w, "output %d\t%q\t%s%v\t%s\n", i, t.Name, t.DType, t.Shape, t.quantText())
		}
	})
	var ops []string
	for _, o := range in.Operators {
		ops = append(ops, fmt.Sprintf("%d %s", o.Count, o.Name))
	}
	fmt.Fprintf(w, "operators  %s\nweights  %s\n", strings.Join(ops, ", "), bytesText(in.WeightBytes))
	if len(in.Files) > 0 {
		fmt.Fprintf(w, "associated files  %s\n", strings.Join(in.Files, ", "))
	}
	printNames(w, "labels", in.Labels)
	printNames(w, "symbols", in.Symbols)
	if p == nil {
		return
	}
	fmt.Fprintf(w, "memory  arena %s (bound %s), scratch %s, packed weights %s, state %s\n%s MACs on %s kernels\n\n",
		bytesText(int64(in.ArenaBytes)), bytesText(int64(in.BoundBytes)), bytesText(int64(in.ScratchBytes)),
		bytesText(int64(in.PackedBytes)), bytesText(int64(in.StateBytes)), countText(in.MACs), in.Kernels)
	table(w, func(w io.Writer) {
		fmt.Fprintln(w, "node\toperator\tkernel\toutput\tMACs\tarena\tname")
		for _, n := range in.Nodes {
			fmt.Fprintf(w, "%d\t%s\t%s\t%s%v\t%s\t%s\t%s\n", n.Index, n.Op, n.Kernel, n.DType, n.Shape, countText(n.MACs), n.place(), brief(n.Label))
		}
	})
	in.passes(w)
}

// printNames prints how many names there are, and the first of them.
func printNames(w io.Writer, what string, names []string) {
	if names == nil {
		return
	}
	var some []string
	for i, n := range names[:min(len(names), maxNames)] {
		some = append(some, fmt.Sprintf("%d %s", i, brief(visible(n))))
	}
	if len(names) > maxNames {
		some = append(some, "…")
	}
	fmt.Fprintf(w, "%s  %d: %s\n", what, len(names), strings.Join(some, ", "))
}

// maxNames is how many names are printed for people.
const maxNames = 20

// visible quotes names that people would not see.
func visible(name string) string {
	if q := strconv.Quote(name); strings.TrimSpace(name) != name || q != `"`+name+`"` {
		return q
	}
	return name
}

// passes prints how many transposes remain, and what passes between integers and
// float.
func (in *inspection) passes(w io.Writer) {
	fmt.Fprintf(w, "\ntransposes  %d\n", in.Transposes)
	if len(in.Boundaries) == 0 {
		return
	}
	fmt.Fprintf(w, "between integers and float  %d\n", len(in.Boundaries))
	table(w, func(w io.Writer) {
		for _, b := range in.Boundaries {
			fmt.Fprintf(w, "  %s\t%s\t%s\n", b.Op, brief(b.Name), oneLine(b.Why))
		}
	})
}

func (t *tensorInfo) quantText() string {
	if len(t.Scale) != 1 || len(t.Zero) != 1 {
		return ""
	}
	return fmt.Sprintf("scale %g, zero point %d", t.Scale[0], t.Zero[0])
}

// place says where the output lies: bytes from first to last in the arena.
func (n *nodeInfo) place() string {
	switch {
	case n.Offset >= 0:
		return fmt.Sprintf("%d+%d", n.Offset, n.Bytes)
	case slices.Contains(n.Shape, -1):
		return "grows"
	}
	return "-"
}

// brief shortens the name of a node: fused operators carry all their names.
func brief(name string) string {
	const most = 48
	r := []rune(oneLine(name))
	if len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return string(r)
}
