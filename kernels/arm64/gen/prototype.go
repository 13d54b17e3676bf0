package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// prototype is one function that the head of a source declares. No kernel has
// a result.
type prototype struct {
	n    int    // of "for: N=…", or 0
	decl string // the text after "func "
	name string
	doc  []string // the comment before it
	args []argument
	size int // bytes of all arguments on the stack
}

// argument is one parameter: its place on Go's stack and in a register.
type argument struct {
	name      string
	off, size int
	reg       string // x0 … x26, or r0 … r12
}

var declRE = regexp.MustCompile(`^// func ((\w+)\(([^()]*)\))$`)

// parse reads the head of a source and returns its function, or one for each
// N that it is made for.
func (t *target) parse(text string) ([]*prototype, error) {
	p := &prototype{}
	var in, numbers string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if !strings.HasPrefix(line, "//") {
			break
		}
		if m := declRE.FindStringSubmatch(line); m != nil {
			p.decl, p.name = m[1], m[2]
			if err := t.layOut(p, m[3]); err != nil {
				return nil, err
			}
		} else if p.name == "" {
			p.doc = append(p.doc, line)
		} else if after, ok := strings.CutPrefix(line, "// in: "); ok {
			in = after
		} else if after, ok := strings.CutPrefix(line, "// for: N="); ok {
			numbers = after
		}
	}
	if p.name == "" || in == "" {
		return nil, fmt.Errorf(`head: no "// func name(…)" followed by "// in: arg=x0 …"`)
	}
	if err := t.bind(p, in); err != nil {
		return nil, err
	}
	if numbers == "" {
		return []*prototype{p}, nil
	}
	return p.instances(numbers)
}

// instances returns p for each of the numbers, with N replaced.
func (p *prototype) instances(numbers string) ([]*prototype, error) {
	stem, ok := strings.CutSuffix(p.name, "N")
	if !ok {
		return nil, fmt.Errorf("function %s: its name must end in N, because it has a for: line", p.name)
	}
	var all []*prototype
	for _, number := range strings.Split(numbers, ",") {
		n, err := strconv.Atoi(number)
		if err != nil || n <= 0 {
			return nil, fmt.Errorf("for: N=%s: not a positive number", number)
		}
		q := *p
		q.n, q.name = n, stem+number
		q.decl = strings.Replace(p.decl, p.name, q.name, 1)
		q.doc = make([]string, len(p.doc))
		for i, line := range p.doc {
			line = strings.ReplaceAll(line, p.name, q.name)
			q.doc[i] = strings.ReplaceAll(line, "<= N ", "<= "+number+" ")
		}
		all = append(all, &q)
	}
	return all, nil
}

// file returns the name of the file generated from the source at path.
func (p *prototype) file(path, arch string) string {
	stem := strings.TrimSuffix(filepath.Base(path), ".S")
	if p.n > 0 {
		stem += strconv.Itoa(p.n)
	}
	return stem + "_" + arch + ".s"
}

// layOut fills args from a parameter list such as "y, a *int8, n int".
func (t *target) layOut(p *prototype, params string) error {
	first := 0 // of the names that wait for their type
	for _, param := range strings.Split(params, ",") {
		name, typ, typed := strings.Cut(strings.TrimSpace(param), " ")
		p.args = append(p.args, argument{name: name})
		if !typed {
			continue
		}
		size, err := t.sizeOf(typ)
		if err != nil {
			return err
		}
		for i := first; i < len(p.args); i++ {
			p.size = (p.size + size - 1) &^ (size - 1)
			p.args[i].off, p.args[i].size = p.size, size
			p.size += size
		}
		first = len(p.args)
	}
	return nil
}

// sizeOf returns the bytes of a type.
func (t *target) sizeOf(typ string) (int, error) {
	switch {
	case strings.HasPrefix(typ, "*"), typ == "int":
		return t.word, nil
	case typ == "int32", typ == "float32":
		return 4, nil
	}
	return 0, fmt.Errorf("parameter type %s: use a pointer, int, int32 or float32", typ)
}

// bind gives each argument the register that "arg=reg …" names.
func (t *target) bind(p *prototype, in string) error {
	regs := map[string]string{}
	for _, pair := range strings.Fields(in) {
		name, reg, _ := strings.Cut(pair, "=")
		if !t.arguments.MatchString(reg) {
			return fmt.Errorf("argument %s: register %q: use one of %s", name, reg, t.free)
		}
		regs[name] = reg
	}
	if len(regs) != len(p.args) {
		return fmt.Errorf("%d parameters but registers for %d", len(p.args), len(regs))
	}
	for i := range p.args {
		reg, ok := regs[p.args[i].name]
		if !ok {
			return fmt.Errorf("parameter %s has no register", p.args[i].name)
		}
		p.args[i].reg = reg
	}
	return nil
}
