package network

import (
	"slices"
	"strings"
)

// nearest returns the one of words that was probably meant, "" if none was.
func nearest(word string, words []string) string {
	best, least := "", len(word)/3+2
	for _, w := range words {
		if d := distance(strings.ToLower(word), w); d < least {
			best, least = w, d
		}
	}
	return best
}

// suggest says which of words was probably meant, or lists them.
func suggest(word string, words []string) string {
	if best := nearest(word, words); best != "" {
		return ": did you mean " + best + "?"
	}
	if len(words) == 0 {
		return ": there is none"
	}
	return ": there are " + strings.Join(slices.Sorted(slices.Values(words)), ", ")
}

// distance counts the letters to change, add or leave out that make a out of b
// (Levenshtein, 1966); of long words only the beginnings.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	x, y = x[:min(len(x), 64)], y[:min(len(y), 64)]
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		left := row[0] // of the row above
		row[0] = i + 1
		for j := range y {
			change := left
			if x[i] != y[j] {
				change++
			}
			left = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(y)]
}
