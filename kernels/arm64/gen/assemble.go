package main

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// instruction is one word of machine code.
type instruction struct {
	word uint32
	text string // its disassembly; branch targets are bytes from the start
}

// assemble returns the code of the source at path, with the symbol N set to n.
func (t *target) assemble(path string, n int) ([]instruction, error) {
	dir, err := os.MkdirTemp("", "gen")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	obj := filepath.Join(dir, "kernel.o")
	cmd := exec.Command(t.tools+"as", append(t.flags, "--defsym", fmt.Sprint("N=", n), "-I", filepath.Dir(path), "-o", obj, path)...)
	if msg, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, msg)
	}
	words, err := textWords(obj)
	if err != nil {
		return nil, err
	}
	listing, err := exec.Command(t.tools+"objdump", "-d", "-z", "--no-show-raw-insn", obj).Output()
	if err != nil {
		return nil, fmt.Errorf("%sobjdump: %w", t.tools, err)
	}
	return annotate(words, string(listing))
}

// textWords returns the machine code of an object file, which must be complete.
func textWords(obj string) ([]uint32, error) {
	f, err := elf.Open(obj)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for _, s := range f.Sections {
		if (s.Type == elf.SHT_RELA || s.Type == elf.SHT_REL) && s.Size > 0 {
			return nil, fmt.Errorf("section %s: the code needs relocations: refer to nothing outside of it", s.Name)
		}
		if (s.Name == ".data" || s.Name == ".bss" || strings.HasPrefix(s.Name, ".rodata")) && s.Size > 0 {
			return nil, fmt.Errorf("section %s is not empty: only .text is kept", s.Name)
		}
	}
	text := f.Section(".text")
	if text == nil {
		return nil, fmt.Errorf("no .text")
	}
	code, err := text.Data()
	if err != nil {
		return nil, err
	}
	words := make([]uint32, len(code)/4)
	return words, binary.Read(bytes.NewReader(code), binary.LittleEndian, words)
}

var (
	listedRE = regexp.MustCompile(`^\s*([0-9a-f]+):\s+(.*)$`)
	remarkRE = regexp.MustCompile(`\s*(//|@|;).*`)
	targetRE = regexp.MustCompile(`\b([0-9a-f]+) <[^>]*>`)
)

// annotate joins words with the lines of a listing.
func annotate(words []uint32, listing string) ([]instruction, error) {
	var code []instruction
	for line := range strings.Lines(listing) {
		m := listedRE.FindStringSubmatch(strings.TrimRight(line, "\n"))
		if m == nil {
			continue
		}
		at, err := strconv.ParseInt(m[1], 16, 64)
		if err != nil || at != int64(4*len(code)) || len(code) == len(words) {
			return nil, fmt.Errorf("disassembly: line %q is out of place", line)
		}
		text := targetRE.ReplaceAllString(m[2], "0x$1")
		text = remarkRE.ReplaceAllString(text, "")
		code = append(code, instruction{words[len(code)], strings.Join(strings.Fields(text), " ")})
	}
	if len(code) != len(words) || len(code) == 0 {
		return nil, fmt.Errorf("disassembly: %d lines for %d words", len(code), len(words))
	}
	return code, nil
}
