package report

import (
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// esc escapes text for elements and attributes. Characters that XML knows not,
// and those that turn the direction of the text around them, become U+FFFD.
func esc(s string) string {
	return html.EscapeString(strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case unicode.IsControl(r), r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfffe, r == 0xffff:
			return unicode.ReplacementChar
		}
		return r // U+FFFD for what is not UTF-8
	}, s))
}

// number formats a measure with about four digits.
func number(x float64) string {
	switch a := math.Abs(x); {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return "–"
	case a == 0:
		return "0"
	case a < 0.01:
		return strconv.FormatFloat(x, 'g', 3, 64)
	case a >= 1e6:
		return strconv.FormatFloat(x, 'g', 4, 64)
	case a >= 100:
		return strconv.FormatFloat(x, 'f', 1, 64)
	case a >= 1:
		return strconv.FormatFloat(x, 'f', 3, 64)
	}
	return strconv.FormatFloat(x, 'f', 4, 64)
}

// duration formats seconds: "0.52 s", "3 min 5 s", "2 h 10 min".
func duration(s float64) string {
	switch n := int64(min(max(s, 0), 1e12) + 0.5); {
	case n >= 7200:
		return fmt.Sprintf("%d h %d min", n/3600, n%3600/60)
	case n >= 120:
		return fmt.Sprintf("%d min %d s", n/60, n%60)
	}
	return strconv.FormatFloat(s, 'g', 3, 64) + " s"
}

// percent formats a share: "97.3 %", which does not break.
func percent(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "–"
	}
	return strconv.FormatFloat(100*x, 'f', 1, 64) + "\u202f%"
}

// grouped formats a count with thin spaces between thousands.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	from := 0
	if n < 0 {
		from = 1
	}
	for i := len(s) - 3; i > from; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}

// ratio returns a share; that of nothing is 0.
func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// plural returns "1 sample" or "3 samples".
func plural(n int, what string) string {
	s := grouped(int64(n)) + " " + what
	switch {
	case n == 1:
		return s
	case strings.HasSuffix(what, "s"):
		return s + "es"
	}
	return s + "s"
}
