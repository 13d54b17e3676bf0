package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/feed"
	"github.com/edgeinfer/edgeinfer/formats/media"
)

// feedFlags say how files become inputs.
type feedFlags struct {
	kind, resize, colour string
	mean, std            []float32
	hop                  int
	stored               bool
	frontEnd             string
	changed              func(name string) bool
}

func (f *feedFlags) add(fs *pflag.FlagSet) {
	fs.StringVar(&f.kind, "format", "auto", "`KIND` of the files: auto, npy, npz, image, wav, csv, raw")
	fs.StringVar(&f.resize, "resize", "stretch", "fit pictures by stretch, crop or pad (`HOW`); +area averages all pixels")
	fs.StringVar(&f.colour, "channels", "rgb", "`ORDER` of colours: rgb, bgr, grey")
	fs.Float32SliceVar(&f.mean, "mean", nil, "subtract `X` from pixels of 0..255: one number or one a channel")
	fs.Float32SliceVar(&f.std, "std", nil, "then divide by `X`")
	fs.IntVar(&f.hop, "hop", 0, "start a window of sound every `N` samples (default: the window's length)")
	fs.StringVar(&f.frontEnd, "frontend", "", "turn windows of sound into features with this `MODEL` (default: the model's associated file frontend.tflite)")
	fs.BoolVar(&f.stored, "stored", false, "tables hold an integer input's stored values, not real numbers")
	fs.Lookup("mean").DefValue, fs.Lookup("std").DefValue = "", ""
	f.changed = fs.Changed
	group(fs, "Inputs", "format", "resize", "channels", "mean", "std", "hop", "frontend", "stored")
}

func (f *feedFlags) options(stdin io.Reader) (o feed.Options, err error) {
	if o.Kind, err = feed.ParseKind(f.kind); err != nil {
		return o, usagef("--format: %v", err)
	}
	how, area := strings.CutSuffix(f.resize, "+area")
	modes := map[string]media.Mode{"stretch": media.Stretch, "crop": media.Crop, "pad": media.Pad}
	mode, ok := modes[how]
	if !ok {
		return o, usagef("--resize %s: choose stretch, crop or pad, with +area to average", f.resize)
	}
	if area {
		mode |= media.Area
	}
	colours := map[string]feed.Colour{"rgb": feed.RGB, "bgr": feed.BGR, "grey": feed.Grey, "gray": feed.Grey}
	if o.Colour, ok = colours[f.colour]; !ok {
		return o, usagef("--channels %s: choose rgb, bgr or grey", f.colour)
	}
	if f.hop < 0 {
		return o, usagef("--hop %d: give a positive number of samples", f.hop)
	}
	for _, s := range f.std {
		if !(s > 0) {
			return o, usagef("--std %g: give positive numbers", s)
		}
	}
	o.Resize, o.Mean, o.Std, o.Hop, o.Stored, o.Stdin = mode, f.mean, f.std, f.hop, f.stored, stdin
	return o, nil
}

// openFrontEnd makes a session of the model that --frontend names, or that m
// brings along; nil if there is none.
func (f *feedFlags) openFrontEnd(m *edgeinfer.Model, o edgeinfer.Options) (*edgeinfer.Session, error) {
	front, err := f.loadFrontEnd(m)
	if err != nil || front == nil {
		return nil, invalid(err)
	}
	s, err := front.NewSession(edgeinfer.Options{CPU: o.CPU, Limits: o.Limits})
	if err != nil {
		return nil, invalid(fmt.Errorf("front-end: %w", err))
	}
	return s, nil
}

func (f *feedFlags) loadFrontEnd(m *edgeinfer.Model) (*edgeinfer.Model, error) {
	if f.frontEnd != "" {
		front, err := edgeinfer.Load(f.frontEnd)
		return front, remedied(err)
	}
	files, err := m.AssociatedFiles()
	if err != nil || files[frontEndFile] == nil {
		return nil, err
	}
	front, err := edgeinfer.LoadBytes(files[frontEndFile])
	if err != nil {
		return nil, fmt.Errorf("associated file %s: %w", frontEndFile, remedied(err))
	}
	return front, nil
}

// frontEndFile is the associated file by which a model declares its front-end.
const frontEndFile = "frontend.tflite"

// outputFlags say what becomes of outputs.
type outputFlags struct {
	out       string
	top       int
	labelFile string
	dump      []string
}

func (f *outputFlags) add(fs *pflag.FlagSet) {
	fs.StringVar(&f.out, "out", "", "make `DIR` and write each output J there as output_J.npy")
	fs.IntVar(&f.top, "top", 0, "print the `K` highest of output 0 (default 5 where there are labels)")
	fs.StringVar(&f.labelFile, "labels", "", "names of classes, a line each, from this `FILE` (default: the model's own)")
	fs.StringArrayVar(&f.dump, "dump", nil, "also write the output of this `NODE`, by label or #index, as DIR/NODE.npy (op_12.npy for #12)")
	group(fs, "Outputs", "out", "top", "labels", "dump")
}

// inputList describes what a model takes.
func inputList(m *edgeinfer.Model) string {
	var s []string
	for _, in := range m.Inputs() {
		s = append(s, typeText(in))
	}
	return strings.Join(s, ", ")
}

// timed runs f and returns the milliseconds that it took.
func timed(f func() error) (ms float64, err error) {
	start := time.Now()
	err = f()
	return float64(time.Since(start).Nanoseconds()) / 1e6, err
}

// afterFile returns the part of a note that doesn't name the file.
func afterFile(note string) string {
	_, after, _ := strings.Cut(note, ": ")
	return after
}
