package train

import (
	"errors"

	"github.com/edgeinfer/edgeinfer/runtime/graph"
	"github.com/edgeinfer/edgeinfer/runtime/op"
	"github.com/edgeinfer/edgeinfer/runtime/tensor"
)

var errNotRecurrent = errors.New("Bidirectional takes a SimpleRNN, LSTM or GRU")

// attention is a MultiHeadAttention layer.
type attention struct {
	layer
	heads, keyDim int
}

// attentionDefaults are those of layers with attention.
var attentionDefaults = config{kernelInit: GlorotUniform, epsilon: 1e-5, activation: GELU}

// MultiHeadAttention looks, for each step of a sequence, at all steps of another,
// with several heads of keyDim features each (Vaswani et al., 2017, section
// 3.2). Its inputs are the query [t d], the value [s e], the query again if it is
// left out, and a padding mask [s], of which steps with 0 are not looked at; see
// PaddingMask. The output is [t d]. With Causal no step sees a later one.
func MultiHeadAttention(heads, keyDim int, opts ...Option) Layer {
	l := &attention{newLayer("multi_head_attention", opts, attentionDefaults, "NoBias", "KernelInitializer", "L1", "L2", "Causal"), heads, keyDim}
	l.positive("heads", heads)
	l.positive("key dimension", keyDim)
	return l
}

// Build adds projections and attention.
func (l *attention) Build(s *Scope, in ...graph.Value) graph.Value {
	if !l.ready(s, in, 0, 3) {
		return 0
	}
	if len(in) > 3 {
		return s.Fail("%d inputs, want query, value and mask at most", len(in))
	}
	value, mask := in[0], graph.None
	if len(in) > 1 {
		value = in[1]
	}
	if len(in) > 2 {
		mask = in[2]
	}
	return s.attention(in[0], value, mask, l.heads, l.keyDim, l.causal, l.config)
}

// attention is a multi-head attention of query to value.
func (s *Scope) attention(query, value, mask graph.Value, heads, keyDim int, causal bool, c *config) graph.Value {
	project := func(name string, x graph.Value, width int) graph.Value {
		return s.within(name, func() graph.Value { return s.dense(x, width, c) })
	}
	shape := s.Shape(query)
	if shape == nil {
		return 0
	}
	d := shape[2]
	q := project("query", query, heads*keyDim)
	k := project("key", value, heads*keyDim)
	v := project("value", value, heads*keyDim)
	in := []graph.Value{q, k, v}
	if mask != graph.None {
		in = append(in, mask)
	}
	y := s.Add(&op.TrainedAttention{Heads: heads, Causal: causal}, in...)
	return project("output", y, d)
}

// paddingMask is a PaddingMask layer.
type paddingMask struct{ layer }

// PaddingMask is 1 where a sequence of Tokens has a number over 0, and 0 where it
// has 0: padding.
func PaddingMask(opts ...Option) Layer {
	return &paddingMask{newLayer("padding_mask", opts, config{})}
}

// Build adds a Cast and a Clamp.
func (l *paddingMask) Build(s *Scope, in ...graph.Value) graph.Value {
	if !l.ready(s, in, 1) {
		return 0
	}
	x := in[0]
	if s.b.Type(x).DType != tensor.F32 {
		x = s.Add(&op.Cast{DType: tensor.F32}, x)
	}
	return s.Add(&op.Clamp{Hi: 1}, x)
}

// transformer is a block of a Transformer.
type transformer struct {
	layer
	heads, hidden int
	decoder       bool
}

func newTransformer(kind string, heads, hidden int, decoder bool, opts []Option) Layer {
	l := &transformer{newLayer(kind, opts, attentionDefaults, "an activation", "DropoutRate", "Causal", "Epsilon", "KernelInitializer", "L1", "L2"), heads, hidden, decoder}
	l.positive("heads", heads)
	l.positive("hidden features", hidden)
	if !(l.dropout >= 0 && l.dropout < 1) && l.err == nil {
		l.err = errors.New("DropoutRate wants at least 0 and below 1")
	}
	return l
}

// TransformerEncoder is self-attention, then a Dense layer of hidden features and
// one back to as many as came in, each with a residual connection around it and a
// LayerNormalization before it (pre-norm: Xiong et al., 2020). The activation is
// GELU, Epsilon 1e-5. Inputs are a sequence [t d] and, if there is one, a padding
// mask [t]. With Causal it is a language model's block.
func TransformerEncoder(heads, hidden int, opts ...Option) Layer {
	return newTransformer("transformer_encoder", heads, hidden, false, opts)
}

// TransformerDecoder is TransformerEncoder with causal self-attention. A second
// input, the encoder's output, is looked at by a cross-attention in between; a
// third is its padding mask.
func TransformerDecoder(heads, hidden int, opts ...Option) Layer {
	return newTransformer("transformer_decoder", heads, hidden, true, opts)
}

// Build adds the block.
func (l *transformer) Build(s *Scope, in ...graph.Value) graph.Value {
	most := 2
	if l.decoder {
		most = 3
	}
	if !l.ready(s, in, 0, 3) {
		return 0
	}
	if len(in) > most {
		return s.Fail("%d inputs, want %d at most", len(in), most)
	}
	x, d := in[0], s.Shape(in[0])[2]
	if d%l.heads != 0 {
		return s.Fail("%d features do not divide into %d heads", d, l.heads)
	}
	mask := graph.None
	if !l.decoder && len(in) > 1 {
		mask = in[1]
	}
	x = l.residual(s, "attention", x, func(x graph.Value) graph.Value {
		return s.attention(x, x, mask, l.heads, d/l.heads, l.causal || l.decoder, l.config)
	})
	if l.decoder && len(in) > 1 {
		if len(in) > 2 {
			mask = in[2]
		}
		x = l.residual(s, "cross_attention", x, func(x graph.Value) graph.Value {
			return s.attention(x, in[1], mask, l.heads, d/l.heads, false, l.config)
		})
	}
	return l.residual(s, "feed_forward", x, func(x graph.Value) graph.Value {
		h := s.within("hidden", func() graph.Value { return s.activate(s.dense(x, l.hidden, l.config), l.activation) })
		return s.within("output", func() graph.Value { return s.dense(h, d, l.config) })
	})
}

// residual adds f of x, normalised, to x.
func (l *transformer) residual(s *Scope, name string, x graph.Value, f func(x graph.Value) graph.Value) graph.Value {
	return s.within(name, func() graph.Value {
		y := f(s.within("norm", func() graph.Value { return s.layerNorm(x, l.epsilon) }))
		return s.Add(&op.Add{To: float}, x, s.dropout(y, l.dropout))
	})
}
