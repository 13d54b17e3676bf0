package main

import (
	"fmt"
	"regexp"
	"strconv"
)

// Go keeps X18 for the platform, X27 as the assembler's own, X28 for the
// goroutine, X29 and X30 as frame and link, and moves stacks under SP.
var (
	reservedRE = regexp.MustCompile(`\b([xw](18|27|28|29|30)|wsp|sp|lr|fp)\b`)
	allowedRE  = regexp.MustCompile(`^(b|b\.\w+|cbn?z|tbn?z|ld[rp]sw|ld[rp]|ldur|ld1r?|st[rp]|stur|st1)$`)
	controlRE  = regexp.MustCompile(`^(b|bl.*|br.*|ret.*|eret.*|svc|hvc|smc|hlt|brk|adrp?|ld.*|st.*|prf.*|pac.*|aut.*|sys.*|m[rs][rs]|hint|\..*|cb.*|tbn?z|b\..*|cas.*|swp.*|udf)$`)
	literalRE  = regexp.MustCompile(`^ldr(sw)?\s+\w+, (0x|#)?[0-9a-f]+`)
	branchRE   = regexp.MustCompile(`^(?:b|b\.\w+|cbn?z|tbn?z)\s.*?(0x[0-9a-f]+)$`)
)

// check rejects code that Go could not carry: reserved registers, calls and
// returns, addresses of its own, branches out of itself. The end of the code
// is a valid target, because a RET follows there.
func check(code []instruction) error {
	for i, in := range code {
		op := opRE.FindString(in.text)
		switch {
		case reservedRE.MatchString(in.text):
			return fmt.Errorf("instruction %d %q: register reserved by Go", i, in.text)
		case controlRE.MatchString(op) && !allowedRE.MatchString(op):
			return fmt.Errorf("instruction %d %q: not allowed in a kernel", i, in.text)
		case literalRE.MatchString(in.text):
			return fmt.Errorf("instruction %d %q: reads a literal; pass it as an argument", i, in.text)
		}
		m := branchRE.FindStringSubmatch(in.text)
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
