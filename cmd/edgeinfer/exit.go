package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// The exit codes.
const (
	codeDone        = 0
	codeFailed      = 1
	codeUsage       = 2
	codeInvalid     = 3 // input or model
	codeUnsupported = 4 // operator or type
	codeVerify      = 5
	codeLimit       = 6
	codeInterrupted = 130 // as shells report SIGINT
)

// coded is an error of the command's own kind: its code is known.
type coded struct {
	code int
	err  error
}

func (c *coded) Error() string { return c.err.Error() }
func (c *coded) Unwrap() error { return c.err }

func usagef(format string, args ...any) error {
	return &coded{codeUsage, fmt.Errorf(format, args...)}
}

// invalid marks an error about what was read, unless it is of another kind.
//
//go:noinline
func invalid(err error) error {
	if err == nil {
		return nil
	}
	return &coded{codeInvalid, err}
}

// said marks an error that has been reported in full.
type said struct{ error }

func (s said) Unwrap() error { return s.error }

// codeOf returns the exit code for an error. What the library says of an error
// goes before what the command knows of its circumstances.
func codeOf(err error) int {
	switch {
	case err == nil:
		return codeDone
	case errors.Is(err, context.Canceled):
		return codeInterrupted
	case is[*edgeinfer.LimitError](err):
		return codeLimit
	case is[*edgeinfer.MissingError](err), is[*edgeinfer.UnsupportedError](err), is[*op.UnsupportedError](err):
		return codeUnsupported
	case is[*edgeinfer.FormatError](err), errors.Is(err, edgeinfer.ErrData):
		return codeInvalid
	}
	if errors.Is(err, edgeinfer.ErrNoTensor) { // --dump
		return codeUsage
	}
	if c, ok := errors.AsType[*coded](err); ok {
		return c.code
	}
	return codeFailed
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// fail reports an error, if there is one: a line on standard error and, with
// --json, an object on standard output after it. It returns the exit code.
func (a *app) fail(err error) int {
	code := codeOf(err)
	if code == codeDone || is[said](err) {
		return code
	}
	a.printError(err)
	if a.json {
		a.printJSON(failure{errorText(err), code, unsupportedIn(err)})
	}
	return code
}

func (a *app) printError(err error) { fmt.Fprintf(a.stderr, "edgeinfer: %s\n", errorText(err)) }

func errorText(err error) string {
	if codeOf(err) == codeInterrupted {
		return "interrupted"
	}
	return oneLine(err.Error())
}

// failure is the JSON object of an error.
type failure struct {
	Error       string        `json:"error"`
	Code        int           `json:"code"`
	Unsupported []unsupported `json:"unsupported,omitempty"`
}

// unsupported is an operator that a model needs and edgeinfer lacks, or, with
// numbers of -1, something else of that kind.
type unsupported struct {
	Subgraph int      `json:"subgraph"`
	Operator int      `json:"operator"`
	Name     string   `json:"name"`
	Version  int32    `json:"version"`
	Label    string   `json:"label"`
	Types    []string `json:"types"`
	Why      string   `json:"why"`
}

func unsupportedIn(err error) []unsupported {
	missing, ok := errors.AsType[*edgeinfer.MissingError](err)
	if !ok && codeOf(err) == codeUnsupported { // no operator, but a type or a form
		return []unsupported{{Subgraph: -1, Operator: -1, Types: []string{}, Why: oneLine(err.Error())}}
	} else if !ok {
		return nil
	}
	var out []unsupported
	for _, m := range missing.Missing {
		out = append(out, unsupported{m.Subgraph, m.Operator, m.Name, m.Version, m.Label, m.Types, m.Why})
	}
	return out
}

// oneLine makes text fit for a terminal's line: names come from files, and may
// hold anything.
func oneLine(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s))
}
