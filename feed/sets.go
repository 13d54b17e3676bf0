package feed

import (
	"errors"
	"fmt"
	"image"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/edgeinfer/edgeinfer"
)

// item is the data of one input: it fills a tensor, and may have something to
// say about how.
type item func(t *edgeinfer.Tensor) (note string, err error)

// Set is what one run needs.
type Set struct {
	Name  string // the file's name, or several; "x.wav#3" for the part 3 of one
	files []string
	items []item

	pictures []*image.NRGBA
}

// Picture returns the picture that input i is made from, as its file has it;
// nil if it is made from something else.
func (set *Set) Picture(i int) *image.NRGBA {
	if i >= len(set.pictures) {
		return nil
	}
	return set.pictures[i]
}

// Fill fills the inputs of s. Notes say what was done to the data beyond
// copying it.
func (set *Set) Fill(s *edgeinfer.Session) (notes []string, err error) {
	for i, it := range set.items {
		note, err := it(s.Input(i))
		if err != nil {
			return notes, fmt.Errorf("%s: %w", set.files[i], err)
		}
		if note != "" {
			notes = append(notes, fmt.Sprintf("%s: input %d %q: %s", set.files[i], i, s.Input(i).Name(), note))
		}
	}
	return notes, nil
}

// Reader reads sets of inputs for a session's model.
type Reader struct {
	o       Options
	targets []target
}

// NewReader returns a reader of inputs for sessions like s of model m.
func NewReader(m *edgeinfer.Model, s *edgeinfer.Session, o Options) (*Reader, error) {
	if o.Limit <= 0 {
		o.Limit = defaultLimit
	}
	r := &Reader{o: o}
	for i := range s.Inputs() {
		meta, err := m.InputMetadata(i)
		if err != nil {
			return nil, err
		}
		r.targets = append(r.targets, newTarget(s.Input(i), meta))
	}
	return r, nil
}

// Sets reads the sets that the arguments hold, one by one. Each input takes
// one argument, in turn, but a .npz is a whole set where it has an array for
// each input, by name or in order; where the arguments of one group hold
// several parts each, they make several sets.
func (r *Reader) Sets(args []string) iter.Seq2[*Set, error] {
	return func(yield func(*Set, error) bool) {
		for len(args) > 0 {
			g, rest, err := r.group(args)
			if err != nil {
				yield(nil, err)
				return
			}
			for k := range g.len() {
				if !yield(g.set(k), nil) {
					return
				}
			}
			args = rest
		}
	}
}

// group is what the arguments of one set hold: for each input a list of parts,
// all of one length.
type group struct {
	names    []string
	parts    [][]item
	pictures []*image.NRGBA
}

func (g *group) len() int { return len(g.parts[0]) }

func (g *group) set(k int) *Set {
	name := strings.Join(slices.Compact(slices.Clone(g.names)), "+")
	if g.len() > 1 {
		name = fmt.Sprintf("%s#%d", name, k)
	}
	set := &Set{Name: name, files: g.names, pictures: g.pictures}
	for _, p := range g.parts {
		set.items = append(set.items, p[k])
	}
	return set
}

func (r *Reader) group(args []string) (*group, []string, error) {
	g := &group{}
	if len(r.targets) == 0 {
		return nil, nil, errors.New("the model has no inputs: leave the files out")
	}
	for i := range r.targets {
		if len(args) == 0 {
			return nil, nil, fmt.Errorf("%s: input %d %q has no file: the model has %d inputs, give a multiple of that", g.names[i-1], i, r.targets[i].name, len(r.targets))
		}
		c, err := r.open(args[0], i == 0)
		if err != nil {
			return nil, nil, err
		}
		if c.whole != nil {
			return &group{names: slices.Repeat([]string{args[0]}, len(r.targets)), parts: c.whole}, args[1:], nil
		}
		parts, err := c.parts(&r.targets[i])
		if err != nil {
			return nil, nil, fmt.Errorf("%s: input %d %q: %w", args[0], i, r.targets[i].name, err)
		}
		g.pictures = append(g.pictures, c.picture)
		g.names, g.parts, args = append(g.names, args[0]), append(g.parts, parts), args[1:]
		if n := len(parts); n != g.len() || n == 0 {
			return nil, nil, fmt.Errorf("%s: holds %d sets where %s holds %d: cut them to one length", g.names[i], n, g.names[0], g.len())
		}
	}
	return g, args, nil
}

// Expand replaces folders by the files in them that can be read, sorted by name.
func Expand(args []string) ([]string, error) {
	var out []string
	for _, a := range args {
		info, err := os.Stat(a)
		if a == "-" || err != nil || !info.IsDir() {
			out = append(out, a)
			continue
		}
		entries, err := os.ReadDir(a)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", a, cause(err))
		}
		n := len(out)
		for _, e := range entries {
			if e.Type().IsRegular() && known(e.Name()) {
				out = append(out, filepath.Join(a, e.Name()))
			}
		}
		if len(out) == n {
			return nil, fmt.Errorf("%s: no file of a known kind: give .npy, .npz, pictures, .wav, .csv, .raw or .bin", a)
		}
	}
	return out, nil
}
