package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgeinfer/edgeinfer/kernels/ref"
	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

func TestTraffic(t *testing.T) {
	b := graph.NewBuilder("g")
	x := b.Input("x", tensor.Of(tensor.I8, 2, 3))
	y := b.Add("", &op.Cast{DType: tensor.F32}, x)
	g, err := b.Graph(y)
	require.NoError(t, err)
	n, integer := traffic(g, &g.Nodes[0])
	assert.Equal(t, 6+24, n)
	assert.True(t, integer)
}

func TestCalibrate(t *testing.T) {
	best := calibrate(ref.Set().Peak, 1)
	assert.Positive(t, best.of(true))
	assert.Positive(t, best.of(false))
}

func TestSummarise(t *testing.T) {
	kinds := summarise([]nodeTime{
		{Op: "Add", MS: 1, Share: 0.1, Bytes: 10},
		{Op: "Conv2D", MS: 3, Share: 0.3, MACs: 3e6, Peak: 0.2},
		{Op: "Conv2D", MS: 6, Share: 0.6, MACs: 3e6, Peak: 0.8},
	})
	require.Len(t, kinds, 2)
	c := kinds[0]
	assert.Equal(t, "Conv2D", c.Op)
	assert.Equal(t, 2, c.nodes)
	assert.InDelta(t, 0.9, c.Share, 1e-9)
	assert.InDelta(t, 2*6e6/9/1e6, c.GOPS, 1e-9)
	assert.InDelta(t, 0.6, c.Peak, 1e-9, "weighed by time")

	var text bytes.Buffer
	printProfile(&text, []nodeTime{{Op: "Conv2D", MS: 3, MACs: 3e6, GOPS: 2, Peak: 0.25, Bytes: 2048}})
	assert.Contains(t, text.String(), "25 %")
	assert.Contains(t, text.String(), "2048 B")
}
