package edgeinfer_test

import (
	"context"
	"fmt"
	"log"
	"testing/fstest"
	"time"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/demo"
)

// Load a model, fill its input, run it, read its output.
func Example() {
	m, err := edgeinfer.LoadBytes(demo.Model) // or Load("model.tflite")
	if err != nil {
		log.Fatal(err)
	}
	s, err := m.NewSession(edgeinfer.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()

	samples, err := demo.Samples()
	if err != nil {
		log.Fatal(err)
	}
	if err := s.Input(0).SetFloats(samples[0].Real()); err != nil { // quantises
		log.Fatal(err)
	}
	if err := s.Run(); err != nil {
		log.Fatal(err)
	}
	best := 0
	for digit, score := range s.Output(0).Int8() {
		if score > s.Output(0).Int8()[best] {
			best = digit
		}
	}
	fmt.Println("read", best, "and it is", samples[0].Digit)
	// Output: read 2 and it is 2
}

// A model can be embedded in the program: with embed.FS in the place of MapFS.
func ExampleLoadFS() {
	fsys := fstest.MapFS{"digits.tflite": {Data: demo.Model}}
	m, err := edgeinfer.LoadFS(fsys, "digits.tflite")
	if err != nil {
		log.Fatal(err)
	}
	for _, in := range m.Inputs() {
		fmt.Println(in.Name, in.DType, in.Shape)
	}
	// Output: image int8 [1 8 8 1]
}

// Inputs can be resized: here to a batch of three pictures. A model with a
// shape written into it, as this one has in its RESHAPE, says so.
func ExampleOptions_shapes() {
	m, err := edgeinfer.LoadBytes(demo.Model)
	if err != nil {
		log.Fatal(err)
	}
	_, err = m.NewSession(edgeinfer.Options{Shapes: map[string][]int{"image": {3, 8, 8, 1}}})
	fmt.Println(err)
	// Output: operator 2 RESHAPE "flat": new shape [1 256] has 256 elements, and the input [3 4 4 16] has 768
}

// Tensors inside the model can be kept and read after a run.
func ExampleSession_Tensor() {
	m, err := edgeinfer.LoadBytes(demo.Model)
	if err != nil {
		log.Fatal(err)
	}
	s, err := m.NewSession(edgeinfer.Options{Keep: []string{"logits"}})
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()
	if err := s.Run(); err != nil {
		log.Fatal(err)
	}
	fmt.Println(s.Tensor("logits").Shape())
	// Output: [1 10]
}

// A run can be cancelled between two operators.
func ExampleSession_RunContext() {
	m, err := edgeinfer.LoadBytes(demo.Model)
	if err != nil {
		log.Fatal(err)
	}
	s, err := m.NewSession(edgeinfer.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	cancel()
	fmt.Println(s.RunContext(ctx))
	// Output: context canceled
}

// Limits refuse a model that asks for too much, before it takes anything.
func ExampleLimits() {
	m, err := edgeinfer.LoadBytes(demo.Model)
	if err != nil {
		log.Fatal(err)
	}
	_, err = m.NewSession(edgeinfer.Options{Limits: edgeinfer.Limits{MaxMACs: 1000}})
	fmt.Println(err)
	// Output: needs 25956 MACs, over the limit of 1000 (of which 25600 multiply-accumulates, the rest visits to elements): raise --max-macs (Limits.MaxMACs)
}
