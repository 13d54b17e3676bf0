// Command edgeinfer runs, inspects and measures machine-learning models.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// shortGrace is how long most verbs may take to stop after Ctrl-C before the
// process ends anyway.
const shortGrace = time.Second

// run is the whole program. It returns the exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	a := &app{ctx: ctx, stdin: stdin, stdout: stdout, stderr: stderr, json: asksJSON(args)}
	a.grace.Store(int64(shortGrace))
	done := make(chan error, 1)
	go func() { done <- a.execute(args) }()
	select {
	case err := <-done:
		return a.fail(err)
	case <-ctx.Done():
		stop() // a second Ctrl-C ends the process at once
	}
	select {
	case err := <-done:
		return a.fail(err)
	case <-time.After(time.Duration(a.grace.Load())):
		return a.fail(ctx.Err())
	}
}
