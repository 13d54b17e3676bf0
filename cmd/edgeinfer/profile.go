package main

import (
	"fmt"
	"io"
	"slices"
	"sort"
	"time"

	"github.com/edgeinfer/edgeinfer/kernels"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
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
	Bytes  int     `json:"bytes"` // of inputs, constants among them, and outputs
	Peak   float64 `json:"peak"`  // share of what the threads could do at best, 0 to 1
}

// profile runs for some seconds and measures each node.
func (w *workload) profile(seconds float64, threads int) ([]nodeTime, error) {
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
	best := calibrate(p.Kernels().Peak, threads)
	out := make([]nodeTime, len(nodes))
	for i := range nodes {
		ms := float64(ns[i]) / 1e6 / float64(runs)
		out[i] = nodeTime{
			Index: i, Op: graph.Name(nodes[i].Op), Label: nodes[i].Label, Kernel: p.Kernel(i), MS: ms,
			MACs: p.NodeMACs(i), GOPS: gops(p.NodeMACs(i), ms), Share: float64(ns[i]) / float64(total),
		}
		bytes, integer := traffic(p.Graph(), &nodes[i])
		out[i].Bytes, out[i].Peak = bytes, out[i].GOPS/best.of(integer)
	}
	return out, nil
}

// traffic returns the bytes of what a node reads and writes, and whether it
// computes with integers.
func traffic(g *graph.Graph, n *graph.Node) (bytes int, integer bool) {
	for i, v := range slices.Concat(n.In, n.Out) {
		if v == graph.None || !g.Values[v].Type.Static() {
			continue
		}
		t := g.Values[v].Type
		bytes += t.Bytes()
		integer = integer || i < len(n.In) && (t.DType == tensor.I8 || t.DType == tensor.U8 || t.DType == tensor.I16)
	}
	return bytes, integer
}

// peaks are the rates of multiply-adds without memory, in GOP/s.
type peaks struct{ f32, s8 float64 }

func (p peaks) of(integer bool) float64 {
	if integer {
		return p.s8
	}
	return p.f32
}

// calibrate measures what so many threads can do at best.
func calibrate(k kernels.Peak, threads int) peaks {
	rate := func(rounds func(n int) int) float64 {
		best := 0.0
		for n, tries := 100, 0; tries < 10; {
			start := time.Now()
			macs := rounds(n)
			took := time.Since(start)
			if took < 200*time.Microsecond { // too short to measure
				n *= 2
				continue
			}
			best, tries = max(best, gops(int64(macs), took.Seconds()*1e3)), tries+1
		}
		return best * float64(threads)
	}
	return peaks{rate(k.F32), rate(k.S8)}
}

func printProfile(w io.Writer, nodes []nodeTime) {
	table(w, func(w io.Writer) {
		fmt.Fprintln(w, "\nnode\toperator\tkernel\ttime\tshare\tMACs\tGOP/s\tof peak\tbytes\tname")
		for _, n := range nodes {
			fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%4.1f %%\t%s\t%s\t%s\t%s\t%s\n", n.Index, n.Op, n.Kernel, msText(n.MS), 100*n.Share,
				countText(n.MACs), n.rate(), n.ofPeak(), bytesText(int64(n.Bytes)), brief(n.Label))
		}
	})
	table(w, func(w io.Writer) {
		fmt.Fprintln(w, "\noperator\tnodes\ttime\tshare\tMACs\tGOP/s\tof peak\tbytes")
		for _, s := range summarise(nodes) {
			fmt.Fprintf(w, "%s\t%d\t%s\t%4.1f %%\t%s\t%s\t%s\t%s\n", s.Op, s.nodes, msText(s.MS), 100*s.Share, countText(s.MACs), s.rate(), s.ofPeak(), bytesText(int64(s.Bytes)))
		}
	})
}

func (n *nodeTime) rate() string {
	if n.MACs == 0 {
		return ""
	}
	return fmt.Sprintf("%.2f", n.GOPS)
}

func (n *nodeTime) ofPeak() string {
	if n.MACs == 0 {
		return ""
	}
	return fmt.Sprintf("%.0f %%", 100*n.Peak)
}

// kindTime is what all nodes of one operator take.
type kindTime struct {
	nodeTime
	nodes int
	ideal float64 // milliseconds at the peak
}

// summarise adds up nodes by operator, what takes longest first.
func summarise(nodes []nodeTime) (kinds []kindTime) {
	for _, n := range nodes {
		i := slices.IndexFunc(kinds, func(k kindTime) bool { return k.Op == n.Op })
		if i < 0 {
			i = len(kinds)
			kinds = append(kinds, kindTime{nodeTime: nodeTime{Op: n.Op}})
		}
		k := &kinds[i]
		k.nodes++
		k.MS, k.Share, k.MACs, k.Bytes = k.MS+n.MS, k.Share+n.Share, k.MACs+n.MACs, k.Bytes+n.Bytes
		k.ideal += n.Peak * n.MS
	}
	for i := range kinds {
		k := &kinds[i]
		k.GOPS = gops(k.MACs, k.MS)
		if k.MS > 0 {
			k.Peak = k.ideal / k.MS
		}
	}
	sort.SliceStable(kinds, func(i, j int) bool { return kinds[i].MS > kinds[j].MS })
	return kinds
}
