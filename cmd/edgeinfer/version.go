package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/edgeinfer/edgeinfer/kernels/host"
)

// version is set by the release build: -ldflags "-X main.version=v1.2.3".
var version = ""

type versionInfo struct {
	Version  string   `json:"version"`
	Revision string   `json:"revision,omitempty"`
	Go       string   `json:"go"`
	Platform string   `json:"platform"`
	Levels   []string `json:"levels"`
	Kernels  string   `json:"kernels"`
}

func (a *app) newVersionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version and the kernels that this machine runs",
		Example: "  edgeinfer version --json",
		Args:    args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			v := readVersion()
			if set, err := host.Best(); err == nil {
				v.Kernels = set.Name
			}
			if a.json {
				return a.printJSON(v)
			}
			return a.text(func(w io.Writer) {
				fmt.Fprintf(w, "edgeinfer %s %s %s, %s kernels\n", v.Version, v.Platform, v.Go, v.Kernels)
			})
		},
	}
}

func readVersion() versionInfo {
	v := versionInfo{Version: version, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH, Levels: levels()}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if v.Version == "" {
		v.Version = info.Main.Version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			v.Revision = s.Value
		}
	}
	return v
}
