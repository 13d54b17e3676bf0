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
	left := time.Duration(p.SecondsLeft * float64(time.Second)).Round(time.Second)
	epoch := s.epoch(p.Epoch)
	facts := fmt.Sprintf("  %s  %s left  %.0f samples/s", valuesText(p.Metrics), left, p.SamplesPerSec)
	const widest, narrowest = 24, 6
	room := s.width() - 2 // a blank, and the last column: a full line could not be overwritten
	width := min(widest, max(narrowest, room-len(epoch)-len(facts)))
	full := width * p.Batch / max(p.Batches, 1)
	line := []rune(epoch + " " + strings.Repeat("█", full) + strings.Repeat("░", width-full) + facts)
	fmt.Fprintf(s.term, "\r\x1b[K%s", string(line[:min(len(line), max(room, 0)+1)]))
}

// width returns the terminal's width in columns.
func (s *trainShow) width() int {
	if f, ok := s.term.(*os.File); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 1 {
			return width
		}
	}
	return 80
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
