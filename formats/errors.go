// Package formats has what the packages of the file formats share: the errors
// that say why a model can't be loaded.
package formats

import (
	"fmt"
	"strings"
)

// A FormatError says that a file breaks its format: no reader could read it.
type FormatError struct {
	Format string // "tflite", "onnx"; "" if nothing is known of it
	Where  string // the part of the model, "" for the whole file
	Offset int64  // byte in the file, -1 if no single one is to blame
	What   string
}

func (e *FormatError) Error() string {
	s := place(e.Format, e.Where)
	if e.Offset >= 0 {
		s += fmt.Sprintf("byte %d: ", e.Offset)
	}
	return s + e.What
}

// An UnsupportedError says that a file is well formed but uses something that
// is not read.
type UnsupportedError struct {
	Format string
	Where  string // the part of the model, "" for the whole file
	What   string
}

func (e *UnsupportedError) Error() string { return place(e.Format, e.Where) + e.What }

// place returns what goes before a message.
func place(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		if p != "" {
			b.WriteString(p + ": ")
		}
	}
	return b.String()
}

// MissingError lists what a model needs and edgeinfer lacks.
type MissingError struct {
	Format  string
	Missing []Missing
}

// Missing is one operator that cannot be run, or a tensor that cannot be read.
type Missing struct {
	Subgraph, Operator int      // place; an ONNX node has its index in the graph that it is in, and Subgraph is the depth; Operator is -1 of what is no operator
	Name               string   // "CONV_2D"; with its domain, unless that is ai.onnx: "com.microsoft.Gelu"; or "initializer", "input"
	Version            int32    // of the operator; ONNX has one for each domain, the opset
	Label              string   // name of the node or of its first output
	Types              []string // element types of the inputs
	Why                string
}

func (m *Missing) String() string {
	if m.Operator < 0 {
		return fmt.Sprintf("sub-graph %d %s %q: %s", m.Subgraph, m.Name, m.Label, m.Why)
	}
	return fmt.Sprintf("sub-graph %d operator %d %s v%d %q on %s: %s",
		m.Subgraph, m.Operator, m.Name, m.Version, m.Label, strings.Join(m.Types, ", "), m.Why)
}

func (e *MissingError) Error() string {
	s := make([]string, len(e.Missing))
	for i := range e.Missing {
		s[i] = e.Missing[i].String()
	}
	return place(e.Format) + "not supported: " + strings.Join(s, "; ")
}
