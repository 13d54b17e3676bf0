package runtime

import (
	"context"
	"fmt"
	"time"

	"github.com/edgeinfer/edgeinfer/runtime/op"
)

// RunProfiled is RunContext that also adds the time of each node of the plan
// to ns, in nanoseconds. Reading the clock costs some 50 ns a node.
func (s *Session) RunProfiled(ctx context.Context, ns []int64) error {
	s.env.Ctx = ctx
	s.env.StepsLeft, s.env.WorkLeft = s.p.limits.MaxSteps, s.p.limits.MaxMACs
	last := time.Now()
	for i, step := range s.in.steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		if step != nil {
			err := step()
			if s.idle = err == op.ErrIdle; s.idle {
				return nil
			}
			if err != nil {
				return fmt.Errorf("%s: %w", &s.p.g.Nodes[i], err)
			}
		}
		now := time.Now()
		ns[i] += now.Sub(last).Nanoseconds()
		last = now
	}
	return nil
}
