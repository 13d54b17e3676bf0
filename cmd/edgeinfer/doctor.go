package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/edgeinfer/edgeinfer/boards/machine"
	"github.com/edgeinfer/edgeinfer/kernels/host"
)

// doctorInfo is the JSON object of doctor.
type doctorInfo struct {
	machine.Description
	Features []string `json:"features"`
	Levels   []string `json:"levels"` // of kernels, slowest first
	Kernels  string   `json:"kernels"`
	Why      string   `json:"kernels_why"`
	Advice   []string `json:"advice"`
}

func (a *app) newDoctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Explain how fast this machine can be, and what slows it down",
		Long: `Show the processor, the kernels it runs, memory, frequency, temperature, throttling, and the
buses for sensors with their permissions; and say what could be better.`,
		Example: "  edgeinfer doctor\n  edgeinfer doctor --json",
		Args:    args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			if _, err := a.options(); err != nil {
				return err
			}
			d := a.diagnose()
			if a.json {
				return a.printJSON(d)
			}
			return a.text(d.print)
		},
	}
}

func (a *app) diagnose() *doctorInfo {
	d := &doctorInfo{Description: machine.Describe(), Features: machine.Features(), Levels: levels()}
	set, err := host.Best()
	d.Why = "the fastest that this processor runs"
	switch {
	case a.cpu != "":
		set, err = host.ByName(a.cpu)
		d.Why = "forced by --cpu"
	case os.Getenv(host.EnvCPU) != "":
		d.Why = "forced by the environment variable " + host.EnvCPU
	case len(d.Levels) == 2 && d.Levels[1] == "gofast":
		d.Why = "there are no vector kernels for this processor"
	}
	if err == nil {
		d.Kernels = set.Name
	}
	if d.Advice = d.Description.Advice(); d.Advice == nil {
		d.Advice = []string{}
	}
	return d
}

func (d *doctorInfo) print(w io.Writer) {
	table(w, func(w io.Writer) {
		row := func(name, value string) {
			if value != "" {
				fmt.Fprintf(w, "%s\t%s\n", name, oneLine(value))
			}
		}
		row("board", d.Board)
		row("processor", d.CPU)
		row("features", strings.Join(d.Features, " "))
		row("kernels", fmt.Sprintf("%s of %s: %s", d.Kernels, strings.Join(d.Levels, ", "), d.Why))
		row("system", d.System)
		row("CPUs", d.cpus())
		row("memory", d.memory())
		row("frequency", d.frequency())
		if d.Celsius > 0 {
			row("temperature", fmt.Sprintf("%.1f °C", d.Celsius))
		}
		row("load", fmt.Sprintf("%.2f", d.Load))
		row("throttled", strings.Join(d.ThrottledNow, ", "))
		row("throttled before", strings.Join(d.ThrottledPast, ", "))
		for _, b := range d.Buses {
			permission := "usable"
			if !b.Writable {
				permission = "no permission"
			}
			row("bus", b.Path+" "+permission)
		}
	})
	for _, text := range d.Advice {
		fmt.Fprintf(w, "advice: %s\n", text)
	}
}

func (d *doctorInfo) cpus() string {
	s := fmt.Sprintf("%d, of which Go uses %d", d.Processors, d.MaxProcs)
	if d.CgroupCPUs > 0 {
		s += fmt.Sprintf("; the control group allows %.2g", d.CgroupCPUs)
	}
	return s
}

func (d *doctorInfo) memory() string {
	if d.Memory == 0 {
		return ""
	}
	s := fmt.Sprintf("%s, %s available", bytesText(d.Memory), bytesText(d.Available))
	if d.CgroupMemory > 0 {
		s += fmt.Sprintf("; the control group allows %s", bytesText(d.CgroupMemory))
	}
	return s
}

func (d *doctorInfo) frequency() string {
	if d.MHz == 0 {
		return d.Governor
	}
	return fmt.Sprintf("%d of %d MHz, governor %s", d.MHz, d.MaxMHz, d.Governor)
}
