package main

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/kernels/host"
)

// options returns the library's options that the shared flags ask for.
func (a *app) options() (edgeinfer.Options, error) {
	switch {
	case a.threads < 1 || a.threads > 1024:
		return edgeinfer.Options{}, usagef("--threads %d: give 1 to 1024", a.threads)
	case a.maxMACs < 1:
		return edgeinfer.Options{}, usagef("--max-macs %d: give a positive number", a.maxMACs)
	case a.maxSteps < 1:
		return edgeinfer.Options{}, usagef("--max-steps %d: give a positive number", a.maxSteps)
	}
	if a.cpu != "" {
		if _, err := host.ByName(a.cpu); err != nil {
			return edgeinfer.Options{}, usagef("--cpu: %v", err)
		}
	} else if _, err := host.Best(); err != nil {
		return edgeinfer.Options{}, usagef("%v", err)
	}
	return edgeinfer.Options{
		Threads: a.threads,
		CPU:     a.cpu,
		Limits:  edgeinfer.Limits{MaxMemory: int64(a.maxMemory), MaxMACs: a.maxMACs, MaxSteps: a.maxSteps},
	}, nil
}

// load reads a model and checks the shapes that flags give to its inputs.
func (a *app) load(path string, shapes []string) (*edgeinfer.Model, edgeinfer.Options, error) {
	o, err := a.options()
	if err != nil {
		return nil, o, err
	}
	m, err := edgeinfer.Load(path)
	if err != nil {
		return nil, o, invalid(remedied(err))
	}
	if o.Shapes, err = parseShapes(m, shapes); err != nil {
		m.Close()
		return nil, o, err
	}
	return m, o, nil
}

// session makes a session, and gives back the memory that loading took for a while:
// no run makes garbage, so that it would never be collected.
func session(m *edgeinfer.Model, o edgeinfer.Options) (*edgeinfer.Session, error) {
	s, err := m.NewSession(o)
	if err == nil {
		debug.FreeOSMemory()
	}
	return s, err
}

// withState turns inputs into state, as flags of the form OUT=IN say.
func withState(m *edgeinfer.Model, flags []string, shapes map[string][]int) (*edgeinfer.Model, error) {
	if len(flags) == 0 {
		return m, nil
	}
	state := map[string]string{}
	for _, f := range flags {
		out, in, ok := strings.Cut(f, "=")
		if !ok {
			return nil, usagef("--state %s: want OUTPUT=INPUT, two names", f)
		}
		state[out] = in
	}
	s, err := m.WithState(state, shapes)
	if err != nil {
		return nil, &coded{codeUsage, fmt.Errorf("--state: %w", err)}
	}
	for _, in := range state {
		delete(shapes, in)
	}
	return s, nil
}

// remedied says what to do about a model that can't be loaded.
func remedied(err error) error {
	switch {
	case is[*edgeinfer.MissingError](err):
		return fmt.Errorf("%w: export the model without these operators", err)
	case is[*edgeinfer.FormatError](err):
		return fmt.Errorf("%w: copy or export the model again", err)
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w: check the path", err)
	}
	return err
}

// parseShapes reads flags of the form NAME=1,96,96,3; without NAME= for a
// model with one input.
func parseShapes(m *edgeinfer.Model, flags []string) (map[string][]int, error) {
	inputs := m.Inputs()
	shapes := map[string][]int{}
	for _, f := range flags {
		at := strings.LastIndex(f, "=")
		name := f[:max(at, 0)]
		i := slices.IndexFunc(inputs, func(in edgeinfer.TensorInfo) bool { return in.Name == name })
		if at < 0 && len(inputs) == 1 {
			i = 0
		}
		if i < 0 {
			return nil, usagef("--shape %s: no input %q: the inputs are %s", f, name, inputNames(inputs))
		}
		shape, err := parseInts(f[at+1:])
		if err != nil {
			return nil, usagef("--shape %s: %v", f, err)
		}
		shapes[inputs[i].Name] = shape
	}
	return shapes, nil
}

func parseInts(text string) ([]int, error) {
	var out []int
	for part := range strings.SplitSeq(text, ",") {
		n, err := strconv.ParseInt(strings.TrimSpace(part), 10, 32)
		if err != nil || n < 0 {
			return nil, fmt.Errorf("%q is no size: write 1,96,96,3", part)
		}
		out = append(out, int(n))
	}
	return out, nil
}

func inputNames(inputs []edgeinfer.TensorInfo) string {
	names := make([]string, len(inputs))
	for i, in := range inputs {
		names[i] = strconv.Quote(in.Name)
	}
	return strings.Join(names, ", ")
}
