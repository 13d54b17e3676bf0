package op

import (
	"github.com/edgeinfer/edgeinfer/quant"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

// LinearAttention is ONNX's: each head keeps a state S [dk dv], and for each
// position of the sequence, with the rows q, k and v,
//
//	S ← exp(decay)·S                 if Gated
//	v ← beta·(v − Sᵀk)               if Delta
//	S ← S + k·vᵀ,  y = scale·Sᵀq
//
// Inputs are query [batch seq heads·dk], key [batch seq kvheads·dk], value
// [batch seq kvheads·dv], past_state [batch kvheads dk dv], decay
// [batch seq kvheads] or [batch seq kvheads·dk], and beta [batch seq kvheads]
// or [batch seq 1]. Outputs are [batch seq heads·dv] and the state.
type LinearAttention struct {
	Heads, KVHeads int
	Gated, Delta   bool
	Scale          float32 // 0: 1/√dk
}

// Infer checks the shapes against each other.
func (o *LinearAttention) Infer(in []tensor.View) ([]tensor.Type, error) {
	if err := o.check(in); err != nil {
		return nil, err
	}
	q, v := in[0].Shape, in[2].Shape
	batch, seq := q[0], q[1]
	_, _, _, dk, err := attentionHeads(q, o.Heads)
	if err != nil {
		return nil, err
	}
	_, _, _, dv, err := attentionHeads(v, o.KVHeads)
	if err != nil {
		return nil, err
	}
	state := []int{batch, o.KVHeads, dk, dv}
	row := func(n int) []int { return []int{batch, seq, n} }
	for i, want := range [][][]int{{q}, {row(timesDim(o.KVHeads, dk))}, {row(v[2])}, {state}, {row(o.KVHeads), row(timesDim(o.KVHeads, dk))}, {row(o.KVHeads), row(1)}} {
		s := input(in, i)
		if !s.Absent() && !fitsShape(s.Shape, want[0]) && !fitsShape(s.Shape, want[len(want)-1]) {
			return nil, errorf("input %d has shape %v, want %v", i, s.Shape, want)
		}
	}
	t := in[0].DType
	if s := input(in, 3); !s.Absent() {
		t = s.DType
	}
	return []tensor.Type{tensor.Of(in[0].DType, batch, seq, timesDim(o.Heads, dv)), tensor.Of(t, state...)}, nil
}

// check looks at types, ranks and attributes.
func (o *LinearAttention) check(in []tensor.View) error {
	if err := wantInputs(in, 3, 6); err != nil {
		return err
	}
	for i := range in {
		if in[i].Absent() {
			continue
		}
		if err := wantFloats(in, i); err != nil {
			return err
		}
		if (in[i].DType == tensor.F64) != (in[0].DType == tensor.F64) {
			return Unsupported("inputs of types %s and %s", in[0].DType, in[i].DType)
		}
		if err := wantRank(in, i, []int{3, 3, 3, 4, 3, 3}[i]); err != nil {
			return err
		}
	}
	if o.Heads <= 0 || o.KVHeads <= 0 || o.Heads%o.KVHeads != 0 {
		return errorf("%d heads of the query for %d of key and value, want a multiple", o.Heads, o.KVHeads)
	}
	for i, want := range map[int]bool{4: o.Gated, 5: o.Delta} {
		if v := input(in, i); v.Absent() == want {
			return errorf("input %d (4 is decay, 5 is beta) does not agree with update_rule", i)
		}
	}
	return nil
}

// Ref computes one head after the other.
func (o *LinearAttention) Ref(in, out []tensor.View) error { return refFloat(o, in, out) }

// Prepare reserves memory for a row.
func (o *LinearAttention) Prepare(p *Prep) (Prepared, error) { return byFloat(o, p) }

// MACs counts the visits to the states.
func (o *LinearAttention) MACs(in, out []tensor.Type) int64 {
	return int64(in[0].Shape[1]) * int64(out[1].Len()) * int64(3+o.Heads/max(o.KVHeads, 1))
}

func (o *LinearAttention) floatScratch(_, out []tensor.Type) int64 { return int64(out[1].Shape[3]) }

func (o *LinearAttention) runFloat32(in, out []tensor.View, scratch []float32) error {
	return runLinearAttention(o, in, out, scratch)
}

func (o *LinearAttention) runFloat64(in, out []tensor.View, scratch []float64) error {
	return runLinearAttention(o, in, out, scratch)
}

func runLinearAttention[T wideFloat](o *LinearAttention, in, out []tensor.View, scratch []T) error {
	q, k, v := floatsOf[T](in, 0), floatsOf[T](in, 1), floatsOf[T](in, 2)
	decay, beta := floatsOf[T](in, 4), floatsOf[T](in, 5)
	y, states := floatsOf[T](out, 0), floatsOf[T](out, 1)
	batch, seq, dk, dv := in[0].Shape[0], in[0].Shape[1], out[1].Shape[2], out[1].Shape[3]
	clear(states)
	copy(states, floatsOf[T](in, 3))
	if dk == 0 || dv == 0 {
		clear(y)
		return nil
	}
	group, scale, row := o.Heads/o.KVHeads, T(attentionScale(o.Scale, dk)), scratch[:dv]
	for b := range batch {
		for h := range o.KVHeads {
			s := nth(states, b*o.KVHeads+h, batch*o.KVHeads)
			for t := range seq {
				bt := b*seq + t
				at := bt*o.KVHeads + h
				key := k[at*dk : (at+1)*dk]
				copy(row, v[at*dv:])
				if o.Gated {
					n := in[4].Shape[2] / o.KVHeads
					decayState(s, decay[at*n:(at+1)*n], dk)
				}
				if o.Delta {
					n := in[5].Shape[2]
					correct(row, s, key, beta[bt*n+h%n])
				}
				for i, x := range key {
					addScaled(s[i*dv:(i+1)*dv], x, row)
				}
				for g := range group {
					to := bt*o.Heads + h*group + g
					readState(y[to*dv:(to+1)*dv], s, q[to*dk:(to+1)*dk], scale)
				}
			}
		}
	}
	return nil
}

// decayState multiplies the rows of a state by exp(g), which has one element
// for all rows or one for each.
func decayState[T wideFloat](s, g []T, rows int) {
	for i := range rows {
		f := T(quant.Exp64(float64(g[i%len(g)])))
		row := nth(s, i, rows)
		for j := range row {
			row[j] *= f
		}
	}
}

// correct replaces v by beta·(v − Sᵀk).
func correct[T wideFloat](v, s, k []T, beta T) {
	for j := range v {
		sum := T(0)
		for i, x := range k {
			sum += T(s[i*len(v)+j] * x)
		}
		v[j] = beta * (v[j] - sum)
	}
}

// readState computes y = scale·Sᵀq.
func readState[T wideFloat](y, s, q []T, scale T) {
	clear(y)
	for i, x := range q {
		addScaled(y, x, s[i*len(y):(i+1)*len(y)])
	}
	for j := range y {
		y[j] *= scale
	}
}
