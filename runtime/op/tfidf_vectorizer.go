package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// TfIdfVectorizer counts in each row of its input [c] or [n, c], of int32 or
// int64, how often n-grams occur: runs of MinGram to MaxGram numbers, which lie 1
// to MaxSkip+1 apart. Its output has a count for each of Size things.
type TfIdfVectorizer struct {
	MinGram, MaxGram, MaxSkip int
	Size                      int
	// Next leads from a run of numbers, the empty one being 0, and a number to
	// the run that is longer by it. Runs are numbered from 1 on.
	Next map[Gram]int32
	// Count has, for each run, where in the output it is counted, or -1.
	Count []int32
	// Weights has a factor for each count. With Presence, the factor is what
	// counts, however often the run occurs. Without Weights, factors are 1.
	Weights  []float32
	Presence bool
}

// Gram is a run of numbers and one more.
type Gram struct {
	Run  int32
	Item int64
}

// Infer returns float32 [Size] or [n, Size].
func (o *TfIdfVectorizer) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 1, 1); err != nil {
		return nil, err
	}
	if err := wantType(in, 0, tensor.I32, tensor.I64); err != nil {
		return nil, err
	}
	if o.MinGram < 1 || o.MaxGram < o.MinGram || o.MaxSkip < 0 {
		return nil, errorf("n-grams of %d to %d with %d skipped", o.MinGram, o.MaxGram, o.MaxSkip)
	}
	if o.Weights != nil && len(o.Weights) != o.Size {
		return nil, errorf("%d weights for %d counts", len(o.Weights), o.Size)
	}
	switch in[0].Rank() {
	case 1:
		return []tensor.Type{tensor.Of(tensor.F32, o.Size)}, nil
	case 2:
		return []tensor.Type{tensor.Of(tensor.F32, in[0].Shape[0], o.Size)}, nil
	}
	return nil, errorf("input 0 has shape %v, want one or two dimensions", in[0].Shape)
}

// Work counts the steps from run to run.
func (o *TfIdfVectorizer) Work(in, out []tensor.Type) int64 {
	c := int64(in[0].Shape[in[0].Rank()-1])
	return satAdd(int64(out[0].Len()), int64(in[0].Len())*min(int64(o.MaxSkip)+1, c+1)*min(int64(o.MaxGram), c+1))
}

// Ref counts.
func (o *TfIdfVectorizer) Ref(in, out []tensor.View) error {
	y := out[0].F32()
	clear(y)
	c := in[0].Shape[in[0].Rank()-1]
	for row := 0; c > 0 && o.Size > 0 && row < in[0].Len()/c; row++ {
		to := y[row*o.Size:][:o.Size]
		if in[0].DType == tensor.I64 {
			countGrams(o, in[0].I64()[row*c:][:c], to)
		} else {
			countGrams(o, in[0].I32()[row*c:][:c], to)
		}
		for i, w := range o.Weights {
			if o.Presence {
				to[i] = min(to[i], 1)
			}
			to[i] *= w
		}
	}
	return nil
}

// countGrams counts single numbers only once: nothing lies between.
func countGrams[T int32 | int64](o *TfIdfVectorizer, x []T, to []float32) {
	shortest := o.MinGram
	for apart := 1; apart <= min(o.MaxSkip+1, len(x)) && shortest <= o.MaxGram; apart++ {
		for start := range x {
			run := int32(0)
			for size, at := 1, start; size <= o.MaxGram && at < len(x); size, at = size+1, at+apart {
				next, ok := o.Next[Gram{run, int64(x[at])}]
				if !ok {
					break
				}
				if run = next; size >= shortest && o.Count[run] >= 0 {
					to[o.Count[run]]++
				}
			}
		}
		shortest = max(shortest, 2)
	}
}
