package tasks

// Task is what a model does with a picture.
type Task string

// The tasks.
const (
	Classify Task = "classify"
	Detect   Task = "detect"
	Segment  Task = "segment"
	Embed    Task = "embed"
)

// Tasks lists them.
var Tasks = []Task{Classify, Detect, Segment, Embed}

// Key is the name under which a model's own metadata hold a declaration: one of
// ONNX's metadata_props, or a metadata buffer of a .tflite file.
const Key = "edgeinfer.task"

// Spec is a declaration: what a model does, and how to read its outputs. Of
// Classifier, Detector, Segmenter and Embedder that of the task is set.
type Spec struct {
	Task      Task
	Labels    []string
	LabelFile string // instead of Labels
	Input     Input

	Classifier *Classifier
	Detector   *Detector
	Segmenter  *Segmenter
	Embedder   *Embedder

	// Background is the class of a mask that is not coloured; -1 if none.
	Background int
}

// Input says how a picture becomes a model's input. Zero fields say nothing.
type Input struct {
	Width, Height int       // where the model leaves them open
	Resize        string    // "stretch", "crop" or "pad", with "+area" to average
	Fill          uint8     // the grey of pad's bars
	Channels      string    // "rgb", "bgr" or "grey"
	Mean, Std     []float32 // (pixel-mean)/std, pixels of 0 to 255; one number or one a channel
}

// New returns the declaration of a task with nothing declared. For detect it
// has no head.
func New(t Task) *Spec {
	s := &Spec{Task: t, Background: -1}
	switch t {
	case Classify:
		s.Classifier = &Classifier{Top: 5}
	case Detect:
		s.Detector = &Detector{Score: 0.5, Suppression: Suppression{IoU: 0.45, Top: 100}}
	case Segment:
		s.Segmenter = &Segmenter{}
	case Embed:
		s.Embedder = &Embedder{}
	}
	return s
}

// Label returns the name of a class, "" if it has none.
func (s *Spec) Label(class int) string {
	if class >= 0 && class < len(s.Labels) {
		return s.Labels[class]
	}
	return ""
}
