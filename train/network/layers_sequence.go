package network

import (
	"maps"
	"slices"

	"github.com/edgeinfer/edgeinfer/train"
)

// recurrences are the options of every recurrent layer.
func (f *fields) recurrences(more ...option) []train.Option {
	return f.options(append(more, useBias, kernelInitializer, penalties, flagOption("return_sequences", train.ReturnSequences),
		flagOption("stateful", train.Stateful), flagOption("go_backwards", train.GoBackwards))...)
}

func flagOption(name string, o train.Option) option {
	return func(f *fields) []train.Option {
		if f.flag(name, false) {
			return []train.Option{o}
		}
		return nil
	}
}

// recurrentActivation is tanh or relu.
func recurrentActivation(f *fields) []train.Option {
	switch f.choice("activation", "tanh", "relu") {
	case "tanh":
		return []train.Option{train.Tanh}
	case "relu":
		return []train.Option{train.ReLU}
	}
	return nil
}

var causal = flagOption("use_causal_mask", train.Causal)

func dropoutRate(f *fields) []train.Option {
	if f.get("dropout") == nil {
		return nil
	}
	return []train.Option{train.DropoutRate(f.real("dropout", 0, 0, .999999))}
}

// recurrentKinds are what bidirectional may hold.
func recurrentKinds() map[string]kind {
	return map[string]kind{
		"simple_rnn": {"units", func(f *fields) train.Layer {
			return train.SimpleRNN(f.count("units"), f.recurrences(recurrentActivation)...)
		}},
		"lstm": {"units", func(f *fields) train.Layer { return train.LSTM(f.count("units"), f.recurrences()...) }},
		"gru":  {"units", func(f *fields) train.Layer { return train.GRU(f.count("units"), f.recurrences()...) }},
	}
}

// sequenceKinds are layers for sequences.
func sequenceKinds() map[string]kind {
	return map[string]kind{
		"bidirectional": {"", bidirectional},
		"multi_head_attention": {"num_heads", func(f *fields) train.Layer {
			return train.MultiHeadAttention(f.count("num_heads"), f.count("key_dim"), f.options(useBias, kernelInitializer, penalties, causal)...)
		}},
		"padding_mask": {"", func(f *fields) train.Layer { return train.PaddingMask(f.options()...) }},
		"transformer_encoder": {"num_heads", func(f *fields) train.Layer {
			return train.TransformerEncoder(f.count("num_heads"), f.count("intermediate_dim"), f.block(causal)...)
		}},
		"transformer_decoder": {"num_heads", func(f *fields) train.Layer {
			return train.TransformerDecoder(f.count("num_heads"), f.count("intermediate_dim"), f.block()...)
		}},
	}
}

// block are the options of a Transformer's block.
func (f *fields) block(more ...option) []train.Option {
	return f.options(append(more, activation, dropoutRate, epsilon, kernelInitializer, penalties)...)
}

// bidirectional reads bidirectional: {lstm: 64}.
func bidirectional(f *fields) train.Layer {
	var found []string
	for _, name := range slices.Sorted(maps.Keys(recurrentKinds())) {
		if f.get(name) != nil {
			found = append(found, name)
		}
	}
	if len(found) != 1 {
		f.fail(f.at, "bidirectional reads both ways with one layer, gru, lstm or simple_rnn: write {lstm: {units: 64}}")
		return nil
	}
	inner := recurrentKinds()[found[0]]
	keys := f.argument(f.get(found[0]), f.key[found[0]], found[0], inner.primary)
	l := inner.make(keys)
	keys.done()
	return train.Bidirectional(l, f.options()...)
}
