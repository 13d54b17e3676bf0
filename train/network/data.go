package network

import (
	"fmt"
	"slices"
	"strings"

	"github.com/edgeinfer/edgeinfer/formats/media"
	"github.com/edgeinfer/edgeinfer/train/data"
	"go.yaml.in/yaml/v3"
)

// Data is how files become samples.
type Data struct {
	Options data.Options
	logMel  *data.LogMelOptions
	imu     *imu
	at      *yaml.Node
	file    string
}

// imu is how recordings of motion are cut; see data.IMU.
type imu struct {
	device         string
	window, stride int
	test           []string // groups
}

// resizes are how pictures are fitted.
func resizes() map[string]media.Mode {
	return map[string]media.Mode{"stretch": media.Stretch, "crop": media.Crop, "pad": media.Pad}
}

// read reads data.
func (d *Data) read(top *fields) {
	*d = Data{file: top.file}
	n := top.get("data")
	if n == nil {
		n = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Line: 1, Column: 1}
	}
	d.at = n
	f := top.fields(n, "data")
	o := &d.Options
	o.Label, o.Samples, o.Split, o.Group = f.text("label", ""), f.text("samples", ""), f.text("split", ""), f.text("group", "")
	o.Regression, o.Standardise = f.flag("regression", false), f.flag("standardise", false)
	o.Classes, o.Shape = f.texts("classes"), f.ints("shape", -1, most)
	o.Scale = float32(f.real("scale", 0, 1e-30, 1e30))
	o.Pattern, o.SplitTest = f.text("pattern", ""), f.text("split_test", "")
	o.Memory = int64(f.int("memory", 0, 1, most))
	if f.get("test") != nil {
		if o.Test = f.real("test", 0, 0, .999999); o.Test == 0 {
			o.Test = -1 // none
		}
	}
	d.readKinds(f)
	f.done()
}

// readKinds reads what concerns pictures, sound, text and motion.
func (d *Data) readKinds(f *fields) {
	o := &d.Options
	f.section("picture", func(p *fields) {
		o.Picture.Width, o.Picture.Height = p.int("width", 0, 1, 1<<15), p.int("height", 0, 1, 1<<15)
		o.Picture.Channels = p.int("channels", 0, 1, 3)
		o.Picture.Resize = resizes()[p.choice("resize", "stretch", "crop", "pad")]
	})
	f.section("sound", func(s *fields) {
		o.Sound.Rate, o.Sound.Samples = s.int("rate", 0, 1, 1<<20), s.int("samples", 0, 1, 1<<28)
	})
	f.section("text", func(t *fields) {
		o.Text.Length, o.Text.Stride = t.int("length", 0, 1, 1<<20), t.int("stride", 0, 1, 1<<20)
		o.Text.Lines = t.flag("lines", false)
	})
	f.section("imu", func(m *fields) {
		d.imu = &imu{device: m.choice("device", "phone", "watch"), window: m.int("window", 64, 1, 1<<20), test: m.texts("test")}
		d.imu.stride = m.int("stride", d.imu.window, 1, 1<<20)
	})
	if n := f.get("log_mel"); n != nil {
		d.logMel = f.logMelOptions(n)
	}
}

// section reads a mapping within a mapping.
func (f *fields) section(name string, read func(*fields)) {
	if n := f.get(name); n != nil {
		s := f.fields(n, name)
		read(s)
		s.done()
	}
}

// logMelOptions reads log_mel: the name of a choice, or numbers.
func (f *fields) logMelOptions(n *yaml.Node) *data.LogMelOptions {
	o := data.SpeechCommands
	if n.Kind == yaml.ScalarNode {
		switch f.choice("log_mel", "spoken_digits", "speech_commands") {
		case "spoken_digits":
			o = data.SpokenDigits
		}
		return &o
	}
	f.section("log_mel", func(m *fields) {
		if m.choice("like", "spoken_digits", "speech_commands") == "spoken_digits" {
			o = data.SpokenDigits
		}
		o.Rate, o.Frame, o.Hop = m.int("rate", o.Rate, 1, 1<<20), m.int("frame", o.Frame, 1, 1<<20), m.int("hop", o.Hop, 1, 1<<20)
		o.FFT, o.Bands = m.int("fft", o.FFT, 2, 1<<20), m.int("bands", o.Bands, 1, 1<<20)
		o.Low, o.High = m.real("low", o.Low, 0, 1e6), m.real("high", o.High, 0, 1e6)
		o.Floor, o.Centre = m.real("floor", o.Floor, 0, 1e30), m.flag("centre", o.Centre)
		o.Scale = m.real("scale", o.Scale, 0, 1e30)
	})
	return &o
}

// LogMel reports whether samples are spectra.
func (d *Data) LogMel() bool { return d.logMel != nil }

// Open reads the data at path. Where nothing is set aside for tests, test is nil.
func (d *Data) Open(path string) (train, test data.Set, err error) {
	if d.imu != nil {
		if train, err = data.IMU(path, d.imu.device, d.imu.window, d.imu.stride); err == nil && d.imu.test != nil {
			train, test, err = data.SplitBy(train, d.imu.test...)
		}
	} else {
		train, test, err = data.Open(path, d.Options)
	}
	if err != nil {
		return nil, nil, InKeys(err)
	}
	if train, err = d.front(train); err != nil {
		return nil, nil, err
	}
	if test != nil {
		test, err = d.front(test)
	}
	return train, test, err
}

// keyed is an error of package data in which options have the names of keys.
type keyed struct {
	error
	text string
}

func (k keyed) Error() string { return k.text }
func (k keyed) Unwrap() error { return k.error }

// InKeys words an error of package data so that it names keys of a description.
func InKeys(err error) error {
	return keyed{err, options().Replace(err.Error())}
}

// options are fields of data.Options and what descriptions call them.
func options() *strings.Replacer {
	return strings.NewReplacer("in Options.Classes", "in the description, data: {classes: […]}", "give Sound.Rate", "write data: {sound: {rate: …}}",
		"say Regression", "write data: {regression: true}", "as Regression needs", "as data: {regression: true} needs", "Text.Length", "data: {text: {length: …}}",
		"with Samples or Label", "with data: {samples: …, label: …}", "raise Memory", "raise data: {memory: …}", "with Label", "with --label", "Label is", "label is", "Split is", "split is", "Group is", "group is",
		"with Pattern", "with data: {pattern: …}", "match Pattern", "match data: {pattern: …},", "option Pattern", "data: pattern", "option SplitTest", "data: split_test")
}

// OpenTest reads all data at path as what a network is tested on that was trained
// on like.
func (d *Data) OpenTest(path string, like data.Set) (data.Set, error) {
	only := *d
	only.Options = d.Options.As(like)
	if only.imu != nil {
		m := *d.imu
		m.test = nil
		only.imu = &m
	}
	set, second, err := only.Open(path)
	if second != nil {
		set = second
	}
	if err != nil {
		return nil, err
	}
	return set, alike(path, set, like)
}

// alike says whether what is tested on has samples and targets as what is trained on.
func alike(path string, test, set data.Set) error {
	switch {
	case !slices.Equal(test.Shape(), set.Shape()):
		return fmt.Errorf("%s: samples of shape %v, and those to train on have %v: bring them to one shape", path, test.Shape(), set.Shape())
	case test.Classes() == nil && set.Classes() != nil:
		return fmt.Errorf("%s: targets are numbers, and those to train on are classes: give the same kind for both", path)
	case test.Classes() != nil && set.Classes() == nil:
		return fmt.Errorf("%s: targets are classes, and those to train on are numbers: give the same kind for both", path)
	case !slices.Equal(test.TargetShape(), set.TargetShape()):
		return fmt.Errorf("%s: targets of shape %v, and those to train on have %v", path, test.TargetShape(), set.TargetShape())
	}
	return nil
}

// front applies the front-end.
func (d *Data) front(s data.Set) (data.Set, error) {
	if d.logMel == nil {
		return s, nil
	}
	f, err := data.NewLogMel(*d.logMel)
	if err == nil {
		s, err = data.Map(s, f)
	}
	if err != nil {
		return nil, asError(d.file, d.at, fmt.Errorf("data: %w", err))
	}
	return s, nil
}

// FactsOf returns what a network for the set takes from it.
func FactsOf(s data.Set) Facts {
	f := Facts{Shape: s.Shape(), Outputs: len(s.Classes()), Symbols: len(data.Symbols(s))}
	if f.Symbols > 0 {
		f.Outputs = f.Symbols
		return f
	}
	if f.Outputs == 0 {
		f.Outputs, f.Numbers = length(s.TargetShape()), true
	}
	return f
}
