package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// groupKey is the annotation of a flag that names its group in the help.
const groupKey = "group"

// group puts flags under a heading of their own in the help.
func group(fs *pflag.FlagSet, heading string, names ...string) {
	for _, n := range names {
		if err := fs.SetAnnotation(n, groupKey, []string{heading}); err != nil {
			panic("BUG: " + err.Error())
		}
	}
}

func printHelp(cmd *cobra.Command, _ []string) {
	w := cmd.OutOrStdout()
	text := cmd.Long
	if text == "" {
		text = cmd.Short
	}
	fmt.Fprintf(w, "%s\n\nUsage:\n", strings.TrimSpace(text))
	if cmd.Runnable() && cmd.HasParent() {
		fmt.Fprintf(w, "  %s\n", cmd.UseLine())
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(w, "  %s COMMAND\n\nCommands:\n", cmd.CommandPath())
		for _, c := range cmd.Commands() {
			if c.IsAvailableCommand() {
				fmt.Fprintf(w, "  %-12s %s\n", c.Name(), c.Short)
			}
		}
	}
	if cmd.HasExample() {
		fmt.Fprintf(w, "\nExamples:\n%s\n", cmd.Example)
	}
	cmd.Flags().SortFlags, cmd.PersistentFlags().SortFlags = false, false
	printFlags(w, cmd.LocalNonPersistentFlags(), "Flags")
	if cmd.HasParent() {
		printFlags(w, cmd.InheritedFlags(), "Flags of all commands")
	} else {
		printFlags(w, cmd.PersistentFlags(), "Flags of all commands")
	}
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(w, "\n%s COMMAND --help says more.\n", cmd.CommandPath())
	}
}

// printFlags prints the flags by group, groups in the order of their first flag.
func printFlags(w io.Writer, fs *pflag.FlagSet, rest string) {
	var order []string
	sets := map[string]*pflag.FlagSet{}
	fs.VisitAll(func(f *pflag.Flag) {
		heading := rest
		if g := f.Annotations[groupKey]; len(g) > 0 {
			heading = g[0]
		}
		if sets[heading] == nil {
			order = append(order, heading)
			sets[heading] = pflag.NewFlagSet(heading, pflag.ContinueOnError)
			sets[heading].SortFlags = false
		}
		sets[heading].AddFlag(f)
	})
	for _, heading := range order {
		if usages := sets[heading].FlagUsagesWrapped(100); usages != "" {
			fmt.Fprintf(w, "\n%s:\n%s", heading, usages)
		}
	}
}
