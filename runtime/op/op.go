// Package op defines the operators, one file each. An operator's file holds
// everything the project knows about it except its spelling in file formats:
// its attributes, shape rule, meaning and kernels.
//
// Letters: n, h, w, c for images (batch, height, width, channels), kh, kw for
// filters, oh, ow for outputs; m, n, k for products.
package op

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// Operator is implemented by every type in this package that does not simply
// run its Ref. Operators are pointers to what holds attributes only, and is never
// changed: a method that returns a changed operator changes a copy, new(*o).
type Operator interface {
	graph.Op
	// Prepare chooses how to run the operator on fixed types and constants.
	Prepare(p *Prep) (Prepared, error)
}

// Referenced is implemented by every operator but those of control flow.
type Referenced interface {
	graph.Op
	// Ref computes out from in, plainly. It defines what the operator means;
	// its error is about data (an index out of range), never about types.
	// An operator without Prepare must not allocate in Ref.
	Ref(in, out []tensor.View) error
}

// To is the element type and quantisation that a file gives to an operator's
// output, for operators that don't derive them from their inputs.
type To struct {
	DType tensor.DType
	Quant *quant.Params
}

// Type returns the type with the given shape.
func (t To) Type(shape ...int) tensor.Type {
	return tensor.Type{DType: t.DType, Shape: shape, Quant: t.Quant}
}

// InPlacer is implemented by operators whose output 0 may share memory with
// an input: writing element i of the output must not spoil what is still to
// be read. The planner does so when nothing needs that input afterwards.
type InPlacer interface {
	InPlace(in, out []tensor.Type) (inputs []int)
}

// Fuser is implemented by operators that can do the work of the only
// consumer of their output as well.
type Fuser interface {
	// Fuse returns an operator that computes next(o(in)), whose output has
	// type out, with the same result, bit for bit; or nil.
	Fuse(next graph.Op, out tensor.Type) graph.Op
}

// Chooser is implemented by operators that others are fused into, and that do not
// suit all inputs which they could compute with.
type Chooser interface {
	// Suits reports whether inputs are such that fusing gains.
	Suits(in []tensor.View) bool
}

// WeightTurner is implemented by operators that can read constant weights of
// float32, input 1, before a transpose: so none need be computed.
type WeightTurner interface {
	// TurnWeights returns the operator on weights w that computes what this one
	// does on Transpose(w, perm), or nil.
	TurnWeights(perm []int) graph.Op
}

// Coster is implemented by operators with multiply-accumulates worth counting:
// convolutions, dense layers, products, recurrent cells.
type Coster interface {
	MACs(in, out []tensor.Type) int64
}

// Laborer is implemented by operators that take much more time than one visit
// to each element of their inputs and outputs, and are no Coster: pools, sorts.
type Laborer interface {
	Work(in, out []tensor.Type) int64
}

// Writer is implemented by operators that change variables: the inputs listed
// are written, not only read.
type Writer interface {
	Writes() (inputs []int)
}

// TypeOnly is implemented by operators whose output depends only on their
// inputs' types, so that it can be computed before the inputs are known.
type TypeOnly interface{ TypeOnly() }

// Prep is what an operator knows when it is prepared. Every type is static.
type Prep struct {
	In, Out []tensor.Type
	Const   [][]byte // contents of constant inputs, nil for others
	Kernels *kernels.Set
	// Pack returns n bytes made by fill from constant input i, kept for as long
	// as the plan. Sessions and nodes that ask for the same form of the same
	// constant share one copy. The bytes are aligned to 64.
	Pack func(i int, form string, n int, fill func(dst []byte)) ([]byte, error)
	// Done says that constant input i is not needed any more: a packed copy
	// is read instead. Its memory in Mem may then be nil.
	Done func(i int)
	// Plan plans a sub-graph.
	Plan func(g *graph.Graph) (Program, error)
}

// Grows reports whether an output's size is not known: only running a
// sub-graph tells it. The step must call Mem.Grow.
func (p *Prep) Grows() bool {
	return slices.ContainsFunc(p.Out, func(t tensor.Type) bool { return !t.Static() })
}

// View returns input i as far as it is known.
func (p *Prep) View(i int) tensor.View {
	if i >= len(p.In) {
		return tensor.View{}
	}
	return tensor.View{Type: p.In[i], Data: p.Const[i]}
}

// Step is one operator bound to one session's memory. Calling it runs the
// operator; it doesn't allocate.
type Step func() error

// Prepared is an operator ready to be given memory. It is immutable and
// shared by sessions.
type Prepared struct {
	Kernel  string // what was chosen, for people: "avx2", "go"
	Scratch int    // bytes needed while running
	// PerWorker is scratch that each of the session's workers needs.
	PerWorker int
	Bind      func(m *Mem) (Step, error)
}

// Mem is the memory that one session gives an operator. Scratch holds nothing
// of value before the step, and nobody reads it after.
type Mem struct {
	In, Out   []tensor.View
	Scratch   []byte
	PerWorker [][]byte // one for each worker
	Env       *Env
	// Grow makes Out[i] hold t. It is there if Prep.Grows was true.
	Grow func(i int, t tensor.Type) error
}

// Env is what the steps of one session share.
type Env struct {
	Ctx                 context.Context // of the current run; never nil
	Workers             Workers
	Limits              Limits
	StepsLeft, WorkLeft int64 // of Limits, in the current run
	Grown               int64 // bytes of values whose size depends on data
	Var                 func(v *graph.Var) tensor.View
}

// Limits bound what a model may take. Models are untrusted; zero fields mean
// the defaults.
type Limits struct {
	MaxMemory int64 // bytes of a plan with one session: 512 MiB
	MaxMACs   int64 // multiply-accumulates, or visits to elements, of a run: 2·10^10
	MaxSteps  int64 // iterations of loops in a run: 10^6
}

// WithDefaults returns l with its zero fields filled in.
func (l Limits) WithDefaults() Limits {
	if l.MaxMemory == 0 {
		l.MaxMemory = 512 << 20
	}
	l.MaxMemory = min(l.MaxMemory, math.MaxInt/2) // of a 32-bit machine
	if l.MaxMACs == 0 {
		l.MaxMACs = 2e10
	}
	if l.MaxSteps == 0 {
		l.MaxSteps = 1e6
	}
	return l
}

// LimitError says that a model needs more than it may take.
type LimitError struct {
	What        string // "memory", "MACs", "loop steps"
	Need, Limit int64
	Detail      string // how Need adds up
	Remedy      string
}

func (e *LimitError) Error() string {
	s := fmt.Sprintf("needs %d %s, over the limit of %d", e.Need, e.What, e.Limit)
	if e.Detail != "" {
		s += " (" + e.Detail + ")"
	}
	return s + ": " + e.Remedy
}

// Charge takes one loop step and the work of its body from what is left of
// the current run.
func (e *Env) Charge(work int64) error {
	e.StepsLeft--
	if e.StepsLeft < 0 {
		return &LimitError{What: "loop steps", Need: e.Limits.MaxSteps + 1, Limit: e.Limits.MaxSteps, Detail: "so far", Remedy: "raise --max-steps (Limits.MaxSteps) if the model is meant to loop that long"}
	}
	if err := e.Spend(work); err != nil {
		return err
	}
	return e.Ctx.Err()
}

// Spend takes work that was not planned from what is left of the current run.
func (e *Env) Spend(work int64) error {
	if e.WorkLeft -= work; e.WorkLeft < 0 {
		return &LimitError{What: "MACs", Need: e.Limits.MaxMACs - e.WorkLeft, Limit: e.Limits.MaxMACs, Detail: "so far, in loops and on sizes that depend on data", Remedy: "raise --max-macs (Limits.MaxMACs) if the model is meant to take that long"}
	}
	return nil
}

// Workers are the goroutines that share a session's work.
type Workers interface {
	Len() int
	// Run calls f(0) … f(Len()-1), at once if it can, and returns when all
	// have returned. f must have been made before the run: it is the same
	// value each time, so that nothing is allocated.
	Run(f func(worker int))
}

// Share returns the part [lo, hi) of n things that is worker w's of total,
// in multiples of grain.
func Share(n, w, total, grain int) (lo, hi int) {
	units := (n + grain - 1) / grain
	lo, hi = units*w/total*grain, units*(w+1)/total*grain
	return min(lo, n), min(hi, n)
}

// Program is a planned sub-graph; Instance is one bound to memory.
type Program interface {
	// Scratch is the memory that an instance needs, as for Prepared.
	Scratch() (bytes, perWorker int)
	Work() int64 // of one run, as Limits.MaxMACs counts it
	// Bind binds the program to m's scratch. m's In and Out are not used: the
	// instance has its own.
	Bind(m *Mem) (Instance, error)
}

// Instance is a sub-graph that can be run. The memory of In and Out is its
// own: callers copy. In's contents do not outlive a run.
type Instance interface {
	In(i int) *tensor.View
	Out(i int) *tensor.View
	Run() error
}

// UnsupportedError says that a model is valid but needs what edgeinfer lacks.
type UnsupportedError struct{ What string }

func (e *UnsupportedError) Error() string { return e.What + " is not supported" }

// Unsupported returns an UnsupportedError.
//
//go:noinline
func Unsupported(format string, args ...any) error {
	return &UnsupportedError{fmt.Sprintf(format, args...)}
}

// UndecidedError says that an operator can't even be given types before more is
// known of its inputs: their sizes or contents. It is an UnsupportedError too,
// for those who can't wait.
type UndecidedError struct{ What string }

func (e *UndecidedError) Error() string { return e.Unwrap().Error() }

// Unwrap returns an UnsupportedError.
func (e *UndecidedError) Unwrap() error { return &UnsupportedError{e.What} }

// Undecided returns an UndecidedError.
//
//go:noinline
func Undecided(format string, args ...any) error {
	return &UndecidedError{fmt.Sprintf(format, args...)}
}

// ErrIdle is what a step returns to end the run early and without error: the
// outputs stay as the last complete run left them. Operators that return it
// implement Idler.
var ErrIdle = errors.New("the run ended early, waiting for more input")

// Idler is implemented by operators that may return ErrIdle.
type Idler interface{ Idles() bool }

// ErrData is wrapped by errors that the model's data causes at run time.
var ErrData = errors.New("invalid data")

// errorf is fmt.Errorf, half of which the compiler would put into each of hundreds
// of places.
//
//go:noinline
func errorf(format string, args ...any) error { return fmt.Errorf(format, args...) }

// dataf returns an error that wraps ErrData.
//
//go:noinline
func dataf(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrData, fmt.Sprintf(format, args...))
}

// Prepare chooses how to run o: as its own Prepare says, or else by its Ref.
func Prepare(o graph.Op, p *Prep) (Prepared, error) {
	switch o := o.(type) {
	case Operator:
		return o.Prepare(p)
	case Referenced:
		return byRef(o)
	}
	panic("BUG: " + graph.Name(o) + " cannot be run")
}

// byRef prepares an operator that has no kernel of its own.
//
//go:noinline
func byRef(o Referenced) (Prepared, error) {
	return Prepared{Kernel: "go", Bind: func(m *Mem) (Step, error) {
		return func() error { return o.Ref(m.In, m.Out) }, nil
	}}, nil
}
