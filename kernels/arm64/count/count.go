// Package count counts the instructions that one run of a model takes on a
// 64-bit ARM. QEMU runs it and logs each block of code that it executes, and the
// instructions of the block when it first sees it. What counts is this module's
// code and the copying and clearing of memory that it asks Go for, between two
// runs when everything has been prepared. It is the same number each time.
package count

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
)

// QEMU is the emulator.
const QEMU = "qemu-aarch64-static"

// Counts says how many instructions a run took, and how many of them in each
// function.
type Counts struct {
	MACs, Total int64
	In          map[string]int64
}

// Run counts what the model at path takes on an emulated CPU. guest is the
// executable of the command guest.
func Run(guest, cpu, path string) (Counts, error) {
	funcs, err := readFunctions(guest)
	if err != nil {
		return Counts{}, err
	}
	cmd := exec.Command(QEMU, "-cpu", cpu, "-d", "exec,nochain,in_asm", "-dfilter", funcs.filter(), guest, path)
	cmd.Env = append(cmd.Environ(), "GOMAXPROCS=1", "GODEBUG=asyncpreemptoff=1", "EDGEINFER_CPU=")
	var out bytes.Buffer
	cmd.Stdout = &out
	log, err := cmd.StderrPipe()
	if err != nil {
		return Counts{}, err
	}
	if err := cmd.Start(); err != nil {
		return Counts{}, fmt.Errorf("count: %w", err)
	}
	blocks, err := readLog(log, funcs.start)
	if err != nil {
		_, _ = io.Copy(io.Discard, log)
	}
	if waited := cmd.Wait(); waited != nil {
		return Counts{}, fmt.Errorf("count: %s on %s: %w: %s", path, cpu, waited, out.String())
	}
	if err != nil {
		return Counts{}, err
	}
	c := Counts{In: map[string]int64{}}
	if c.MACs, err = strconv.ParseInt(strings.TrimSpace(out.String()), 10, 64); err != nil {
		return Counts{}, fmt.Errorf("count: guest: %w", err)
	}
	for pc, n := range blocks {
		name := funcs.at(pc)
		c.In[name] += n
		c.Total += n
	}
	return c, nil
}

// readLog returns the instructions executed by block, from the second time that
// the one at start is executed to the third.
func readLog(r io.Reader, start uint64) (map[uint64]int64, error) {
	length, executed := map[uint64]int64{}, map[uint64]int64{}
	var block uint64 // being listed
	first, runs := false, 0
	lines := bufio.NewReaderSize(r, 1<<20)
	for {
		line, err := lines.ReadSlice('\n')
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("count: log: %w", err)
		}
		switch {
		case bytes.HasPrefix(line, []byte("Trace ")):
			pc, err := tracedAt(line)
			if err != nil {
				return nil, err
			}
			if pc == start {
				runs++
			}
			if runs == 2 {
				executed[pc]++
			}
		case bytes.HasPrefix(line, []byte("IN: ")):
			first = true
		case bytes.HasPrefix(line, []byte("0x")):
			at, _, _ := bytes.Cut(line, []byte(":"))
			pc, err := strconv.ParseUint(string(at), 0, 64)
			if err != nil {
				return nil, fmt.Errorf("count: log: line %q: %w", line, err)
			}
			if first {
				block, first = pc, false
				length[block] = 0
			}
			length[block]++
		}
	}
	if runs != 3 {
		return nil, fmt.Errorf("count: log: %d runs, want 3", runs)
	}
	for pc := range executed {
		if length[pc] == 0 {
			return nil, fmt.Errorf("count: log: the block at %#x was not listed", pc)
		}
		executed[pc] *= length[pc]
	}
	return executed, nil
}

// tracedAt returns the address in a line such as
//
//	Trace 0: 0x7f… [0000000000001001/000000000008e9c0/00000001/00000200] name
func tracedAt(line []byte) (uint64, error) {
	_, rest, _ := bytes.Cut(line, []byte("/"))
	at, _, ok := bytes.Cut(rest, []byte("/"))
	pc, err := strconv.ParseUint(string(at), 16, 64)
	if !ok || err != nil {
		return 0, fmt.Errorf("count: log: line %q: no address", line)
	}
	return pc, nil
}
