package main

import (
	"fmt"
	"io"
	"time"
)

// nodeTime is what one node of the plan takes.
type nodeTime struct {
	Index  int     `json:"index"`
	Op     string  `json:"op"`
	Label  string  `json:"label"`
	Kernel string  `json:"kernel"`
	MS     float64 `json:"ms"` // mean
	MACs   int64   `json:"macs"`
	GOPS   float64 `json:"gops"`
	Share  float64 `json:"share"` // of the run, 0 to 1
}

// profile runs for some seconds and measures each node.
func (w *workload) profile(seconds float64) ([]nodeTime, error) {
	p := w.s.Plan()
	nodes := p.Graph().Nodes
	ns := make([]int64, len(nodes))
	runs := 0
	for end := time.Now().Add(time.Duration(seconds * float64(time.Second))); runs == 0 || time.Now().Before(end); runs++ {
		w.fill()
		if err := w.s.RunProfiled(w.ctx, ns); err != nil {
			return nil, err
		}
	}
	total := int64(1)
	for _, n := range ns {
		total += n
	}
	out := make([]nodeTime, len(nodes))
	for i := range nodes {
		ms := float64(ns[i]) / 1e6 / float64(runs)
		out[i] = nodeTime{
			Index: i, Op: nodes[i].Op.Name(), Label: nodes[i].Label, Kernel: p.Kernel(i), MS: ms,
			MACs: p.NodeMACs(i), GOPS: gops(p.NodeMACs(i), ms), Share: float64(ns[i]) / float64(total),
		}
	}
	return out, nil
}

func printProfile(w io.Writer, nodes []nodeTime) {
	table(w, func(w io.Writer) {
		fmt.Fprintln(w, "\nnode\toperator\tkernel\ttime\tshare\tMACs\tGOP/s\tname")
		for _, n := range nodes {
			rate := ""
			if n.MACs > 0 {
				rate = fmt.Sprintf("%.2f", n.GOPS)
			}
			fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%4.1f %%\t%s\t%s\t%s\n", n.Index, n.Op, n.Kernel, msText(n.MS), 100*n.Share, countText(n.MACs), rate, brief(n.Label))
		}
	})
}
