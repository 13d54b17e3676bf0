package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/edgeinfer/edgeinfer/internal/atomicfile"
	"github.com/edgeinfer/edgeinfer/train"
)

// trainShow shows how training goes: a bar on a terminal, and a line for each
// epoch, which also goes to the log.
type trainShow struct {
	a       *app
	term    io.Writer // nil if there is no terminal
	drawn   time.Time
	path    string // of the log; "" for none
	lines   [][]byte
	epochs  int
	started bool
}

func (a *app) newTrainShow(base string) *trainShow {
	s := &trainShow{a: a}
	if isTerminal(a.stderr) {
		s.term = a.stderr
	}
	if base != "" {
		s.path = base + ".log.jsonl"
	}
	return s
}

// progress draws the bar, at most ten times a second.
func (s *trainShow) progress(p train.Progress) {
	s.epochs = p.Epochs
	now := time.Now()
	if s.term == nil || now.Sub(s.drawn) < 100*time.Millisecond {
		return
	}
	s.drawn = now
	const width = 24
	full := width * p.Batch / max(p.Batches, 1)
	left := time.Duration(p.SecondsLeft * float64(time.Second)).Round(time.Second)
	line := fmt.Sprintf("%s %s%s  %s left  %.0f samples/s  %s", s.epoch(p.Epoch), strings.Repeat("█", full), strings.Repeat("░", width-full), left, p.SamplesPerSec, valuesText(p.Metrics))
	fmt.Fprintf(s.term, "\r\x1b[K%s", s.fit(line))
}

// fit cuts a line to the terminal's width: a longer one could not be overwritten.
func (s *trainShow) fit(line string) string {
	f, ok := s.term.(*os.File)
	if !ok {
		return line
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if r := []rune(line); err == nil && width > 1 && len(r) >= width {
		return string(r[:width-1])
	}
	return line
}

func (s *trainShow) epoch(n int) string {
	if s.epochs > 0 {
		return fmt.Sprintf("epoch %d/%d", n, s.epochs)
	}
	return fmt.Sprintf("epoch %d", n)
}

// close removes the bar.
func (s *trainShow) close() {
	if s.term != nil && !s.drawn.IsZero() {
		fmt.Fprint(s.term, "\r\x1b[K")
		s.drawn = time.Time{}
	}
}

// Write takes the line of an epoch: package train's log.
func (s *trainShow) Write(line []byte) (int, error) {
	var e train.Epoch
	if err := json.Unmarshal(line, &e); err != nil {
		return 0, err
	}
	s.close()
	fmt.Fprintf(s.a.stderr, "%s  %s  %.0f samples/s  %.1f s\n", s.epoch(e.Epoch), valuesText(e.Metrics), float64(e.Samples)/max(e.Seconds, 1e-9), e.Seconds)
	if s.path == "" {
		return len(line), nil
	}
	if !s.started { // what is trained on from a checkpoint has epochs before it
		s.started = true
		if old, err := os.ReadFile(s.path); err == nil && e.Epoch > 1 {
			s.lines = bytes.SplitAfter(old, []byte("\n"))
		}
	}
	s.lines = append(s.lines[:min(e.Epoch-1, len(s.lines))], bytes.Clone(line))
	return len(line), atomicfile.WriteBytes(s.path, bytes.Join(s.lines, nil))
}

// valuesText prints metrics for people.
func valuesText(v train.Values) string {
	var parts []string
	for _, x := range v {
		if math.Abs(x.Value) >= 1000 {
			parts = append(parts, fmt.Sprintf("%s %.1f", x.Name, x.Value))
			continue
		}
		parts = append(parts, fmt.Sprintf("%s %.4f", x.Name, x.Value))
	}
	return strings.Join(parts, "  ")
}
