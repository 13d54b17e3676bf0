package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"text/tabwriter"

	"golang.org/x/term"
)

// printJSON prints v as one line.
func (a *app) printJSON(v any) error {
	line, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = a.stdout.Write(append(line, '\n'))
	return writing(err)
}

// writing explains an error of printing results. A reader that has seen enough
// (| head) is no failure.
func writing(err error) error {
	if err == nil || errors.Is(err, syscall.EPIPE) {
		return nil
	}
	return fmt.Errorf("standard output: %w", err)
}

// note tells people what was done beyond what they asked for. With --json it
// belongs into the object.
func (a *app) note(format string, args ...any) {
	if !a.json {
		fmt.Fprintf(a.stderr, "edgeinfer: note: %s\n", oneLine(fmt.Sprintf(format, args...)))
	}
}

// text prints with f, unless JSON is wanted, and reports errors of writing.
func (a *app) text(f func(w io.Writer)) error {
	w := &sticky{w: a.stdout}
	f(w)
	return writing(w.err)
}

// sticky keeps the first error of writing, and writes nothing after it.
type sticky struct {
	w   io.Writer
	err error
}

func (s *sticky) Write(b []byte) (int, error) {
	if s.err == nil {
		_, s.err = s.w.Write(b)
	}
	return len(b), nil
}

// table prints rows in columns.
func table(w io.Writer, f func(w io.Writer)) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	f(t)
	t.Flush()
}

// isTerminal reports whether w is a terminal.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
