// Command gen turns the GNU-syntax kernels of a folder src into Go assembly.
//
// Go's assemblers know few of the instructions that the kernels need (no
// multiply by lane, no SDOT, no SQRDMULH), so they are written for GNU as, and
// what is committed is their machine code as WORD lines, each beside its
// disassembly. Nobody needs an assembler to build the module; to change a
// kernel one needs Debian's binutils-aarch64-linux-gnu, and for 32 bits
// binutils-arm-linux-gnueabihf. Run it by
//
//	go generate ./kernels/arm64 ./kernels/arm
//
// A source is one function. Its head is a comment: what it does, as the loop in
// Go, its prototype, and the registers that hold the arguments:
//
//	// gemmNEONN computes m <= N rows …
//	//
//	// func gemmNEONN(y *int8, ld int, m int)
//	// in: y=x0 ld=x1 m=x2
//	// for: N=8,4
//
// The last line, if there is one, makes a function of it for each number: N is
// the last letter of its name and a symbol in the source.
//
// It runs in Go's ABI0 and falls off its end instead of returning. It may use
// every V register, X0 to X17 and X19 to X26 (on 32 bits R0 to R9 and R12), and no
// stack, but on 64 bits to read an argument again: the one at n+m(FP) is at
// [sp, #8+m].
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	src := flag.String("src", "src", "folder of the sources, *.S")
	out := flag.String("out", ".", "folder of the generated files")
	arch := flag.String("arch", "arm64", "arm64 or arm")
	flag.Parse()
	if err := run(*arch, *src, *out); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arch, src, out string) error {
	t := targets[arch]
	if t == nil {
		return fmt.Errorf("gen: -arch %s: use arm64 or arm", arch)
	}
	files, err := t.generate(src)
	if err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(out, name), []byte(text), 0o644); err != nil {
			return fmt.Errorf("gen: %w", err)
		}
	}
	return nil
}

// generate returns the generated files by name: a .s for each source, and the
// stubs.
func (t *target) generate(src string) (map[string]string, error) {
	paths, err := filepath.Glob(filepath.Join(src, "*.S"))
	if err != nil || len(paths) == 0 {
		return nil, fmt.Errorf("gen: folder %s holds no *.S", src)
	}
	files := map[string]string{}
	var protos []*prototype
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("gen: %w", err)
		}
		ps, err := t.parse(string(text))
		if err != nil {
			return nil, fmt.Errorf("gen: %s: %w", path, err)
		}
		for _, p := range ps {
			code, err := t.compile(path, p.n)
			if err != nil {
				return nil, fmt.Errorf("gen: %s: %s: %w", path, p.name, err)
			}
			files[p.file(path, t.arch)] = t.routine(p, filepath.Base(path), code)
		}
		protos = append(protos, ps...)
	}
	files["stubs_"+t.arch+".go"] = t.stubs(protos)
	return files, nil
}

// compile returns the checked code of the source at path.
func (t *target) compile(path string, n int) ([]instruction, error) {
	code, err := t.assemble(path, n)
	if err != nil {
		return nil, err
	}
	return code, t.check(code)
}
