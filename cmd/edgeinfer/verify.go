package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

type verifyInfo struct {
	Model   string `json:"model"`
	Hash    string `json:"hash"`
	Seed    uint64 `json:"seed"`
	Runs    int    `json:"runs"`
	Kernels string `json:"kernels"`
}

func (a *app) newVerifyCommand() *cobra.Command {
	var seed uint64
	var runs int
	var expect string
	var shapes []string
	cmd := &cobra.Command{
		Use:   "verify MODEL",
		Short: "Print one hash of a model's outputs: the same on every CPU",
		Long: `Run a model on seeded inputs and print one SHA-256 over all outputs of all runs.

A model has the same hash on every CPU. State, if the model has any, is kept from run to
run. Dynamic dimensions are 1.`,
		Example: "  edgeinfer verify model.tflite\n  edgeinfer verify --cpu go --runs 1 model.tflite",
		Args:    args(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			if runs < 1 {
				return usagef("--runs %d: give a positive number", runs)
			}
			m, o, err := a.load(args[0], shapes)
			if err != nil {
				return err
			}
			defer m.Close()
			v := verifyInfo{Model: args[0], Seed: seed, Runs: runs}
			if v.Hash, err = m.Verify(a.ctx, o, seed, runs); err != nil {
				return guessed(m, o.Shapes, invalid(err))
			}
			o.Shapes = m.WithoutDynamic(o.Shapes)
			p, err := m.Plan(o) // remembered: Verify made it
			if err != nil {
				return invalid(err)
			}
			v.Kernels = p.Kernels().Name
			if expect != "" && expect != v.Hash {
				return &coded{codeVerify, fmt.Errorf("%s: the outputs are not those of --expect on %s kernels: compare with --cpu go, or with another machine", args[0], v.Kernels)}
			}
			if a.json {
				return a.printJSON(v)
			}
			return a.text(v.print)
		},
	}
	fs := cmd.Flags()
	fs.Uint64Var(&seed, "seed", 0, "seed of the inputs")
	fs.IntVar(&runs, "runs", 3, "number of runs, `K`")
	fs.StringVar(&expect, "expect", "", "fail with code 5 if the hash is not `HASH`")
	fs.StringArrayVar(&shapes, "shape", nil, "resize an input: `NAME=1,96,96,3`")
	return cmd
}

func (v *verifyInfo) print(w io.Writer) {
	fmt.Fprintf(w, "%s  %s kernels, seed %d, %d runs", v.Hash, v.Kernels, v.Seed, v.Runs)
	fmt.Fprintln(w)
}
