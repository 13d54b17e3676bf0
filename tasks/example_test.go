package tasks_test

import (
	"fmt"
	"image"
	"log"

	"github.com/edgeinfer/edgeinfer/tasks"
)

// Declare a detector, read its outputs, and bring the boxes back to the picture
// of 400×200 that was stretched into its input of 64×64.
func Example() {
	spec, err := tasks.Parse([]byte(`
task: detect
labels: [cat, dog]
detect: {head: yolov8, classes: 2, score: 0.25, iou: 0.45}
`))
	if err != nil {
		log.Fatal(err)
	}
	outputs := []tasks.Tensor{{Name: "output0", Shape: []int{1, 6, 3}, Data: []float32{
		16, 17, 40, // x
		32, 32, 40, // y
		16, 16, 8, // width
		32, 32, 8, // height
		0.1, 0.2, 0.05, // cat
		0.9, 0.8, 0.01, // dog
	}}}
	boxes, err := spec.Detector.Detect(outputs, tasks.Size{W: 64, H: 64})
	if err != nil {
		log.Fatal(err)
	}
	picture := image.Rect(0, 0, 400, 200)
	fit := tasks.Fit{Source: picture, Target: image.Rect(0, 0, 64, 64)}
	for _, b := range fit.Boxes(boxes, picture) {
		fmt.Printf("%s %.1f: %g,%g to %g,%g\n", spec.Label(b.Class), b.Score, b.X0, b.Y0, b.X1, b.Y1)
	}
	// Output: dog 0.9: 50,50 to 150,150
}
