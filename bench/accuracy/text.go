package main

import (
	"github.com/edgeinfer/edgeinfer/train"
	"github.com/edgeinfer/edgeinfer/train/data"
)

const namesEpochs = 12

// openNames trains a model of the characters of names, of which a tenth, drawn at
// random, is left out to validate with.
func openNames(b *bench) (func(uint64) (result, error), error) {
	all, _, err := data.Open(b.path("text", "names.txt"), data.Options{Test: -1, Text: data.TextOptions{Lines: true}})
	if err != nil {
		return nil, err
	}
	set, test := data.Split(all, .1, 0)
	symbols := len(data.Symbols(all))
	return func(seed uint64) (result, error) {
		m := train.Sequential(
			train.Tokens(all.Shape()...),
			train.Embedding(symbols, 32),
			train.LSTM(160, train.ReturnSequences),
			train.Dropout(.2),
			train.Dense(symbols, train.Softmax),
		)
		m.Seed(seed)
		rate := train.LearningRateSchedule(train.CosineDecay(namesEpochs, .01))
		if err := m.Compile(train.Adam(3e-3, rate, train.ClipNorm(1)), train.CategoricalCrossentropy); err != nil {
			return result{}, err
		}
		r, err := b.fit(m, set, train.Epochs(namesEpochs), train.BatchSize(64))
		if err != nil {
			return r, err
		}
		return b.measured(r, m, test, "loss")
	}, nil
}

// The Transformer of characters.
const (
	shakespeareEpochs = 3
	contextLength     = 128
	modelWidth        = 128
	modelBlocks       = 4
	modelHeads        = 4
)

// openShakespeare trains a Transformer on nine tenths of Shakespeare and validates
// it on the last tenth, in sequences that begin without context.
func openShakespeare(b *bench) (func(uint64) (result, error), error) {
	o := data.Options{Text: data.TextOptions{Length: contextLength, Stride: contextLength / 2}}
	set, test, err := data.Open(b.path("text", "tinyshakespeare.txt.gz"), o)
	if err != nil {
		return nil, err
	}
	symbols := len(data.Symbols(set))
	return func(seed uint64) (result, error) {
		layers := []train.Layer{train.Tokens(contextLength), train.Embedding(symbols, modelWidth), train.PositionEmbedding()}
		for range modelBlocks {
			layers = append(layers, train.TransformerEncoder(modelHeads, 4*modelWidth, train.Causal))
		}
		layers = append(layers, train.LayerNormalization(), train.Dense(symbols, train.Softmax))
		m := train.Sequential(layers...)
		m.Seed(seed)
		rate := train.LearningRateSchedule(train.WarmUp(.1, train.CosineDecay(shakespeareEpochs-.1, .02)))
		if err := m.Compile(train.AdamW(2e-3, rate, train.ClipNorm(1), train.Betas(.9, .99), train.WeightDecay(.1)), train.CategoricalCrossentropy); err != nil {
			return result{}, err
		}
		r, err := b.fit(m, set, train.Epochs(shakespeareEpochs), train.BatchSize(16))
		if err != nil {
			return r, err
		}
		return b.measured(r, m, test, "loss")
	}, nil
}
