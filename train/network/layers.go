package network

import (
	"maps"
	"slices"

	"github.com/edgeinfer/edgeinfer/train"
	"go.yaml.in/yaml/v3"
)

// kind is a kind of layer.
type kind struct {
	primary string // the key that a value alone is of: dense: 64
	make    func(f *fields) train.Layer
}

// kinds are all kinds, by Keras' names in snake case. Activations are layers too.
func kinds() map[string]kind {
	all := map[string]kind{}
	for _, some := range []map[string]kind{plainKinds(), convolutionKinds(), recurrentKinds(), sequenceKinds()} {
		maps.Copy(all, some)
	}
	return all
}

// option reads the keys of a layer that become an option of it.
type option func(f *fields) []train.Option

// options reads the layer's name and what else it has.
func (f *fields) options(each ...option) []train.Option {
	var out []train.Option
	if n := f.get("name"); n != nil {
		out = append(out, train.Name(f.text("name", "")))
	}
	for _, o := range each {
		out = append(out, o(f)...)
	}
	return out
}

func activation(f *fields) []train.Option {
	if n := f.get("activation"); n != nil {
		return []train.Option{f.activation("activation")}
	}
	return nil
}

// activationNames are all names that ParseActivation knows.
func activationNames() (names []string) {
	for a := train.Linear; ; a++ {
		if _, err := train.ParseActivation(a.String()); err != nil {
			return append(names, "swish", "hard_silu")
		}
		names = append(names, a.String())
	}
}

func (f *fields) activation(name string) train.Activation {
	a, _ := train.ParseActivation(f.choice(name, activationNames()...))
	return a
}

// useBias is Keras' use_bias: true by default.
func useBias(f *fields) []train.Option {
	if f.flag("use_bias", true) {
		return nil
	}
	return []train.Option{train.NoBias}
}

func initializers() map[string]train.Initializer {
	all := map[string]train.Initializer{}
	for _, i := range []train.Initializer{train.Zeros, train.Ones, train.GlorotUniform, train.HeUniform, train.HeNormal, train.LecunNormal, train.Orthogonal, train.RandomUniform} {
		all[i.String()] = i
	}
	return all
}

func kernelInitializer(f *fields) []train.Option {
	if f.get("kernel_initializer") == nil {
		return nil
	}
	all := initializers()
	return []train.Option{train.KernelInitializer(all[f.choice("kernel_initializer", slices.Sorted(maps.Keys(all))...)])}
}

// penalties are what weights add to the loss.
func penalties(f *fields) (out []train.Option) {
	if f.get("l1") != nil {
		out = append(out, train.L1(f.real("l1", 0, 0, 1e6)))
	}
	if f.get("l2") != nil {
		out = append(out, train.L2(f.real("l2", 0, 0, 1e6)))
	}
	return out
}

func epsilon(f *fields) []train.Option {
	if f.get("epsilon") == nil {
		return nil
	}
	return []train.Option{train.Epsilon(f.real("epsilon", 0, 0, 1))}
}

func momentum(f *fields) []train.Option {
	if f.get("momentum") == nil {
		return nil
	}
	return []train.Option{train.Momentum(f.real("momentum", 0, 0, 1))}
}

// plainKinds are layers for samples of any shape.
func plainKinds() map[string]kind {
	return map[string]kind{
		"dense": {"units", func(f *fields) train.Layer {
			return train.Dense(f.count("units"), f.options(activation, useBias, kernelInitializer, penalties)...)
		}},
		"activation": {"activation", func(f *fields) train.Layer {
			f.need("activation", "relu")
			return train.Activate(f.activation("activation"), f.options()...)
		}},
		"flatten": {"", func(f *fields) train.Layer { return train.Flatten(f.options()...) }},
		"dropout": {"rate", func(f *fields) train.Layer {
			f.need("rate", "0.5")
			return train.Dropout(f.real("rate", 0, 0, .999999), f.options()...)
		}},
		"reshape": {"target_shape", func(f *fields) train.Layer {
			f.need("target_shape", "[28, 28, 1]")
			return train.Reshape(f.ints("target_shape", -1, most), f.options()...)
		}},
		"permute": {"dims", func(f *fields) train.Layer {
			f.need("dims", "[2, 1]")
			return train.Permute(f.ints("dims", 1, 16), f.options()...)
		}},
		"batch_normalization": {"momentum", func(f *fields) train.Layer { return train.BatchNormalization(f.options(momentum, epsilon)...) }},
		"layer_normalization": {"epsilon", func(f *fields) train.Layer { return train.LayerNormalization(f.options(epsilon)...) }},
		"embedding": {"input_dim", func(f *fields) train.Layer {
			return train.Embedding(f.count("input_dim"), f.count("output_dim"), f.options(kernelInitializer, penalties)...)
		}},
		"positional_encoding": {"", func(f *fields) train.Layer { return train.PositionalEncoding(f.options()...) }},
		"position_embedding":  {"kernel_initializer", func(f *fields) train.Layer { return train.PositionEmbedding(f.options(kernelInitializer)...) }},
		"add":                 {"", func(f *fields) train.Layer { return train.Add(f.options()...) }},
		"subtract":            {"", func(f *fields) train.Layer { return train.Subtract(f.options()...) }},
		"multiply":            {"", func(f *fields) train.Layer { return train.Multiply(f.options()...) }},
		"concatenate":         {"", func(f *fields) train.Layer { return train.Concatenate(f.options()...) }},
	}
}

// layer makes the layer of the given name; f are its keys.
func (r *reader) layer(name string, f *fields) train.Layer {
	if slices.Contains(activationNames(), name) {
		a, _ := train.ParseActivation(name)
		return train.Activate(a, f.options()...)
	}
	return kinds()[name].make(f)
}

// known finds out whether there is such a layer, and says what was meant if not.
func (r *reader) known(name string, at *yaml.Node) bool {
	if _, ok := kinds()[name]; ok || slices.Contains(activationNames(), name) {
		return true
	}
	r.fail(at, "layer %q is not known%s", clip(name), suggest(name, slices.Concat(slices.Sorted(maps.Keys(kinds())), activationNames(), []string{"residual", "shared"})))
	return false
}
