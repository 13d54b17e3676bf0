package npy

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// literal reads the few Python literals that occur in a header: a dictionary
// with string keys, strings without escapes, True and False, tuples of integers.
type literal struct{ rest string }

// peek skips space and returns the next byte, 0 at the end.
func (p *literal) peek() byte {
	p.rest = strings.TrimLeft(p.rest, " \t\r\n")
	if p.rest == "" {
		return 0
	}
	return p.rest[0]
}

// take skips space and then c, if it is there.
func (p *literal) take(c byte) bool {
	if p.peek() != c {
		return false
	}
	p.rest = p.rest[1:]
	return true
}

func (p *literal) want(c byte) error {
	if !p.take(c) {
		return fmt.Errorf("no %q at %q", c, clip(p.rest))
	}
	return nil
}

// dict calls value for each key; value reads what follows the colon.
func (p *literal) dict(value func(key string) error) error {
	if err := p.want('{'); err != nil {
		return err
	}
	for !p.take('}') {
		key, err := p.str()
		if err != nil {
			return err
		}
		if err := p.want(':'); err != nil {
			return err
		}
		if err := value(key); err != nil {
			return err
		}
		if !p.take(',') && p.peek() != '}' {
			return fmt.Errorf("no comma at %q", clip(p.rest))
		}
	}
	if p.peek() != 0 {
		return fmt.Errorf("unexpected %q at the end", clip(p.rest))
	}
	return nil
}

func (p *literal) str() (string, error) {
	quote := p.peek()
	if quote != '\'' && quote != '"' {
		return "", fmt.Errorf("no string at %q", clip(p.rest))
	}
	end := strings.IndexByte(p.rest[1:], quote)
	if end < 0 {
		return "", errors.New("string without end")
	}
	s := p.rest[1 : 1+end]
	p.rest = p.rest[end+2:]
	return s, nil
}

func (p *literal) boolean() (bool, error) {
	p.peek()
	if rest, ok := strings.CutPrefix(p.rest, "True"); ok {
		p.rest = rest
		return true, nil
	}
	if rest, ok := strings.CutPrefix(p.rest, "False"); ok {
		p.rest = rest
		return false, nil
	}
	return false, fmt.Errorf("neither True nor False at %q", clip(p.rest))
}

// tuple reads dimensions. Python 2 wrote long ones with an L.
func (p *literal) tuple() ([]int, error) {
	if err := p.want('('); err != nil {
		return nil, err
	}
	dims := []int{}
	for !p.take(')') {
		p.peek()
		digits := len(p.rest) - len(strings.TrimLeft(p.rest, "0123456789"))
		dim, err := strconv.Atoi(p.rest[:digits])
		if err != nil {
			return nil, fmt.Errorf("shape: no dimension that fits this machine at %q", clip(p.rest))
		}
		if len(dims) == maxDims {
			return nil, fmt.Errorf("shape has more than %d dimensions", maxDims)
		}
		dims = append(dims, dim)
		p.rest = strings.TrimPrefix(p.rest[digits:], "L")
		if !p.take(',') && p.peek() != ')' {
			return nil, fmt.Errorf("shape: no comma at %q", clip(p.rest))
		}
	}
	return dims, nil
}

// clip shortens what an error quotes from an untrusted file.
func clip(s string) string {
	if len(s) > 24 {
		return s[:24] + "…"
	}
	return s
}
