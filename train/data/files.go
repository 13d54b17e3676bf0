package data

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"github.com/edgeinfer/edgeinfer/formats/media"
	"github.com/edgeinfer/edgeinfer/formats/npy"
)

// decoder turns a file's bytes into a sample.
type decoder interface {
	// shape is that of all samples, dtype the type that they are kept in.
	shape() []int
	dtype() npy.DType
	// decode fills dst, which has room for one sample, little-endian.
	decode(r io.Reader, dst []byte) error
}

// files is a set of samples of which each is a file in a folder or zip. A file is
// decoded when it is read first, and kept if all decoded samples fit in memory.
type files struct {
	list    *listing
	entries []entry
	classes []string
	decoder decoder

	kept *column // nil if samples are decoded each time
	done []atomic.Bool
	lock sync.Mutex // of writing to kept
	one  *column    // decodes numbers of a single sample
	room sync.Pool  // of *[]byte, one decoded sample
}

// entry is a file with what its name says.
type entry struct {
	name  string // in the folder, with slashes
	class int32
	group string
	test  bool
}

func newFiles(l *listing, entries []entry, classes []string, d decoder, o *Options) *files {
	width, size := count(d.shape()), d.dtype().Size()
	scale := o.Scale
	if scale == 0 {
		scale = 1
		if d.dtype() == npy.Uint8 {
			scale = 255
		}
	}
	f := &files{list: l, entries: entries, classes: classes, decoder: d}
	f.one = newColumn(l.path, d.dtype(), 1, width, store{}, false, scale)
	f.room.New = func() any { b := make([]byte, width*size); return &b }
	if total := int64(len(entries)) * int64(width*size); total <= o.memory() {
		f.kept = newColumn(l.path, d.dtype(), len(entries), width, inMemory(make([]byte, total)), false, scale)
		f.done = make([]atomic.Bool, len(entries))
	}
	return f
}

func (f *files) Len() int           { return len(f.entries) }
func (f *files) Shape() []int       { return f.decoder.shape() }
func (f *files) Classes() []string  { return f.classes }
func (f *files) TargetShape() []int { return nil }

func (f *files) Name(i int) string  { return f.list.place(f.entries[i].name) }
func (f *files) Group(i int) string { return f.entries[i].group }

func (f *files) readTarget(i int, y []float32) error {
	y[0] = float32(f.entries[i].class)
	return nil
}

func (f *files) Read(i int, x, y []float32) error {
	if err := checkRead(f, i, x, y); err != nil {
		return err
	}
	y[0] = float32(f.entries[i].class)
	if f.kept != nil && f.done[i].Load() {
		return f.kept.read(i, x)
	}
	room := f.room.Get().(*[]byte)
	defer f.room.Put(room)
	if err := f.decode(i, *room); err != nil {
		return err
	}
	if f.kept != nil {
		f.keep(i, *room)
	}
	f.one.decode(x, *room)
	return nil
}

func (f *files) decode(i int, dst []byte) error {
	r, err := f.list.open(f.entries[i].name)
	if err != nil {
		return fmt.Errorf("%s: %w", f.Name(i), cause(err))
	}
	defer r.Close()
	if err := f.decoder.decode(r, dst); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
			err = fmt.Errorf("%w: truncated? get the file again, or remove it", err)
		}
		return fmt.Errorf("%s: %w", f.Name(i), err)
	}
	return nil
}

// keep stores a decoded sample, unless another goroutine has.
func (f *files) keep(i int, b []byte) {
	f.lock.Lock()
	defer f.lock.Unlock()
	if !f.done[i].Load() {
		copy(f.kept.bytes.mem[i*len(b):], b)
		f.done[i].Store(true)
	}
}

// newDecoder looks at the first file, whose form is that of all where Options
// leave it open.
func newDecoder(l *listing, e entry, k fileKind, o *Options) (decoder, error) {
	r, err := l.open(e.name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", l.place(e.name), cause(err))
	}
	defer r.Close()
	b, err := media.ReadRaw(r, media.Limits{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", l.place(e.name), err)
	}
	make := newPictures
	if k == soundFile {
		make = newSounds
	}
	d, err := make(b, o)
	if err == nil {
		err = checkShape(d.shape())
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", l.place(e.name), err)
	}
	return d, nil
}
