package train

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/edgeinfer/edgeinfer/formats/safetensors"
	"github.com/edgeinfer/edgeinfer/internal/atomicfile"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// store keeps checkpoints of a run in a folder: the last two, and the best
// weights. Random numbers follow from seed, epoch, step and sample, so that
// where training is says it all.
type store struct {
	dir string
	f   *fit
	// print is of what must be the same for training to go on.
	print string
	saved time.Time
}

// saveEvery is how much work a crash may cost.
const saveEvery = 10 * time.Second

// late reports whether the last checkpoint is that old.
func (s *store) late() bool { return time.Since(s.saved) > saveEvery }

// kept is how many checkpoints stay.
const kept = 2

const (
	stepPrefix = "step-"
	bestName   = "best.safetensors"
	extension  = ".safetensors"
)

// saved is what a checkpoint holds beside tensors, as JSON in its metadata.
type saved struct {
	State       state   `json:"state"`
	Epochs      []Epoch `json:"epochs"`
	Best        int     `json:"best"`
	BestValue   float64 `json:"best_value"`
	Stopped     bool    `json:"stopped"`
	Fingerprint string  `json:"fingerprint"`
}

func openStore(dir string, f *fit) (*store, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("train: checkpoints: %w", err)
	}
	return &store{dir, f, f.fingerprint(), time.Now()}, nil
}

// fingerprint tells runs apart that can't go on from each other's checkpoints.
func (f *fit) fingerprint() string {
	h := sha256.New()
	for _, p := range f.m.params {
		fmt.Fprintln(h, p.Name, p.Shape, p.Trainable)
	}
	o := &f.m.plan
	fmt.Fprintf(h, "%#v %g %g %d\n%s %g %g\n", o.optimizer.update, o.optimizer.rate, o.optimizer.clip, f.m.seed, o.loss.name, o.loss.smoothing, o.loss.delta)
	fmt.Fprintln(h, f.train.Len(), f.train.Shape(), f.o.batch, f.o.parts, f.o.noShuffle, len(o.metrics), f.o.key)
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// tensors lists all that training changes, by name.
func (f *fit) tensors() (out []safetensors.Tensor) {
	add := func(name string, shape []int, b []byte) {
		out = append(out, safetensors.Tensor{Name: name, DType: "F32", Shape: shape, Data: b})
	}
	for _, p := range f.m.params {
		add(p.Name, p.Shape, f.m.vars[p.v])
	}
	for _, p := range f.m.params {
		for _, v := range f.m.plan.states[p] {
			add("optimizer/"+v.Name, p.Shape, f.m.stateOf(v))
		}
	}
	for _, v := range f.m.memories {
		add("state/"+v.Name, v.Type.Shape, f.m.stateOf(v))
	}
	return out
}

// stateOf returns the memory of a variable.
func (m *Model) stateOf(v *graph.Var) []byte {
	if m.vars[v] == nil {
		m.vars[v] = make([]byte, v.Type.Bytes())
	}
	return m.vars[v]
}

// save writes a checkpoint and removes old ones.
func (s *store) save() error {
	f := s.f
	meta := saved{State: f.state, Epochs: f.history.Epochs, Best: f.history.Best, Stopped: f.history.Stopped, Fingerprint: s.print}
	if f.best != nil {
		meta.BestValue = f.best.value
	}
	text, err := json.Marshal(meta)
	if err != nil {
		return fmt.Errorf("train: checkpoint: %w", err)
	}
	file := &safetensors.File{Tensors: f.tensors(), Metadata: map[string]string{"edgeinfer": string(text)}}
	var sums []float64
	for _, m := range f.meters {
		for _, x := range m.sums() {
			sums = append(sums, *x)
		}
	}
	if len(sums) > 0 {
		file.Tensors = append(file.Tensors, safetensors.Tensor{Name: "metrics", DType: "F64", Shape: []int{len(sums)}, Data: tensor.Bytes(sums)})
	}
	if err := s.write(fmt.Sprintf("%s%010d%s", stepPrefix, f.Step, extension), file); err != nil {
		return err
	}
	s.saved = time.Now()
	names, err := s.list()
	if err != nil {
		return err
	}
	for _, old := range names[min(kept, len(names)):] {
		if err := os.Remove(filepath.Join(s.dir, old)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("train: old checkpoint: %w", err)
		}
	}
	return nil
}

func (s *store) write(name string, file *safetensors.File) error {
	path := filepath.Join(s.dir, name)
	if err := atomicfile.Write(path, func(w io.Writer) error { return safetensors.Write(w, file) }); err != nil {
		if p, ok := errors.AsType[*os.PathError](err); ok { // its path is that of a temporary file
			p.Path, err = path, p
		}
		return fmt.Errorf("train: checkpoint: %w: those before it stay, and the same call goes on from them", err)
	}
	return nil
}

// saveBest writes the weights of the best epoch.
func (s *store) saveBest(b *snapshot) error {
	file := &safetensors.File{Metadata: map[string]string{"fingerprint": s.print}}
	for i, p := range s.f.m.params {
		file.Tensors = append(file.Tensors, safetensors.Tensor{Name: p.Name, DType: "F32", Shape: p.Shape, Data: tensor.Bytes(b.data[i])})
	}
	return s.write(bestName, file)
}

// list names the checkpoints, the last first, and removes what a killed process
// left half written.
func (s *store) list() ([]string, error) {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return nil, fmt.Errorf("train: checkpoints: %w", err)
	}
	var names []string
	for _, e := range entries {
		switch name := e.Name(); {
		case strings.HasPrefix(name, "."+stepPrefix) && strings.HasSuffix(name, atomicfile.Suffix),
			strings.HasPrefix(name, "."+bestName) && strings.HasSuffix(name, atomicfile.Suffix):
			os.Remove(filepath.Join(s.dir, name))
		case strings.HasPrefix(name, stepPrefix) && strings.HasSuffix(name, extension):
			names = append(names, name)
		}
	}
	slices.Sort(names)
	slices.Reverse(names)
	return names, nil
}

// resume goes on from the last checkpoint that is whole, if there is one.
func (s *store) resume() error {
	names, err := s.list()
	if err != nil {
		return err
	}
	var broken error
	for _, name := range names {
		path := filepath.Join(s.dir, name)
		file, meta, err := readCheckpoint(path)
		if err != nil {
			broken = errors.Join(broken, err)
			continue
		}
		if meta.Fingerprint != s.print {
			return fmt.Errorf("train: checkpoint %s is of another network, other data or other settings: remove the folder %s to begin anew, or name another", path, s.dir)
		}
		if err := s.load(file, meta); err != nil {
			return fmt.Errorf("train: checkpoint %s: %w", path, err)
		}
		return nil
	}
	if broken != nil { // all that are there are damaged: better to say so than to begin anew
		return fmt.Errorf("%w: remove the folder %s to begin anew", broken, s.dir)
	}
	return nil
}

func readCheckpoint(path string) (*safetensors.File, *saved, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("train: checkpoint: %w", err)
	}
	file, err := safetensors.Parse(b)
	if err != nil {
		return nil, nil, fmt.Errorf("train: checkpoint %s: %w", path, err)
	}
	meta := &saved{}
	if err := json.Unmarshal([]byte(file.Metadata["edgeinfer"]), meta); err != nil {
		return nil, nil, fmt.Errorf("train: checkpoint %s: its metadata: %w", path, err)
	}
	return file, meta, nil
}

// load puts training where a checkpoint is.
func (s *store) load(file *safetensors.File, meta *saved) error {
	f := s.f
	have := map[string][]byte{}
	for _, t := range file.Tensors {
		have[t.Name] = t.Data
	}
	for _, t := range f.tensors() {
		if len(have[t.Name]) != len(t.Data) {
			return fmt.Errorf("tensor %q has %d bytes, want %d", t.Name, len(have[t.Name]), len(t.Data))
		}
		copy(t.Data, have[t.Name])
	}
	f.state, f.meters = meta.State, f.m.meters()
	sums := tensor.Cast[float64](slices.Clone(have["metrics"]))
	for _, m := range f.meters {
		for _, x := range m.sums() {
			if len(sums) == 0 {
				break
			}
			*x, sums = sums[0], sums[1:]
		}
	}
	f.history.Epochs, f.history.Best, f.history.Stopped = meta.Epochs, meta.Best, meta.Stopped
	if meta.Best == 0 {
		return nil
	}
	f.best = f.m.snapshot(meta.BestValue)
	return f.m.loadInto(filepath.Join(s.dir, bestName), func(i int) []float32 { return f.best.data[i] })
}

// SaveWeights writes the model's parameters as safetensors.
func (m *Model) SaveWeights(path string) error {
	file := &safetensors.File{Metadata: map[string]string{"format": "edgeinfer"}}
	for _, p := range m.params {
		file.Tensors = append(file.Tensors, safetensors.Tensor{Name: p.Name, DType: "F32", Shape: p.Shape, Data: tensor.Bytes(p.Data)})
	}
	if err := atomicfile.Write(path, func(w io.Writer) error { return safetensors.Write(w, file) }); err != nil {
		return fmt.Errorf("train: weights: %w", err)
	}
	return nil
}

// LoadWeights reads parameters that SaveWeights or a checkpoint has written. All
// of the model's must be there; others are ignored.
func (m *Model) LoadWeights(path string) error {
	return m.loadInto(path, func(i int) []float32 { return m.params[i].Data })
}

// loadInto reads the numbers of each parameter i to where to(i) is. Nothing is
// changed unless all are there.
func (m *Model) loadInto(path string, to func(i int) []float32) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("train: weights: %w", err)
	}
	file, err := safetensors.Parse(b)
	if err != nil {
		return fmt.Errorf("train: weights %s: %w", path, err)
	}
	have := map[string]safetensors.Tensor{}
	for _, t := range file.Tensors {
		have[t.Name] = t
	}
	for _, p := range m.params {
		t, ok := have[p.Name]
		if !ok || t.DType != "F32" || !slices.Equal(t.Shape, p.Shape) {
			return fmt.Errorf("train: weights %s: %q is %s %v there, want F32 %v", path, p.Name, t.DType, t.Shape, p.Shape)
		}
	}
	for i, p := range m.params {
		copy(tensor.Bytes(to(i)), have[p.Name].Data)
	}
	return nil
}

// Hash returns the SHA-256 of all parameters, in hex: the same wherever the same
// network was trained on the same data with the same seed.
func (m *Model) Hash() string {
	h := sha256.New()
	for _, p := range m.params {
		h.Write(tensor.Bytes(p.Data))
	}
	return hex.EncodeToString(h.Sum(nil))
}
