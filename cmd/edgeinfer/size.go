package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// size is a flag of bytes: "1048576", "64KB", "512MiB", "1.5G". KB is 1000
// bytes and KiB 1024; K, M and G alone are binary.
type size int64

var units = []struct {
	name  string
	bytes float64
}{
	{"kib", 1 << 10}, {"mib", 1 << 20}, {"gib", 1 << 30},
	{"kb", 1e3}, {"mb", 1e6}, {"gb", 1e9},
	{"k", 1 << 10}, {"m", 1 << 20}, {"g", 1 << 30}, {"b", 1}, {"", 1},
}

func (s *size) Set(text string) error {
	low := strings.ToLower(strings.TrimSpace(text))
	for _, u := range units {
		number, ok := strings.CutSuffix(low, u.name)
		if !ok {
			continue
		}
		x, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		if err != nil || !(x*u.bytes >= 1) || x*u.bytes > math.MaxInt64/2 {
			break
		}
		*s = size(x * u.bytes)
		return nil
	}
	return fmt.Errorf("%q is no number of bytes: write 512MiB, 64KB or 1048576", text)
}

func (s *size) Type() string { return "bytes" }

// String formats bytes exactly: 512MiB, 64KiB, or the plain number.
func (s *size) String() string {
	for _, u := range []struct {
		name string
		n    int64
	}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}} {
		if *s != 0 && int64(*s)%u.n == 0 {
			return strconv.FormatInt(int64(*s)/u.n, 10) + u.name
		}
	}
	return strconv.FormatInt(int64(*s), 10)
}

// bytesText formats bytes for people, with three digits.
func bytesText(n int64) string {
	switch {
	case n < 10_000:
		return fmt.Sprintf("%d B", n)
	case n < 1<<20:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	if n < 1<<30 {
		return fmt.Sprintf("%.2f MiB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%.2f GiB", float64(n)/(1<<30))
}

// countText formats a count for people: 2.66 M.
func countText(n int64) string {
	x := float64(n)
	switch {
	case x >= 1e9:
		return fmt.Sprintf("%.2f G", x/1e9)
	case x >= 1e6:
		return fmt.Sprintf("%.2f M", x/1e6)
	case x >= 1e4:
		return fmt.Sprintf("%.1f k", x/1e3)
	}
	return strconv.FormatInt(n, 10)
}
