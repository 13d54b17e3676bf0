package train_test

import "github.com/edgeinfer/edgeinfer/train"

// one makes a network of one input, of layers that follow each other.
func one(layers ...train.Layer) func(in ...*train.Node) *train.Node {
	return func(in ...*train.Node) *train.Node {
		at := in[0]
		for _, l := range layers {
			at = train.Apply(l, at)
		}
		return at
	}
}

// all applies a layer to all inputs.
func all(l train.Layer) func(in ...*train.Node) *train.Node {
	return func(in ...*train.Node) *train.Node { return train.Apply(l, in...) }
}

// torchLayers are the networks of testdata/torch_vectors.py.
var torchLayers = map[string]func(in ...*train.Node) *train.Node{
	"dense":          one(train.Dense(6)),
	"dense_sequence": one(train.Dense(6, train.Tanh)),
	"dense_no_bias":  one(train.Dense(3, train.NoBias, train.ReLU)),

	"activation_relu":       one(train.Activate(train.ReLU)),
	"activation_relu6":      one(train.Activate(train.ReLU6)),
	"activation_leaky_relu": one(train.Activate(train.LeakyReLU)),
	"activation_elu":        one(train.Activate(train.ELU)),
	"activation_selu":       one(train.Activate(train.SELU)),
	"activation_gelu":       one(train.Activate(train.GELU)),
	"activation_silu":       one(train.Activate(train.SiLU)),
	"activation_hard_swish": one(train.Activate(train.HardSwish)),
	"activation_sigmoid":    one(train.Activate(train.Sigmoid)),
	"activation_tanh":       one(train.Activate(train.Tanh)),
	"activation_softmax":    one(train.Activate(train.Softmax)),
	"activation_softplus":   one(train.Activate(train.Softplus)),

	"embedding": one(train.Embedding(9, 4)),
	"shaping":   one(train.Permute([]int{2, 1}), train.Reshape([]int{2, -1})),
	"merging": func(in ...*train.Node) *train.Node {
		return train.Apply(train.Concatenate(), train.Apply(train.Add(), in...), train.Apply(train.Multiply(), in...), train.Apply(train.Subtract(), in...))
	},

	"conv2d":               one(train.Conv2D(5, 3, 2)),
	"conv2d_same_stride":   one(train.Conv2D(4, 3, 4, train.Strides(2, 3), train.Same)),
	"conv2d_dilation":      one(train.Conv2D(3, 3, 3, train.DilationRate(2, 3))),
	"conv2d_same_dilation": one(train.Conv2D(3, 3, 3, train.DilationRate(2), train.Same, train.NoBias)),
	"conv2d_groups":        one(train.Conv2D(6, 2, 3, train.Groups(2))),
	"conv2d_point":         one(train.Conv2D(7, 1, 1)),
	"conv1d":               one(train.Conv1D(5, 3, train.ReLU)),
	"conv1d_same_stride":   one(train.Conv1D(4, 5, train.Strides(2), train.Same)),
	"conv1d_dilation":      one(train.Conv1D(4, 3, train.DilationRate(3))),
	"depthwise":            one(train.DepthwiseConv2D(3, 3)),
	"depthwise_multiplier": one(train.DepthwiseConv2D(3, 2, train.DepthMultiplier(2), train.Strides(2), train.Same)),
	"separable":            one(train.SeparableConv2D(5, 3, 3, train.DepthMultiplier(2), train.Same)),
	"transposed":           one(train.Conv2DTranspose(3, 3, 3, train.Strides(2))),
	"transposed_same":      one(train.Conv2DTranspose(3, 4, 3, train.Strides(2), train.Same)),

	"max_pooling2d":            one(train.MaxPooling2D(2, 2)),
	"max_pooling2d_same":       one(train.MaxPooling2D(3, 2, train.Strides(2), train.Same)),
	"average_pooling2d":        one(train.AveragePooling2D(2, 3, train.Strides(2))),
	"average_pooling2d_same":   one(train.AveragePooling2D(3, 3, train.Strides(2), train.Same)),
	"max_pooling1d":            one(train.MaxPooling1D(3, train.Strides(2))),
	"average_pooling1d":        one(train.AveragePooling1D(2)),
	"global_max_pooling2d":     one(train.GlobalMaxPooling2D()),
	"global_average_pooling2d": one(train.GlobalAveragePooling2D()),
	"global_max_pooling1d":     one(train.GlobalMaxPooling1D()),
	"global_average_pooling1d": one(train.GlobalAveragePooling1D()),
	"zero_padding2d":           one(train.ZeroPadding2D(1, 3, 0, 2)),
	"up_sampling2d":            one(train.UpSampling2D(2, 3)),
	"up_sampling2d_bilinear":   one(train.UpSampling2D(2, 3, train.Bilinear)),

	"batch_normalization":      one(train.BatchNormalization(train.Momentum(.9))),
	"batch_normalization_rows": one(train.BatchNormalization(train.Momentum(.75), train.Epsilon(1e-2))),
	"layer_normalization":      one(train.LayerNormalization()),

	"simple_rnn":           one(train.SimpleRNN(5)),
	"simple_rnn_relu":      one(train.SimpleRNN(5, train.ReLU)),
	"simple_rnn_sequences": one(train.SimpleRNN(4, train.ReturnSequences)),
	"simple_rnn_backwards": one(train.SimpleRNN(4, train.ReturnSequences, train.GoBackwards)),
	"lstm":                 one(train.LSTM(5)),
	"lstm_sequences":       one(train.LSTM(4, train.ReturnSequences)),
	"lstm_backwards":       one(train.LSTM(4, train.ReturnSequences, train.GoBackwards)),
	"gru":                  one(train.GRU(5)),
	"gru_sequences":        one(train.GRU(4, train.ReturnSequences)),
	"gru_backwards":        one(train.GRU(4, train.ReturnSequences, train.GoBackwards)),
	"bidirectional_lstm":   one(train.Bidirectional(train.LSTM(4, train.ReturnSequences))),
	"bidirectional_gru":    one(train.Bidirectional(train.GRU(4))),

	"attention":              one(train.MultiHeadAttention(2, 4)),
	"attention_causal":       one(train.MultiHeadAttention(4, 2, train.Causal)),
	"attention_cross_masked": all(train.MultiHeadAttention(2, 4)),
	"encoder":                one(train.TransformerEncoder(2, 12)),
	"encoder_causal_relu":    one(train.TransformerEncoder(4, 6, train.Causal, train.ReLU)),
	"encoder_masked":         all(train.TransformerEncoder(2, 10)),
	"decoder":                one(train.TransformerDecoder(2, 9)),
	"decoder_cross":          all(train.TransformerDecoder(2, 9)),
	"positions":              one(train.PositionalEncoding(), train.PositionEmbedding()),
}

// torchLosses are the losses, and what comes before them.
var torchLosses = map[string]struct {
	loss       train.Loss
	activation train.Activation
}{
	"categorical":                 {train.CategoricalCrossentropy, train.Softmax},
	"categorical_sequence":        {train.SparseCategoricalCrossentropy, train.Softmax},
	"categorical_smoothed":        {train.CategoricalCrossentropy.Smoothing(.2), train.Softmax},
	"categorical_shares":          {train.CategoricalCrossentropy, train.Softmax},
	"categorical_shares_smoothed": {train.CategoricalCrossentropy.Smoothing(.1), train.Softmax},
	"categorical_sigmoid":         {train.CategoricalCrossentropy, train.Sigmoid},
	"binary":                      {train.BinaryCrossentropy, train.Sigmoid},
	"binary_smoothed":             {train.BinaryCrossentropy.Smoothing(.1), train.Sigmoid},
	"binary_softmax":              {train.BinaryCrossentropy, train.Softmax},
	"mean_squared":                {train.MeanSquaredError, train.Linear},
	"mean_absolute":               {train.MeanAbsoluteError, train.Linear},
	"huber":                       {train.Huber, train.Linear},
	"huber_delta":                 {train.Huber.Delta(.4), train.Linear},
}

// torchOptimizers are the optimisers where PyTorch's definition is ours.
var torchOptimizers = map[string]train.Optimizer{
	"sgd":              train.SGD(.1),
	"sgd_momentum":     train.SGD(.05, train.MomentumOf(.9)),
	"sgd_nesterov":     train.SGD(.05, train.MomentumOf(.8), train.Nesterov),
	"sgd_clipped":      train.SGD(.1, train.ClipNorm(.5)),
	"rmsprop":          train.RMSprop(.01, train.EpsilonOf(1e-14)),
	"rmsprop_momentum": train.RMSprop(.01, train.Rho(.8), train.MomentumOf(.5), train.EpsilonOf(1e-14)),
	"adam":             train.Adam(.01),
	"adam_betas":       train.Adam(.02, train.Betas(.8, .95), train.EpsilonOf(1e-3)),
	"adamw":            train.AdamW(.02, train.WeightDecay(.1)),
	"adamw_clipped":    train.AdamW(.02, train.WeightDecay(.3), train.EpsilonOf(1e-4), train.ClipNorm(.5)),
}
