package edgeinfer

import (
	"cmp"
	"maps"
	"slices"
	"sort"
	"strings"

	"github.com/edgeinfer/edgeinfer/formats/onnx"
	"github.com/edgeinfer/edgeinfer/formats/tflite"
)

// Info is what a file says of itself.
type Info struct {
	Format      string
	Description string
	Bytes       int64 // of the file
	WeightBytes int64 // of constants
	Inputs      []FileTensor
	Outputs     []FileTensor
	Operators   []OperatorCount // the most frequent first
	Subgraphs   int
	Signatures  []string
	Files       []string // associated files
}

// FileTensor is an input or output as the file describes it, whether edgeinfer
// has its element type or not.
type FileTensor struct {
	Name      string
	DType     string // "float32", "string"; "" if unknown
	Shape     []int  // -1 where the file leaves the size open
	Scale     []float32
	Zero      []int64
	Mean, Std []float32 // of the normalisation that the metadata asks for
}

// OperatorCount says how often the file uses an operator. An ONNX operator's
// version is its domain's opset.
type OperatorCount struct {
	Name    string
	Version int32
	Count   int
}

func (f file) info() *Info {
	if f.onnx != nil {
		return onnxInfo(f.onnx)
	}
	return tfliteInfo(f.tflite)
}

func onnxInfo(m *onnx.Model) *Info {
	c := m.Content()
	in := &Info{Format: FormatONNX, Description: m.Graph.DocString, Bytes: m.Size, WeightBytes: c.WeightBytes, Subgraphs: c.Graphs}
	if in.Description == "" {
		in.Description = strings.TrimSpace("ONNX of " + m.Producer + " " + m.ProducerVersion)
	}
	if in.Description == "ONNX of" {
		in.Description = ""
	}
	constant := map[string]bool{}
	for _, t := range m.Graph.Initializers {
		constant[t.Name] = true
	}
	for _, v := range m.Graph.Inputs {
		if !constant[v.Name] {
			in.Inputs = append(in.Inputs, onnxTensor(v))
		}
	}
	for _, v := range m.Graph.Outputs {
		in.Outputs = append(in.Outputs, onnxTensor(v))
	}
	counts := map[OperatorCount]int{}
	for o, n := range c.Operators {
		counts[OperatorCount{Name: o.Name, Version: int32(o.Opset)}] += n
	}
	in.Operators = sorted(counts)
	return in
}

func onnxTensor(v *onnx.ValueInfo) FileTensor {
	t := FileTensor{Name: v.Name, Shape: []int{}}
	if v.Type == nil || v.Type.Kind != onnx.KindTensor {
		return t
	}
	t.DType = strings.ToLower(v.Type.DataType.String())
	switch v.Type.DataType {
	case onnx.Float:
		t.DType = "float32"
	case onnx.Double:
		t.DType = "float64"
	}
	for _, d := range v.Type.Shape {
		size := -1
		if d.Known {
			size = int(d.Value)
		}
		t.Shape = append(t.Shape, size)
	}
	return t
}

func tfliteInfo(f *tflite.File) *Info {
	main := &f.Subgraphs[0]
	in := &Info{
		Format: FormatTFLite, Description: f.Description, Bytes: f.Size, Subgraphs: len(f.Subgraphs),
		Inputs: tfliteTensors(main, main.Inputs), Outputs: tfliteTensors(main, main.Outputs),
	}
	counts := map[OperatorCount]int{}
	weights := map[*byte]int{} // tensors can share a buffer
	for i := range f.Subgraphs {
		for j := range f.Subgraphs[i].Operators {
			o := &f.Subgraphs[i].Operators[j]
			counts[OperatorCount{Name: o.Name(), Version: o.Version}]++
		}
		for _, t := range f.Subgraphs[i].Tensors {
			if len(t.Data) > 0 {
				weights[&t.Data[0]] = len(t.Data)
			}
		}
	}
	in.Operators = sorted(counts)
	for _, n := range weights {
		in.WeightBytes += int64(n)
	}
	for _, s := range f.Signatures {
		in.Signatures = append(in.Signatures, s.Key)
	}
	if files, err := f.AssociatedFiles(); err == nil {
		in.Files = slices.Sorted(maps.Keys(files))
	}
	if meta, err := f.ModelMetadata(); err == nil && meta != nil && len(meta.Subgraphs) > 0 {
		for i := range min(len(in.Inputs), len(meta.Subgraphs[0].Inputs)) {
			in.Inputs[i].Mean, in.Inputs[i].Std = Normalisation(&meta.Subgraphs[0].Inputs[i])
		}
	}
	return in
}

func tfliteTensors(s *tflite.Subgraph, list []int32) (out []FileTensor) {
	for _, i := range list {
		t := &s.Tensors[i]
		x := FileTensor{Name: t.Name, DType: strings.ToLower(t.Type.String()), Shape: []int{}}
		for _, d := range t.Shape {
			x.Shape = append(x.Shape, int(d))
		}
		if t.Quant != nil {
			x.Scale, x.Zero = t.Quant.Scale, t.Quant.Zero
		}
		out = append(out, x)
	}
	return out
}

func sorted(counts map[OperatorCount]int) []OperatorCount {
	out := []OperatorCount{}
	for k, n := range counts {
		k.Count = n
		out = append(out, k)
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := &out[i], &out[j]
		return cmp.Or(b.Count-a.Count, strings.Compare(a.Name, b.Name), int(a.Version)-int(b.Version)) < 0
	})
	return out
}
