package main

import (
	"fmt"
	"io"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/demo"
)

// shown is how many samples the demo draws, and pause how long each stays on a
// terminal before the next.
const (
	shown = 12
	pause = 150 * time.Millisecond
)

type demoInfo struct {
	Accuracy  float64 `json:"accuracy"`
	Right     int     `json:"right"`
	Samples   int     `json:"samples"`
	USPerRun  float64 `json:"us_per_run"`
	Kernels   string  `json:"kernels"`
	Confusion [][]int `json:"confusion"` // by what was meant, then by what was read
}

func (a *app) newDemoCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "Run an embedded model on embedded data: no files, no network",
		Long: `Read handwritten digits with a small int8 model that is part of this program.

The samples are the last 360 of "Optical Recognition of Handwritten Digits" (E. Alpaydin and
C. Kaynak, UCI Machine Learning Repository, CC BY 4.0); the model was trained on the others.`,
		Example: "  edgeinfer demo\n  edgeinfer demo --cpu go --json",
		Args:    args(cobra.NoArgs),
		RunE:    func(*cobra.Command, []string) error { return a.demo() },
	}
}

func (a *app) demo() error {
	samples, err := demo.Samples()
	if err != nil {
		return err
	}
	m, err := edgeinfer.LoadBytes(demo.Model)
	if err != nil {
		return err
	}
	o, err := a.options()
	if err != nil {
		return err
	}
	s, err := m.NewSession(o)
	if err != nil {
		return err
	}
	defer s.Close()
	info := demoInfo{Samples: len(samples), Kernels: s.Plan().Kernels().Name, Confusion: make([][]int, 10)}
	for i := range info.Confusion {
		info.Confusion[i] = make([]int, 10)
	}
	err = a.text(func(w io.Writer) {
		mem := s.Plan().Memory()
		fmt.Fprintf(w, "model    %s: int8, %d multiply-adds, arena %d bytes, file %d bytes; %s kernels\n",
			m.File().Description, s.Plan().MACs(), mem.Arena, len(demo.Model), info.Kernels)
		fmt.Fprintf(w, "samples  %d recorded digits that it was not trained on (UCI, Alpaydin and Kaynak, CC BY 4.0)\n\n", len(samples))
	})
	if err != nil {
		return err
	}
	var busy time.Duration
	for i := range samples {
		if err := a.ctx.Err(); err != nil {
			return err
		}
		if err := s.Input(0).SetFloats(samples[i].Real()); err != nil {
			return err
		}
		start := time.Now()
		if err := s.RunContext(a.ctx); err != nil {
			return err
		}
		busy += time.Since(start)
		p := s.Output(0).AppendFloats(nil)
		read := slices.Index(p, slices.Max(p))
		info.Confusion[samples[i].Digit][read]++
		if read == samples[i].Digit {
			info.Right++
		}
		if i < shown {
			if err := a.text(func(w io.Writer) { drawDigit(w, i, &samples[i], read, p[read]) }); err != nil {
				return err
			}
			if !a.json && isTerminal(a.stdout) {
				time.Sleep(pause)
			}
		}
	}
	info.Accuracy = float64(info.Right) / float64(info.Samples)
	info.USPerRun = float64(busy.Nanoseconds()) / 1e3 / float64(len(samples))
	if a.json {
		return a.printJSON(info)
	}
	return a.text(info.print)
}

// drawDigit draws a sample, two characters a pixel, with the prediction beside it.
func drawDigit(w io.Writer, i int, s *demo.Sample, read int, p float32) {
	const shades = " .:-=+*%@"
	for y := range demo.Side {
		for x := range demo.Side {
			c := shades[int(s.Pixels[y*demo.Side+x])*(len(shades)-1)/demo.Levels]
			fmt.Fprintf(w, "%c%c", c, c)
		}
		if y == demo.Side/2 {
			verdict := "right"
			if read != s.Digit {
				verdict = fmt.Sprintf("wrong: it is a %d", s.Digit)
			}
			fmt.Fprintf(w, "   sample %d reads as %d, %.0f %% sure: %s", i+1, read, 100*p, verdict)
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w)
}

func (d *demoInfo) print(w io.Writer) {
	fmt.Fprintf(w, "... and %d more\n\n%d of %d right: %.1f %%, at %.1f µs a digit\n", d.Samples-shown, d.Right, d.Samples, 100*d.Accuracy, d.USPerRun)
	type mistake struct{ n, meant, read int }
	var mistakes []mistake
	for meant, row := range d.Confusion {
		for read, n := range row {
			if n > 0 && read != meant {
				mistakes = append(mistakes, mistake{n, meant, read})
			}
		}
	}
	sort.Slice(mistakes, func(i, j int) bool { return mistakes[i].n > mistakes[j].n })
	var words []string
	for _, m := range mistakes[:min(3, len(mistakes))] {
		words = append(words, fmt.Sprintf("%d as %d (%d times)", m.meant, m.read, m.n))
	}
	if len(words) > 0 {
		fmt.Fprintf(w, "misread most: %s\n", strings.Join(words, ", "))
	}
	fmt.Fprintln(w, "\nNext: edgeinfer run MODEL INPUT, edgeinfer inspect MODEL, edgeinfer --help")
}
