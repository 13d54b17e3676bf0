package tasks

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// object is what an encoder hides in outputs: centre and size in pixels.
type object struct{ x, y, w, h, score float64 }

func logitOf(p float64) float64 { return math.Log(p / (1 - p)) }

// tensorOf returns a tensor filled with a number.
func tensorOf(name string, fill float32, shape ...int) Tensor {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return Tensor{name, shape, slices.Repeat([]float32{fill}, n)}
}

func put(dst []float32, x ...float64) {
	for i, v := range x {
		dst[i] = float32(v)
	}
}

const roundTripClasses = 3

// codings encode objects, one in each slot that takes it, by formulas that are
// written here anew, in float64. Slot i has the class i%3.
var codings = []struct {
	name   string
	head   Head
	in     Size
	encode func(in Size, objects []object) []Tensor
	class  func(i int) int
}{
	{"corners", &Corners{Choice: Choice{Skip: 1}}, Size{320, 240}, func(in Size, o []object) []Tensor {
		boxes, scores := tensorOf("b", 0, 1, len(o), 4), tensorOf("s", 0, 1, len(o), 1+roundTripClasses)
		for i, o := range o {
			w, h := float64(in.W), float64(in.H)
			put(boxes.Data[4*i:], (o.x-o.w/2)/w, (o.y-o.h/2)/h, (o.x+o.w/2)/w, (o.y+o.h/2)/h)
			put(scores.Data[4*i+1+i%3:], o.score)
		}
		return []Tensor{boxes, scores}
	}, modulo3},
	{"ssd", &SSD{Anchors: roundTripAnchors, Scale: [4]float32{10, 10, 5, 5}, YX: true, Choice: Choice{Activation: Sigmoid, Skip: 1}}, Size{300, 200}, func(in Size, o []object) []Tensor {
		boxes, scores := tensorOf("b", 0, 1, len(o), 4), tensorOf("s", -50, 1, len(o), 1+roundTripClasses)
		for i, o := range o {
			a := roundTripAnchors[i]
			w, h, ax, ay, aw, ah := float64(in.W), float64(in.H), float64(a.X), float64(a.Y), float64(a.W), float64(a.H)
			put(boxes.Data[4*i:], 10*(o.y/h-ay)/ah, 10*(o.x/w-ax)/aw, 5*math.Log(o.h/h/ah), 5*math.Log(o.w/w/aw))
			put(scores.Data[4*i+1+i%3:], logitOf(o.score))
		}
		return []Tensor{boxes, scores}
	}, modulo3},
	{"yolov5", &YOLO{Objectness: true, Classes: 3}, Size{64, 64}, func(_ Size, o []object) []Tensor {
		t := tensorOf("out", 0, 1, len(o), 8)
		for i, o := range o {
			put(t.Data[8*i:], o.x, o.y, o.w, o.h, math.Sqrt(o.score))
			put(t.Data[8*i+5+i%3:], math.Sqrt(o.score))
		}
		return []Tensor{t}
	}, modulo3},
	{"yolov8", &YOLO{Fraction: true, Classes: 3}, Size{64, 128}, func(in Size, o []object) []Tensor {
		n := len(o)
		t := tensorOf("out", 0, 1, 7, n)
		for i, o := range o {
			for k, v := range []float64{o.x / float64(in.W), o.y / float64(in.H), o.w / float64(in.W), o.h / float64(in.H)} {
				t.Data[k*n+i] = float32(v)
			}
			t.Data[(4+i%3)*n+i] = float32(o.score)
		}
		return []Tensor{t}
	}, modulo3},
	{"selected", &Selected{}, Size{100, 50}, func(in Size, o []object) []Tensor {
		boxes, scores, classes := tensorOf("b", 0, 1, len(o), 4), tensorOf("scores", 0, 1, len(o)), tensorOf("c", 0, 1, len(o))
		for i, o := range o {
			w, h := float64(in.W), float64(in.H)
			put(boxes.Data[4*i:], (o.x-o.w/2)/w, (o.y-o.h/2)/h, (o.x+o.w/2)/w, (o.y+o.h/2)/h)
			scores.Data[i], classes.Data[i] = float32(o.score), float32(i%3)
		}
		return []Tensor{boxes, scores, classes, {"n", []int{1}, []float32{float32(len(o))}}}
	}, modulo3},
}

func modulo3(i int) int { return i % 3 }

var roundTripAnchors = GridAnchors(Grid{5, 5, []AnchorSize{{0.2, 0.3}, {0.5, 0.5}}})

// TestRoundTrip encodes random boxes and gets them back.
func TestRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, c := range codings {
		t.Run(c.name, func(t *testing.T) {
			for range 50 {
				objects := make([]object, len(roundTripAnchors))
				for i := range objects {
					objects[i] = object{float64(c.in.W) * r.Float64(), float64(c.in.H) * r.Float64(), 1 + 50*r.Float64(), 1 + 50*r.Float64(), 0.5 + r.Float64()/2.1}
				}
				o := &Outputs{Tensors: c.encode(c.in, objects)}
				got, err := c.head.Decode(o, c.in, 0.4)
				require.NoError(t, err)
				require.Len(t, got, len(objects))
				for i, b := range got {
					sameObject(t, objects[i], b)
					require.Equal(t, c.class(i), b.Class)
				}
				none, err := c.head.Decode(o, c.in, 0.9999)
				require.NoError(t, err)
				require.Empty(t, none)
			}
		})
	}
}

func sameObject(t *testing.T, o object, b Box) {
	t.Helper()
	want := []float64{o.x - o.w/2, o.y - o.h/2, o.x + o.w/2, o.y + o.h/2, o.score}
	got := []float64{float64(b.X0), float64(b.Y0), float64(b.X1), float64(b.Y1), float64(b.Score)}
	require.InDeltaSlice(t, want, got, 2e-3)
}

// TestGridRoundTrip hides an object in a random cell of heads that have a grid
// for each stride, where its place decides the cell.
func TestGridRoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	in := Size{96, 64}
	for range 200 {
		s := []int{8, 16, 32}[r.IntN(3)]
		o := object{float64(in.W) * r.Float64(), float64(in.H) * r.Float64(), 4 + 40*r.Float64(), 4 + 40*r.Float64(), 0.4 + r.Float64()/2}
		col, row := int(o.x)/s, int(o.y)/s
		t.Run("", func(t *testing.T) {
			yunetRoundTrip(t, in, s, col, row, o)
			yoloxRoundTrip(t, in, s, col, row, o)
			for _, square := range []bool{false, true} {
				for layout := range 4 {
					anchorsRoundTrip(t, in, s, col, row, o, square, layout)
				}
			}
		})
	}
}

func yunetRoundTrip(t *testing.T, in Size, s, col, row int, o object) {
	var out []Tensor
	for _, stride := range yunetStrides {
		n := in.H / stride * (in.W / stride)
		suffix := map[int]string{8: "_8", 16: "_16", 32: "_32"}[stride]
		out = append(out, tensorOf("cls"+suffix, 0, 1, n, 1), tensorOf("obj"+suffix, 1, 1, n, 1), tensorOf("bbox"+suffix, 0, 1, n, 4), tensorOf("kps"+suffix, 0, 1, n, 10))
		if stride == s {
			i, f := row*(in.W/s)+col, float64(s)
			x := out[len(out)-4:]
			put(x[0].Data[i:], 0.5*o.score)
			put(x[1].Data[i:], 2*o.score) // cut to 1 above ½
			put(x[2].Data[4*i:], o.x/f-float64(col), o.y/f-float64(row), math.Log(o.w/f), math.Log(o.h/f))
			put(x[3].Data[10*i:], (o.x-1)/f-float64(col), (o.y-2)/f-float64(row))
		}
	}
	o.score = math.Sqrt(0.5 * o.score * min(1, 2*o.score))
	got, err := YuNet{}.Decode(&Outputs{Tensors: out}, in, 0.1)
	require.NoError(t, err)
	require.Len(t, got, 1)
	sameObject(t, o, got[0])
	assert.InDelta(t, o.x-1, got[0].Points[0].X, 1e-3)
	assert.InDelta(t, o.y-2, got[0].Points[0].Y, 1e-3)
}

func yoloxRoundTrip(t *testing.T, in Size, s, col, row int, o object) {
	n, at := 0, 0
	for _, stride := range yoloxStrides {
		if stride == s {
			at = n + row*(in.W/s) + col
		}
		n += in.H / stride * (in.W / stride)
	}
	x := tensorOf("out", 0, 1, n, 7)
	f := float64(s)
	put(x.Data[7*at:], o.x/f-float64(col), o.y/f-float64(row), math.Log(o.w/f), math.Log(o.h/f), o.score, 0.1, 1)
	got, err := (&YOLOX{}).Decode(&Outputs{Tensors: []Tensor{x}}, in, 0.1)
	require.NoError(t, err)
	require.Len(t, got, 1)
	sameObject(t, o, got[0])
	assert.Equal(t, 1, got[0].Class)
}

// anchorsRoundTrip hides an object at the second of two anchors.
func anchorsRoundTrip(t *testing.T, in Size, s, col, row int, o object, square bool, layout int) {
	const a, k = 2, 7
	h := &YOLOAnchors{Square: square}
	var out []Tensor
	for _, stride := range yunetStrides {
		h.Levels = append(h.Levels, Level{stride, []AnchorSize{{10, 13}, {30, 25}}})
		rows, cols := in.H/stride, in.W/stride
		cells := rows * cols
		shape := [][]int{{1, a * k, rows, cols}, {1, a, rows, cols, k}, {1, rows, cols, a * k}, {1, rows, cols, a, k}}[layout]
		x := tensorOf("", -20, shape...)
		if stride == s {
			cell, f := row*cols+col, float64(s)
			fx, fy := o.x/f-float64(col), o.y/f-float64(row)
			numbers := []float64{logitOf(fx), logitOf(fy), math.Log(o.w / 30), math.Log(o.h / 25), logitOf(math.Sqrt(o.score)), -20, logitOf(math.Sqrt(o.score))}
			if square {
				copy(numbers, []float64{logitOf((fx + 0.5) / 2), logitOf((fy + 0.5) / 2), logitOf(math.Sqrt(o.w/30) / 2), logitOf(math.Sqrt(o.h/25) / 2)})
			}
			for i, v := range numbers {
				at := []int{(k+i)*cells + cell, (cells+cell)*k + i, cell*a*k + k + i, cell*a*k + k + i}[layout]
				x.Data[at] = float32(v)
			}
		}
		out = append(out, x)
	}
	got, err := h.Decode(&Outputs{Tensors: out}, in, 0.1)
	require.NoError(t, err)
	require.Len(t, got, 1)
	sameObject(t, o, got[0])
	assert.Equal(t, 1, got[0].Class)
}

// TestSelectedByIndex reads boxes that NonMaxSuppression chose.
func TestSelectedByIndex(t *testing.T) {
	boxes := Tensor{"boxes", []int{1, 3, 4}, []float32{0, 0, 1, 1, 0.1, 0.2, 0.3, 0.4, 0.5, 0.5, 0.9, 0.9}}
	scores := Tensor{"scores", []int{1, 2, 3}, []float32{0.1, 0.2, 0.9, 0.3, 0.8, 0.05}}
	o := &Outputs{[]Tensor{{"i", []int{3, 3}, []float32{0, 0, 2, 0, 1, 1, 0, 1, 2}}, boxes, scores}, map[string]string{"indices": "i"}}
	got, err := (&Selected{YX: true}).Decode(o, Size{100, 10}, 0.5)
	require.NoError(t, err)
	slices.SortFunc(got, func(a, b Box) int { return cmp.Compare(b.Score, a.Score) })
	require.Len(t, got, 2)
	assert.Equal(t, Box{X0: 50, Y0: 5, X1: 90, Y1: 9, Class: 0, Score: 0.9}, got[0])
	assert.InDeltaSlice(t, []float32{20, 1, 40, 3}, []float32{got[1].X0, got[1].Y0, got[1].X1, got[1].Y1}, 1e-5)
	o.Tensors[0].Data[2] = 3
	_, err = (&Selected{}).Decode(o, Size{100, 10}, 0.5)
	assert.ErrorContains(t, err, `output "i" [3 3]: row 0 is class 0, box 3`)
}

func TestSelectedRows(t *testing.T) {
	o := &Outputs{Tensors: []Tensor{{"o", []int{1, 2, 6}, []float32{1, 2, 3, 4, 0.9, 7, 1, 2, 3, 4, 0.1, 7}}}}
	got, err := (&Selected{Pixels: true}).Decode(o, Size{10, 10}, 0.5)
	require.NoError(t, err)
	assert.Equal(t, []Box{{X0: 1, Y0: 2, X1: 3, Y1: 4, Class: 7, Score: 0.9}}, got)
}

func TestChoice(t *testing.T) {
	row := []float32{0.7, 0.6, float32(math.NaN()), 0.6, 0.8}
	classes := func(c Choice, least float32) (out []int) {
		c.each(row, make([]float32, len(row)), 1, least, func(class int, _ float32) { out = append(out, class) })
		return out
	}
	assert.Equal(t, []int{4}, classes(Choice{}, 0.5))
	assert.Equal(t, []int{3}, classes(Choice{Skip: 1}, 0.5), "counted after the background")
	assert.Equal(t, []int{0, 2, 3}, classes(Choice{Skip: 1, Several: true}, 0.5))
	assert.Empty(t, classes(Choice{}, 0.9))
	assert.Empty(t, classes(Choice{Skip: 9}, 0))
	row = []float32{0.6, 0.6}
	assert.Equal(t, []int{0}, classes(Choice{}, 0.5), "of equal ones the first")
}
