package main

import (
	"fmt"
	"regexp"
	"strconv"
)

// check rejects code that Go could not carry: reserved registers, calls and
// returns, addresses of its own, branches out of itself. The end of the code
// is a valid target, because a RET follows there.
func (t *target) check(code []instruction) error {
	for i, in := range code {
		op := opRE.FindString(in.text)
		switch {
		case t.reserved.MatchString(in.text) && !t.again.MatchString(in.text):
			return fmt.Errorf("instruction %d %q: register reserved by Go", i, in.text)
		case t.control.MatchString(op) && !t.allowed.MatchString(op):
			return fmt.Errorf("instruction %d %q: not allowed in a kernel", i, in.text)
		case t.literal.MatchString(in.text):
			return fmt.Errorf("instruction %d %q: reads a literal; pass it as an argument", i, in.text)
		}
		m := t.branch.FindStringSubmatch(in.text)
		if m == nil {
			continue
		}
		if to, err := strconv.ParseUint(m[1], 0, 64); err != nil || to > uint64(4*len(code)) {
			return fmt.Errorf("instruction %d %q: leaves the kernel", i, in.text)
		}
	}
	return nil
}

var opRE = regexp.MustCompile(`^\S+`)
