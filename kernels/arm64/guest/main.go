// Command guest runs a model three times on seeded inputs: what package count
// watches in an emulator. It calls begin before each run.
package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime/debug"

	"github.com/edgeinfer/edgeinfer"
)

func main() {
	debug.SetGCPercent(-1)
	if err := run(os.Args[1]); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func run(path string) error {
	m, err := edgeinfer.Load(path)
	if err != nil {
		return err
	}
	defer m.Close()
	s, err := m.NewSession(edgeinfer.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	s.FillSeeded(rand.NewPCG(1, 2))
	for range 3 {
		begin()
		if err := s.Run(); err != nil {
			return err
		}
	}
	fmt.Println(s.Plan().MACs())
	return nil
}

// begin is executed once for each call: it doesn't look at the stack, where the
// scheduler could interrupt it and begin anew.
//
//go:noinline
//go:nosplit
func begin() {}
