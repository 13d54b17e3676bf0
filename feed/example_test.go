package feed_test

import (
	"fmt"
	"strings"

	"github.com/edgeinfer/edgeinfer"
	"github.com/edgeinfer/edgeinfer/feed"
	"github.com/edgeinfer/edgeinfer/formats/tflite"
	"github.com/edgeinfer/edgeinfer/formats/tflite/modeltest"
)

// Runs a model on each row of a table that comes from standard input.
func Example() {
	b := modeltest.New() // a model that gives its input back
	scale := modeltest.Quant{Scale: []float32{0.5}, Zero: []int64{0}}
	x := b.Input("x", tflite.Int8, []int{1, 3}, scale)
	y := b.Tensor("y", tflite.Int8, []int{3}, scale)
	b.Op("RESHAPE", 1, modeltest.Options{}, []int{x, b.Const("shape", tflite.Int32, []int{1}, []int32{3})}, []int{y})
	b.Outputs(y)

	m, err := edgeinfer.LoadBytes(b.Bytes())
	if err != nil {
		panic(err)
	}
	s, err := m.NewSession(edgeinfer.Options{})
	if err != nil {
		panic(err)
	}
	defer s.Close()
	r, err := feed.NewReader(m, s, feed.Options{Kind: feed.CSV, Stdin: strings.NewReader("1,2,3\n-4,0.6,1000\n")})
	if err != nil {
		panic(err)
	}
	for set, err := range r.Sets([]string{"-"}) {
		if err != nil {
			panic(err)
		}
		if _, err := set.Fill(s); err != nil {
			panic(err)
		}
		if err := s.Run(); err != nil {
			panic(err)
		}
		fmt.Println(set.Name, s.Output(0).AppendFloats(nil))
	}
	// Output:
	// -#0 [1 2 3]
	// -#1 [-4 0.5 63.5]
}
