package main

import (
	"context"
	"io"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/spf13/cobra"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/kernels/host"
)

// app is one call of the program: its streams and what all verbs share.
type app struct {
	ctx            context.Context
	stdin          io.Reader
	stdout, stderr io.Writer
	// grace is how long the verb may take to stop after Ctrl-C, in nanoseconds: it
	// may be waiting for standard input.
	grace atomic.Int64

	json      bool
	threads   int
	cpu       string
	maxMemory size
	maxMACs   int64
	maxSteps  int64
}

// asksJSON looks for --json before flags are parsed, so that an error in the
// flags is reported in the right form as well.
func asksJSON(args []string) bool {
	if i := slices.Index(args, "--"); i >= 0 {
		args = args[:i]
	}
	return slices.Contains(args, "--json") || slices.Contains(args, "--json=true")
}

func (a *app) execute(args []string) error {
	root := a.newRootCommand()
	root.SetArgs(args)
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	err := root.Execute()
	if err != nil && strings.HasPrefix(err.Error(), "unknown command") { // cobra has no type for it
		return usagef("%v: edgeinfer --help lists them", err)
	}
	return err
}

func (a *app) newRootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "edgeinfer",
		Short: "Runs machine-learning models at the edge",
		Long: `edgeinfer runs quantised and float models (.tflite, .onnx), with the same bytes on every CPU.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 input or model invalid,
4 operator or type not supported, 5 verification failed, 6 over a limit.`,
		Example:       "  edgeinfer inspect model.tflite\n  edgeinfer run model.tflite input.npy --out results",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.AddCommand(
		a.newDemoCommand(),
		a.newRunCommand(),
		a.newInspectCommand(),
		a.newBenchCommand(),
		a.newVerifyCommand(),
		a.newEvalCommand(),
		a.newTrainCommand(),
		a.newDataCommand(),
		a.newDoctorCommand(),
		a.newVersionCommand(),
	)
	a.sharedFlags(root)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usagef("%v: see %s --help", err, cmd.CommandPath())
	})
	root.SetHelpFunc(printHelp)
	root.SetUsageFunc(func(cmd *cobra.Command) error { printHelp(cmd, nil); return nil })
	root.InitDefaultCompletionCmd("completion")
	for _, c := range root.Commands() {
		if c.Name() == "completion" { // without this a wrong shell would print the help
			c.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
			c.Args = args(cobra.NoArgs)
		}
	}
	return root
}

func (a *app) sharedFlags(root *cobra.Command) {
	fs := root.PersistentFlags()
	limits := edgeinfer.Limits{}.WithDefaults()
	a.maxMemory = size(limits.MaxMemory)
	fs.BoolVar(&a.json, "json", a.json, "print JSON; the object is the last line, also of an error")
	fs.IntVar(&a.threads, "threads", host.Threads(), "`N` threads share the work of each run; as many as there are physical cores to use, up to 4, if left out")
	fs.StringVar(&a.cpu, "cpu", "", "use the kernels of this `LEVEL`: "+strings.Join(levels(), ", ")+" (default the last)")
	fs.Var(&a.maxMemory, "max-memory", "refuse a plan of more than `BYTES`, such as 512MiB")
	fs.Int64Var(&a.maxMACs, "max-macs", limits.MaxMACs, "refuse a run of more than `N` multiply-accumulates")
	fs.Int64Var(&a.maxSteps, "max-steps", limits.MaxSteps, "end a run after `N` steps of loops")
	_ = root.RegisterFlagCompletionFunc("cpu", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return levels(), cobra.ShellCompDirectiveNoFileComp
	})
}

// levels returns the names of the kernel levels that this machine runs.
func levels() []string {
	var names []string
	for _, s := range host.Sets() {
		names = append(names, s.Name)
	}
	return names
}

// args wraps a check of arguments so that its error is one of usage.
func args(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usagef("%v: %s", err, cmd.UseLine())
		}
		return nil
	}
}
