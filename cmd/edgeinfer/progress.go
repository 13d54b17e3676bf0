package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// progress is a bar on a terminal's standard error; in a pipe it prints
// nothing. It draws at most ten times a second.
type progress struct {
	w           io.Writer // nil for none
	total, done int
	start, last time.Time
}

func (a *app) newProgress(total int) *progress {
	p := &progress{total: total, start: time.Now()}
	if isTerminal(a.stderr) {
		p.w = a.stderr
	}
	return p
}

func (p *progress) add(n int) {
	p.done += n
	now := time.Now()
	if p.w == nil || now.Sub(p.last) < 100*time.Millisecond || now.Sub(p.start) < 500*time.Millisecond {
		return
	}
	p.last = now
	fmt.Fprintf(p.w, "\r\x1b[K%s", p.line(now))
}

func (p *progress) line(now time.Time) string {
	const width = 30
	rate := float64(p.done) / now.Sub(p.start).Seconds()
	if p.total < p.done || p.total == 0 { // a file can hold several sets
		return fmt.Sprintf("%d  %.0f/s", p.done, rate)
	}
	full := width * p.done / p.total
	left := time.Duration(float64(p.total-p.done) / rate * float64(time.Second)).Round(time.Second)
	return fmt.Sprintf("%s%s %d/%d  %.0f/s  %s left", strings.Repeat("█", full), strings.Repeat("░", width-full), p.done, p.total, rate, left)
}

// close removes the bar.
func (p *progress) close() {
	if p.w != nil && !p.last.IsZero() {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
