package tasks

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestSameBits decodes random outputs with every head: boxes are the same to
// the last bit on every processor, so that one hash holds for all.
func TestSameBits(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	random := func(lo, hi float32, name string, shape ...int) Tensor {
		x := tensorOf(name, 0, shape...)
		for i := range x.Data {
			x.Data[i] = lo + float32((hi-lo)*r.Float32())
		}
		return x
	}
	n := len(roundTripAnchors)
	var yunet []Tensor
	for _, s := range yunetStrides {
		cells := 64 / s * (96 / s)
		yunet = append(yunet, random(0, 1, fmt.Sprintf("cls_%d", s), 1, cells, 1), random(0, 1, fmt.Sprintf("obj_%d", s), 1, cells, 1), random(-2, 2, fmt.Sprintf("bbox_%d", s), 1, cells, 4), random(-2, 2, fmt.Sprintf("kps_%d", s), 1, cells, 10))
	}
	levels := []Level{{16, []AnchorSize{{10, 13}, {33, 23}}}}
	hash := sha256.New()
	for _, c := range []struct {
		head Head
		out  []Tensor
	}{
		{YuNet{}, yunet},
		{&SSD{Anchors: roundTripAnchors, Scale: [4]float32{10, 10, 5, 5}, Points: 1, Choice: Choice{Activation: Softmax}}, []Tensor{random(-9, 9, "", 1, n, 6), random(-4, 4, "", 1, n, 3)}},
		{&SSD{Anchors: roundTripAnchors, Scale: [4]float32{3, 3, 3, 3}, Linear: true, Choice: Choice{Activation: Sigmoid}}, []Tensor{random(-9, 9, "", 1, n, 4), random(-4, 4, "", 1, n, 3)}},
		{&YOLO{Objectness: true}, []Tensor{random(0, 1, "", 1, 50, 8)}},
		{&YOLOX{}, []Tensor{random(0, 1, "", 1, 126, 7)}},
		{&YOLOAnchors{Levels: levels}, []Tensor{random(-3, 3, "", 1, 14, 4, 6)}},
		{&YOLOAnchors{Levels: levels, Square: true}, []Tensor{random(-3, 3, "", 1, 14, 4, 6)}},
	} {
		boxes, err := (&Detector{Head: c.head, Score: 0.3, Suppression: Suppression{IoU: 0.4}}).Detect(c.out, Size{96, 64})
		require.NoError(t, err)
		require.NotEmpty(t, boxes, c.head.Name())
		for _, b := range boxes {
			for _, x := range []float32{b.X0, b.Y0, b.X1, b.Y1, b.Score} {
				fmt.Fprintf(hash, "%08x ", math.Float32bits(x))
			}
			fmt.Fprint(hash, b.Class, b.Points)
		}
	}
	assert.Equal(t, "4fb882953d48ec7bec0eecfe4f01b1fd9312b2700cf5de3b5f73a1c3c4a1319f", hex.EncodeToString(hash.Sum(nil)))
}
