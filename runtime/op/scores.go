package op

import (
	"math"

	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// ScoreTransform is what a classifier does to its scores.
type ScoreTransform uint8

// The transformations, in ONNX's order.
const (
	ScoresAsTheyAre ScoreTransform = iota
	ScoresSoftmax
	ScoresLogistic
	ScoresSoftmaxZero // a softmax that leaves 0 alone
	ScoresProbit
)

// SecondScore says what to put before the only score of two classes.
type SecondScore uint8

// The scores of the other class.
const (
	NoSecondScore   SecondScore = iota
	SecondScoreRest             // 1 − s
	SecondScoreLess             // −s
)

// Scores completes and transforms the rows of [n c].
type Scores struct {
	Second    SecondScore // of c = 1; the result has 2 columns
	Transform ScoreTransform
}

// Infer adds the second column.
func (o *Scores) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.F32, tensor.F64); err != nil {
		return nil, err
	}
	if err := wantRank(in, 0, 2); err != nil {
		return nil, err
	}
	if o.Transform > ScoresProbit {
		return nil, Unsupported("score transformation %d", o.Transform)
	}
	n, c := in[0].Shape[0], in[0].Shape[1]
	if o.Second != NoSecondScore {
		if c != 1 {
			return nil, Unsupported("a second score for %d scores", c)
		}
		c = 2
	}
	return []tensor.Type{tensor.Of(in[0].DType, n, c)}, nil
}

// Ref transforms row by row.
func (o *Scores) Ref(in, out []tensor.View) error {
	if in[0].DType == tensor.F32 {
		scoreRows(*o, in[0].F32(), out[0].F32(), lastDim(out[0].Shape))
	} else {
		scoreRows(*o, in[0].F64(), out[0].F64(), lastDim(out[0].Shape))
	}
	return nil
}

func scoreRows[T float32 | float64](o Scores, x, y []T, c int) {
	for i := 0; i < len(y); i += c {
		row := y[i : i+c]
		switch o.Second {
		case SecondScoreRest:
			row[0], row[1] = 1-x[i/2], x[i/2]
		case SecondScoreLess:
			row[0], row[1] = -x[i/2], x[i/2]
		default:
			copy(row, x[i:])
		}
		switch o.Transform {
		case ScoresSoftmax, ScoresSoftmaxZero:
			scoreSoftmax(row, o.Transform == ScoresSoftmaxZero)
		case ScoresLogistic:
			for j, v := range row {
				row[j] = T(quant.Sigmoid64(float64(v)))
			}
		case ScoresProbit:
			for j, v := range row {
				row[j] = T(scoreProbit(float64(v)))
			}
		}
	}
}

func scoreSoftmax[T float32 | float64](row []T, zero bool) {
	top, sum := float64(row[0]), 0.0
	for _, v := range row {
		top = max(top, float64(v))
	}
	skip := func(v T) bool { return zero && v < 1e-7 && v > -1e-7 }
	for _, v := range row {
		if !skip(v) {
			sum += quant.Exp64(float64(v) - top)
		}
	}
	for j, v := range row {
		if skip(v) {
			row[j] = 0
		} else {
			row[j] = T(quant.Exp64(float64(v)-top) / sum)
		}
	}
}

// scoreProbit approximates the quantile of the normal distribution, √2 times
// the inverse of erf at 2p − 1, with Winitzki's formula, as ONNX Runtime does.
func scoreProbit(p float64) float64 {
	const a = 0.147
	x := float64(2*p) - 1
	log := quant.Log64(float64((1 - x) * (1 + x)))
	v := 2/(math.Pi*a) + float64(0.5*log)
	root := math.Sqrt(math.Sqrt(float64(v*v)-log/a) - v)
	return math.Copysign(math.Sqrt2*root, x)
}
