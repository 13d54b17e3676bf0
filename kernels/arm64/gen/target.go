package main

import "regexp"

// target is an architecture: its tools, Go's conventions, and what Go could not
// carry.
type target struct {
	arch       string // GOARCH
	constraint string // the generated files' build constraint
	tools      string // prefix of as and objdump, and the Debian package that has them
	debian     string
	flags      []string
	text       string         // flags of a function
	word       int            // bytes of an int or a pointer
	move       map[int]string // the instruction that loads an argument, by its bytes
	free       string         // registers for arguments
	arguments  *regexp.Regexp

	reserved *regexp.Regexp // registers that a kernel must not name,
	again    *regexp.Regexp // except to read an argument again
	control  *regexp.Regexp // instructions that touch more than registers,
	allowed  *regexp.Regexp // except these
	literal  *regexp.Regexp // reads at an address relative to the code
	branch   *regexp.Regexp // branches, with their target
}

var targets = map[string]*target{
	// Go keeps X18 for the platform, X27 as the assembler's own, X28 for the
	// goroutine, X29 and X30 as frame and link, and moves stacks under SP.
	"arm64": {
		arch:      "arm64",
		tools:     "aarch64-linux-gnu-",
		debian:    "binutils-aarch64-linux-gnu",
		flags:     []string{"-march=armv8.2-a+dotprod+i8mm"},
		text:      "NOSPLIT|NOFRAME",
		word:      8,
		move:      map[int]string{4: "MOVWU", 8: "MOVD"},
		free:      "x0 to x17 or x19 to x26",
		arguments: regexp.MustCompile(`^x(\d|1[0-7]|19|2[0-6])$`),
		reserved:  regexp.MustCompile(`\b([xw](18|27|28|29|30)|wsp|sp|lr|fp)\b`),
		again:     regexp.MustCompile(`^ldr x([0-9]|1[0-7]|19|2[0-6]), \[sp, #([89]|[1-9]\d+)\]$`),
		allowed:   regexp.MustCompile(`^(b|b\.\w+|cbn?z|tbn?z|ld[rp]sw|ld[rp]|ldur|ld1r|ld[1-4]|st[rp]|stur|st[1-4])$`),
		control:   regexp.MustCompile(`^(b|bl.*|br.*|ret.*|eret.*|svc|hvc|smc|hlt|brk|adrp?|ld.*|st.*|prf.*|pac.*|aut.*|sys.*|m[rs][rs]|hint|\..*|cb.*|tbn?z|b\..*|cas.*|swp.*|udf)$`),
		literal:   regexp.MustCompile(`^ldr(sw)?\s+\w+, (0x|#)?[0-9a-f]+`),
		branch:    regexp.MustCompile(`^(?:b|b\.\w+|cbn?z|tbn?z)\s.*?(0x[0-9a-f]+)$`),
	},
	// R10 is the goroutine, R11 the assembler's own; objdump calls them sl and fp.
	// Reading a literal means naming pc.
	"arm": {
		arch:       "arm",
		constraint: "//go:build arm.7\n\n",
		tools:      "arm-linux-gnueabihf-",
		debian:     "binutils-arm-linux-gnueabihf",
		flags:      []string{"-march=armv7-a", "-mfpu=neon"},
		text:       "NOSPLIT",
		word:       4,
		move:       map[int]string{4: "MOVW"},
		free:       "r0 to r9 or r12",
		arguments:  regexp.MustCompile(`^r(\d|12)$`),
		again:      regexp.MustCompile(`^$`),
		reserved:   regexp.MustCompile(`\b(sl|fp|sp|lr|pc|r1[01345])\b`),
		allowed:    regexp.MustCompile(`^(b(eq|ne|cs|cc|hs|lo|mi|pl|hi|ls|ge|lt|gt|le)?|ldr(sb|sh|h|b|d)?|ldm(ia)?|str|vld1\.\d+|vst1\.\d+)$`),
		control:    regexp.MustCompile(`^(b|b(eq|ne|cs|cc|hs|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le|al)|bl.*|bx.*|bkpt|adr.*|ld.*|st.*|v?push|v?pop|vld.*|vst.*|pld.*|m[rs][rs]|vm[rs][rs]|mcr.*|mrc.*|cdp.*|svc|udf.*|cps.*|\..*)$`),
		literal:    regexp.MustCompile(`^$`),
		branch:     regexp.MustCompile(`^b(?:\w\w)?\s+(0x[0-9a-f]+)$`),
	},
}
