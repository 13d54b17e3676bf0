package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"

	"github.com/edgeinfer/edgeinfer/feed"
	"github.com/edgeinfer/edgeinfer/formats/npy"
	"github.com/edgeinfer/edgeinfer/tasks"
)

// embedding is that of a picture, or one that was stored.
type embedding struct {
	name string
	x    []float32
}

// maxCompared bounds how many embeddings are compared; the matrix has its
// square.
const maxCompared = 1000

// similarities is how alike embeddings are: cosines, in the order of the files.
type similarities struct {
	Model        string      `json:"model"`
	Task         tasks.Task  `json:"task"`
	Inputs       []string    `json:"inputs"`
	Similarities [][]float64 `json:"similarities"`
}

// embedAll computes the embeddings of pictures, reads those that are stored,
// and compares them.
func (t *taskRun) embedAll(in *feed.Reader, inputs []string) error {
	if len(inputs) > maxCompared {
		return usagef("%d files are more than the %d that are compared: give fewer", len(inputs), maxCompared)
	}
	if t.out != "" {
		if err := os.MkdirAll(t.out, 0o777); err != nil {
			return fmt.Errorf("%s: %w: give --out a folder that can be made", t.out, cause(err))
		}
	}
	for _, arg := range inputs {
		stored, err := t.stored(arg)
		if err != nil {
			return invalid(err)
		}
		if stored {
			continue
		}
		for set, err := range in.Sets([]string{arg}) {
			if err != nil {
				return invalid(err)
			}
			if err := t.embed(set); err != nil {
				return err
			}
		}
	}
	return t.compare()
}

// embed computes an embedding.
func (t *taskRun) embed(set *feed.Set) error {
	res, out, err := t.run(set)
	if err != nil {
		return err
	}
	x, err := t.d.Embedder.Embed(out)
	if err != nil {
		return t.misfit(err)
	}
	res.Length = len(x)
	t.embeddings = append(t.embeddings, embedding{set.Name, x})
	if t.out != "" {
		res.File = t.free(t.out, set.Name, ".npy")
		t.drawn[res.File] = true
		var data []byte
		for _, v := range x {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(v))
		}
		if err := npy.WriteFile(res.File, &npy.Array{DType: npy.Float32, Shape: []int{len(x)}, Data: data}); err != nil {
			return fmt.Errorf("--out: %w: make room, or give another folder", err)
		}
	}
	return t.report(res)
}

// stored reads embeddings from a .npy file that --out wrote: float32, a vector
// or several, as long as the model's output and not as its input.
func (t *taskRun) stored(arg string) (bool, error) {
	if filepath.Ext(arg) != ".npy" {
		return false, nil
	}
	shape, err := feed.ArrayShape(arg, "")
	n := t.s.Output(t.output()).Len()
	if err != nil || n < 1 || len(shape) == 0 || len(shape) > 2 || shape[len(shape)-1] != n {
		return false, err
	}
	a, err := npy.ReadFile(arg, 0)
	if err != nil || a.DType != npy.Float32 || a.Len() == t.s.Input(0).Len() {
		return false, err
	}
	x, err := a.Float32s()
	if err != nil {
		return false, err
	}
	for i := 0; i < len(x); i += n {
		name := arg
		if len(x) > n {
			name = fmt.Sprintf("%s#%d", arg, i/n)
		}
		if t.embeddings = append(t.embeddings, embedding{name, x[i : i+n]}); len(t.embeddings) > maxCompared {
			return false, fmt.Errorf("%s: with it there are more than the %d embeddings that are compared: give fewer", arg, maxCompared)
		}
	}
	return true, nil
}

// compare prints the similarities of two embeddings or more.
func (t *taskRun) compare() error {
	if len(t.embeddings) < 2 {
		return nil
	}
	s := similarities{Model: t.model, Task: t.d.Task}
	var list [][]float32
	for _, e := range t.embeddings {
		s.Inputs, list = append(s.Inputs, e.name), append(list, e.x)
	}
	var err error
	if s.Similarities, err = tasks.Similarities(list); err != nil {
		return t.misfit(err)
	}
	if t.json {
		return t.printJSON(s)
	}
	return t.text(s.print)
}

func (s *similarities) print(w io.Writer) {
	fmt.Fprintln(w, "cosine similarity")
	table(w, func(w io.Writer) {
		fmt.Fprint(w, "  ")
		for i := range s.Inputs {
			fmt.Fprintf(w, "\t%d", i)
		}
		fmt.Fprintln(w)
		for i, row := range s.Similarities {
			fmt.Fprintf(w, "  %d %s", i, oneLine(s.Inputs[i]))
			for _, v := range row {
				fmt.Fprintf(w, "\t%.4f", v)
			}
			fmt.Fprintln(w)
		}
	})
}
