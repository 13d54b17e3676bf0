// Command guest runs a model three times on seeded inputs: what package count
// watches in an emulator. Each run is one call of inference.
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
		if err := inference(s); err != nil {
			return err
		}
	}
	fmt.Println(s.Plan().MACs())
	return nil
}

//go:noinline
func inference(s *edgeinfer.Session) error { return s.Run() }
