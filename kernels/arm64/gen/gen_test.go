package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var arm64 = targets["arm64"]

// needAssembler skips the test where binutils for t are missing, which CI must
// not do.
func needAssembler(t *testing.T, arch *target) {
	for _, tool := range []string{"as", "objdump"} {
		if _, err := exec.LookPath(arch.tools + tool); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatalf("%v: install %s", err, arch.debian)
			}
			t.Skipf("%v: install %s", err, arch.debian)
		}
	}
}

var disassemblyRE = regexp.MustCompile(`(WORD\t\$0x[0-9a-f]{8}) // .*`)

// code drops the disassembly, which binutils may spell otherwise next year.
func code(text string) string { return disassemblyRE.ReplaceAllString(text, "$1") }

// TestCommitted compares what is committed with what the sources yield.
func TestCommitted(t *testing.T) {
	for arch, target := range targets {
		t.Run(arch, func(t *testing.T) {
			needAssembler(t, target)
			dir := filepath.Join("../..", arch)
			files, err := target.generate(filepath.Join(dir, "src"))
			require.NoError(t, err)
			for name, want := range files {
				got, err := os.ReadFile(filepath.Join(dir, name))
				require.NoError(t, err)
				assert.Equal(t, code(want), code(string(got)), "%s: run go generate ./kernels/%s", name, arch)
			}
			committed, err := filepath.Glob(filepath.Join(dir, "*.s"))
			require.NoError(t, err)
			for _, path := range committed {
				assert.Contains(t, files, filepath.Base(path), "has no source: remove it")
			}
		})
	}
}

const head = "// f is for tests.\n//\n// func f(p *int8, n int32, x, y float32, m int)\n// in: p=x0 n=x1 x=x2 y=x3 m=x4\n"

// compileText returns the error of compiling a body under head.
func compileText(t *testing.T, body string) error {
	path := filepath.Join(t.TempDir(), "f.S")
	require.NoError(t, os.WriteFile(path, []byte(head+body), 0o644))
	_, err := arm64.compile(path, 0)
	return err
}

func TestReject(t *testing.T) {
	needAssembler(t, arm64)
	for _, tt := range []struct{ body, want string }{
		{"mov x18, x0", "reserved"},
		{"add w27, w0, w1", "reserved"},
		{"ldr q0, [x28, x1]", "reserved"},
		{"stp x0, x29, [x1]", "reserved"},
		{"mov w30, #1", "reserved"},
		{"ldr q0, [sp, #16]", "reserved"},
		{"ldr x27, [sp, #16]", "reserved"},
		{"ldr x0, [sp]", "reserved"},
		{"ldr x0, [sp, #8]!", "reserved"},
		{"str x0, [sp, #16]", "reserved"},
		{"add x0, sp, #16", "reserved"},
		{"str q0, [x1, w18, uxtw #4]", "reserved"},
		{"ret", "not allowed"},
		{"br x0", "not allowed"},
		{"blr x0", "not allowed"},
		{"1: bl 1b", "not allowed"},
		{"bl away", "relocations"},
		{"b away", "relocations"},
		{"1: adr x0, 1b", "not allowed"},
		{"adrp x0, away", "relocations"},
		{"svc #0", "not allowed"},
		{"brk #1", "not allowed"},
		{"mrs x0, fpcr", "not allowed"},
		{"msr fpcr, x0", "not allowed"},
		{".word 0", "not allowed"},
		{"1: ldr q0, 1b", "literal"},
		{"1: ldr x0, 1b", "literal"},
		{"ldr x0, =0x123456789abcdef", "literal"},
		{"b .+64", "leaves"},
		{"nop\ncbz x0, .-8", "leaves"},
		{"nop\n.data\n.word 1", ".data"},
		{"fnord v0", "fnord"},
		{"", "0 words"},
	} {
		assert.ErrorContains(t, compileText(t, tt.body+"\n"), tt.want, tt.body)
	}
}

// TestReject32 tries what differs on 32 bits.
func TestReject32(t *testing.T) {
	arm := targets["arm"]
	needAssembler(t, arm)
	for _, tt := range []struct{ body, want string }{
		{"mov r10, r0", "reserved"},
		{"add r0, r11, r1", "reserved"},
		{"vld1.8 {d0}, [sp]", "reserved"},
		{"ldr r0, [pc, #4]", "reserved"},
		{"bx r0", "not allowed"},
		{"1: bl 1b", "not allowed"},
		{"vmsr fpscr, r0", "not allowed"},
		{"stm r0, {r1, r2}", "not allowed"},
		{"b .+64", "leaves"},
		{"bicne r0, r0, r1\nbne .-8", "leaves"},
	} {
		path := filepath.Join(t.TempDir(), "f.S")
		require.NoError(t, os.WriteFile(path, []byte(tt.body+"\n"), 0o644))
		_, err := arm.compile(path, 0)
		assert.ErrorContains(t, err, tt.want, tt.body)
	}
}

func TestAccept(t *testing.T) {
	needAssembler(t, arm64)
	for _, body := range []string{
		"cbz x0, 1f\nsdot v0.4s, v1.16b, v2.4b[3]\n1:",
		"ldpsw x15, x16, [x19], #8",
		"ld1r {v18.4s}, [x25]\nst1 {v27.s}[1], [x26]",
		"1: subs x0, x0, #28\nb.ne 1b",
	} {
		assert.NoError(t, compileText(t, body+"\n"), body)
	}
}

func TestParse(t *testing.T) {
	ps, err := arm64.parse(head)
	require.NoError(t, err)
	require.Len(t, ps, 1)
	assert.Equal(t, &prototype{
		decl: "f(p *int8, n int32, x, y float32, m int)", name: "f", size: 32,
		doc: []string{"// f is for tests.", "//"},
		args: []argument{
			{"p", 0, 8, "x0"}, {"n", 8, 4, "x1"}, {"x", 12, 4, "x2"}, {"y", 16, 4, "x3"}, {"m", 24, 8, "x4"},
		},
	}, ps[0])

	ps, err = arm64.parse("// fN takes i <= N rows.\n// func fN(n int)\n// in: n=x3\n// for: N=8,2\n")
	require.NoError(t, err)
	require.Len(t, ps, 2)
	assert.Equal(t, "f2(n int)", ps[1].decl)
	assert.Equal(t, []string{"// f2 takes i <= 2 rows."}, ps[1].doc)
	assert.Equal(t, "f_s82_arm64.s", ps[1].file("src/f_s8.S", "arm64"))
}

func TestParseErrors(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"nop\n", "no \"// func"},
		{"// func f(n int)\nnop\n", "no \"// func"},
		{"// func f(n int)\n// in: n=x18\n", "x18"},
		{"// func f(n int)\n// in: n=v0\n", "v0"},
		{"// func f(n, m int)\n// in: n=x0\n", "2 parameters"},
		{"// func f(n, m int)\n// in: n=x0 k=x1\n", "m has no register"},
		{"// func f(s []int8)\n// in: s=x0\n", "[]int8"},
		{"// func f(n int)\n// in: n=x0\n// for: N=4\n", "end in N"},
		{"// func fN(n int)\n// in: n=x0\n// for: N=four\n", "four"},
	} {
		_, err := arm64.parse(tt.text)
		assert.ErrorContains(t, err, tt.want, tt.text)
	}
}
