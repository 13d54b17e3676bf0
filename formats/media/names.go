package media

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// FormatNames writes names of classes as Ultralytics' tools write them into a
// model's metadata, under the key "names": a literal of Python,
// {0: 'person', 1: 'bicycle'}.
func FormatNames(names []string) string {
	var all []string
	for i, name := range names {
		quoted := strconv.Quote(name) // what Go escapes, Python reads
		if quoted == `"`+name+`"` && !strings.Contains(name, "'") {
			quoted = "'" + name + "'"
		}
		all = append(all, fmt.Sprintf("%d: %s", i, quoted))
	}
	return "{" + strings.Join(all, ", ") + "}"
}

// ParseNames reads what FormatNames writes, the same in JSON, and a list,
// ['person', 'bicycle']. Classes between those that are named have the empty name.
func ParseNames(text string) ([]string, error) {
	p := &nameParser{rest: text}
	end := byte('}')
	if p.peek() == '[' {
		end = ']'
	} else if p.peek() != '{' {
		return nil, errors.New("names: {0: 'cat', 1: 'dog'} belongs here")
	}
	p.rest = p.rest[1:]
	var names []string
	for p.err == nil && p.peek() != end {
		class := len(names)
		if end == '}' {
			class = p.class()
		}
		name := p.quoted()
		if p.peek() != end {
			p.want(',')
		}
		for p.err == nil && len(names) <= class {
			names = append(names, "")
		}
		if p.err == nil {
			names[class] = name
		}
	}
	p.want(end)
	if p.err == nil && p.peek() != 0 {
		p.fail("nothing more")
	}
	if p.err != nil {
		return nil, p.err
	}
	return names, nil
}

// nameParser takes a text apart from its beginning on.
type nameParser struct {
	rest string
	err  error
}

// peek returns the next byte that is no space, 0 at the end.
func (p *nameParser) peek() byte {
	if p.rest = strings.TrimLeft(p.rest, " \t\r\n"); p.rest == "" {
		return 0
	}
	return p.rest[0]
}

func (p *nameParser) fail(want string) {
	if p.err == nil {
		p.err = fmt.Errorf("names: %s belongs before %.20q", want, p.rest)
	}
}

func (p *nameParser) want(c byte) {
	if p.peek() != c {
		p.fail(strconv.QuoteRune(rune(c)))
		return
	}
	p.rest = p.rest[1:]
}

// class reads a class's number and the colon after it.
func (p *nameParser) class() int {
	if c := p.peek(); c == '"' || c == '\'' { // a key of JSON
		at := *p
		p.rest = at.quoted() + at.rest
		p.err = at.err
	}
	digits := len(p.rest) - len(strings.TrimLeft(p.rest, "0123456789"))
	n, err := strconv.Atoi(p.rest[:digits])
	if err != nil || n >= maxLabel {
		p.fail("a class's number")
		return 0
	}
	p.rest = p.rest[digits:]
	p.want(':')
	return n
}

// quoted reads a text in quotes of either kind.
func (p *nameParser) quoted() string {
	quote := p.peek()
	if quote != '"' && quote != '\'' {
		p.fail("a name in quotes")
		return ""
	}
	var b strings.Builder
	for rest := p.rest[1:]; rest != ""; {
		if rest[0] == quote {
			p.rest = rest[1:]
			return b.String()
		}
		if len(rest) > 1 && rest[0] == '\\' && (rest[1] == '\'' || rest[1] == '"') {
			b.WriteByte(rest[1])
			rest = rest[2:]
			continue
		}
		r, multibyte, tail, err := strconv.UnquoteChar(rest, 0)
		if err != nil {
			break
		}
		if r < 0x80 || !multibyte {
			b.WriteByte(byte(r))
		} else {
			b.WriteRune(r)
		}
		rest = tail
	}
	p.fail("a name that ends")
	return ""
}
