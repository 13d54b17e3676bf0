package op

import "github.com/edgeinfer/edgeinfer/runtime/tensor"

// RotaryEmbedding is ONNX's: it turns pairs of elements of each head by an
// angle that depends on the position. Inputs are X, of shape
// [batch heads seq d] or [batch seq heads·d], the cosines and sines
// [batch seq dim/2] or, if input 3 holds the positions (int64 [batch seq]),
// [positions dim/2].
type RotaryEmbedding struct {
	Interleaved bool // pairs lie side by side; else half of dim apart
	Heads       int  // of an X of rank 3
	Dim         int  // how many elements of a head are turned; 0: all
}

// Infer returns X's type.
func (o *RotaryEmbedding) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := wantInputs(in, 3, 4); err != nil {
		return nil, err
	}
	if err := wantFloats(in, 0, 1, 2); err != nil {
		return nil, err
	}
	if err := wantRank(in, 0, 3, 4); err != nil {
		return nil, err
	}
	batch, _, seq, d, err := attentionHeads(in[0].Shape, o.Heads)
	if err != nil {
		return nil, err
	}
	dim := o.Dim
	if dim == 0 {
		dim = d
	}
	if dim != tensor.Dynamic && (dim < 0 || dim%2 != 0 || dim > d && d != tensor.Dynamic) {
		return nil, errorf("rotary_embedding_dim is %d for heads of %d, want an even number of them", dim, d)
	}
	half := dim / 2
	if dim == tensor.Dynamic {
		half = dim
	}
	cache := []int{batch, seq, half}
	if ids := input(in, 3); !ids.Absent() {
		if ids.DType != tensor.I64 {
			return nil, Unsupported("%s as type of input 3, position_ids (supported: int64)", ids.DType)
		}
		if !fitsShape(ids.Shape, []int{batch, seq}) {
			return nil, errorf("position_ids has shape %v, want [%d %d]", ids.Shape, batch, seq)
		}
		cache = []int{tensor.Dynamic, half}
	}
	for i := 1; i <= 2; i++ {
		if !fitsShape(in[i].Shape, cache) {
			return nil, errorf("input %d has shape %v, want %v", i, in[i].Shape, cache)
		}
	}
	if len(cache) == 2 && differ(in[1].Shape[0], in[2].Shape[0]) {
		return nil, errorf("cosines and sines have shapes %v and %v, want the same", in[1].Shape, in[2].Shape)
	}
	return []tensor.Type{tensor.Of(in[0].DType, in[0].Shape...)}, nil
}

// Ref turns one head at a position after the other.
func (o *RotaryEmbedding) Ref(in, out []tensor.View) error { return refFloat(o, in, out) }

// Prepare has nothing to prepare.
func (o *RotaryEmbedding) Prepare(p *Prep) (Prepared, error) { return byFloat(o, p) }

func (*RotaryEmbedding) floatScratch(_, _ []tensor.Type) int64 { return 0 }

func (o *RotaryEmbedding) runFloat32(in, out []tensor.View, _ []float32) error {
	return rotate[float32](o, in, out)
}

func (o *RotaryEmbedding) runFloat64(in, out []tensor.View, _ []float64) error {
	return rotate[float64](o, in, out)
}

func rotate[T wideFloat](o *RotaryEmbedding, in, out []tensor.View) error {
	x, y, cos, sin := floatsOf[T](in, 0), floatsOf[T](out, 0), floatsOf[T](in, 1), floatsOf[T](in, 2)
	batch, heads, seq, d, err := attentionHeads(in[0].Shape, o.Heads)
	if err != nil || len(x) == 0 {
		return err
	}
	half := in[1].Shape[in[1].Rank()-1]
	for b := range batch {
		for i := range seq {
			row := b*seq + i
			if len(in) > 3 && !in[3].Absent() {
				p := in[3].I64()[row]
				if p < 0 || p >= int64(in[1].Shape[0]) {
					return dataf("position_ids has %d, want 0 to %d", p, in[1].Shape[0]-1)
				}
				row = int(p)
			}
			for h := range heads {
				at := (b*heads+h)*seq + i
				if in[0].Rank() == 3 {
					at = (b*seq+i)*heads + h
				}
				rotateHead(y[at*d:(at+1)*d], x[at*d:], cos[row*half:(row+1)*half], sin[row*half:], o.Interleaved)
			}
		}
	}
	return nil
}

func rotateHead[T wideFloat](y, x, cos, sin []T, interleaved bool) {
	copy(y, x)
	step, apart := 1, len(cos)
	if interleaved {
		step, apart = 2, 1
	}
	for k, c := range cos {
		s, u, v := sin[k], x[k*step], x[k*step+apart]
		y[k*step] = T(c*u) - T(s*v)
		y[k*step+apart] = T(s*u) + T(c*v)
	}
}
