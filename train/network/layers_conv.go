package network

import (
	"github.com/edgeinfer/edgeinfer/train"
	"go.yaml.in/yaml/v3"
)

// padding is Keras' padding: valid by default.
func padding(f *fields) []train.Option {
	if f.choice("padding", "valid", "same") == "same" {
		return []train.Option{train.Same}
	}
	return nil
}

func strides(f *fields) []train.Option { return f.pairOption("strides", train.Strides) }

func dilation(f *fields) []train.Option { return f.pairOption("dilation_rate", train.DilationRate) }

func (f *fields) pairOption(name string, o func(...int) train.Option) []train.Option {
	if f.get(name) == nil {
		return nil
	}
	p := f.pair(name, 1, 1)
	return []train.Option{o(p[0], p[1])}
}

func groups(f *fields) []train.Option {
	if f.get("groups") == nil {
		return nil
	}
	return []train.Option{train.Groups(f.int("groups", 1, 1, most))}
}

func depthMultiplier(f *fields) []train.Option {
	if f.get("depth_multiplier") == nil {
		return nil
	}
	return []train.Option{train.DepthMultiplier(f.int("depth_multiplier", 1, 1, most))}
}

// convOptions are those of every convolution.
func (f *fields) convOptions(more ...option) []train.Option {
	return f.options(append(more, activation, useBias, kernelInitializer, penalties, strides, padding)...)
}

func (f *fields) window(name string) [2]int {
	f.need(name, "3")
	return f.pair(name, 1, 1)
}

// convolutionKinds are layers of filters, windows and images.
func convolutionKinds() map[string]kind {
	return map[string]kind{
		"conv2d": {"filters", func(f *fields) train.Layer {
			k := f.window("kernel_size")
			return train.Conv2D(f.count("filters"), k[0], k[1], f.convOptions(dilation, groups)...)
		}},
		"conv1d": {"filters", func(f *fields) train.Layer {
			return train.Conv1D(f.count("filters"), f.count("kernel_size"), f.convOptions(dilation, groups)...)
		}},
		"depthwise_conv2d": {"kernel_size", func(f *fields) train.Layer {
			k := f.window("kernel_size")
			return train.DepthwiseConv2D(k[0], k[1], f.convOptions(dilation, depthMultiplier)...)
		}},
		"separable_conv2d": {"filters", func(f *fields) train.Layer {
			k := f.window("kernel_size")
			return train.SeparableConv2D(f.count("filters"), k[0], k[1], f.convOptions(dilation, depthMultiplier)...)
		}},
		"conv2d_transpose": {"filters", func(f *fields) train.Layer {
			k := f.window("kernel_size")
			return train.Conv2DTranspose(f.count("filters"), k[0], k[1], f.convOptions()...)
		}},
		"max_pooling2d": {"pool_size", func(f *fields) train.Layer {
			k := f.pair("pool_size", 2, 1)
			return train.MaxPooling2D(k[0], k[1], f.options(strides, padding)...)
		}},
		"average_pooling2d": {"pool_size", func(f *fields) train.Layer {
			k := f.pair("pool_size", 2, 1)
			return train.AveragePooling2D(k[0], k[1], f.options(strides, padding)...)
		}},
		"max_pooling1d": {"pool_size", func(f *fields) train.Layer {
			return train.MaxPooling1D(f.int("pool_size", 2, 1, most), f.options(strides, padding)...)
		}},
		"average_pooling1d": {"pool_size", func(f *fields) train.Layer {
			return train.AveragePooling1D(f.int("pool_size", 2, 1, most), f.options(strides, padding)...)
		}},
		"global_max_pooling2d":     {"", func(f *fields) train.Layer { return train.GlobalMaxPooling2D(f.options()...) }},
		"global_average_pooling2d": {"", func(f *fields) train.Layer { return train.GlobalAveragePooling2D(f.options()...) }},
		"global_max_pooling1d":     {"", func(f *fields) train.Layer { return train.GlobalMaxPooling1D(f.options()...) }},
		"global_average_pooling1d": {"", func(f *fields) train.Layer { return train.GlobalAveragePooling1D(f.options()...) }},
		"zero_padding2d":           {"padding", zeroPadding2D},
		"zero_padding1d": {"padding", func(f *fields) train.Layer {
			p := f.pair("padding", 1, 0)
			return train.ZeroPadding1D(p[0], p[1], f.options()...)
		}},
		"up_sampling2d": {"size", func(f *fields) train.Layer {
			k := f.pair("size", 2, 1)
			return train.UpSampling2D(k[0], k[1], f.options(interpolation)...)
		}},
		"up_sampling1d": {"size", func(f *fields) train.Layer {
			return train.UpSampling1D(f.int("size", 2, 1, most), f.options()...)
		}},
	}
}

func interpolation(f *fields) []train.Option {
	if f.choice("interpolation", "nearest", "bilinear") == "bilinear" {
		return []train.Option{train.Bilinear}
	}
	return nil
}

// zeroPadding2D reads Keras' forms of padding: n, [h, w], [[top, bottom], [left,
// right]].
func zeroPadding2D(f *fields) train.Layer {
	n := f.get("padding")
	var sides [4]int // top bottom left right
	if n != nil && n.Kind == yaml.SequenceNode && len(n.Content) == 2 && whole(n.Content[0]).Kind == yaml.SequenceNode {
		for i, e := range n.Content {
			p := f.intsOf(whole(e), "padding", 0, most)
			if len(p) != 2 {
				f.fail(e, "%s: padding is [[top, bottom], [left, right]]", f.what)
				break
			}
			sides[2*i], sides[2*i+1] = p[0], p[1]
		}
	} else {
		p := f.pair("padding", 1, 0)
		sides = [4]int{p[0], p[0], p[1], p[1]}
	}
	return train.ZeroPadding2D(sides[0], sides[1], sides[2], sides[3], f.options()...)
}
