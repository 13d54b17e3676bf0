package network

import (
	"maps"
	"slices"

	"github.com/edgeinfer/edgeinfer/train"
	"go.yaml.in/yaml/v3"
)

// optimizers make optimisers from their keys. Rates are Keras' by default.
func optimizers() map[string]func(f *fields, rate float64, o []train.OptimizerOption) train.Optimizer {
	return map[string]func(f *fields, rate float64, o []train.OptimizerOption) train.Optimizer{
		"sgd": func(f *fields, rate float64, o []train.OptimizerOption) train.Optimizer {
			o = append(o, f.tuned("momentum", train.MomentumOf)...)
			if f.flag("nesterov", false) {
				o = append(o, train.Nesterov)
			}
			return train.SGD(rate, o...)
		},
		"rmsprop": func(f *fields, rate float64, o []train.OptimizerOption) train.Optimizer {
			o = append(o, f.tuned("momentum", train.MomentumOf)...)
			o = append(o, f.tuned("rho", train.Rho)...)
			return train.RMSprop(rate, append(o, f.tuned("epsilon", train.EpsilonOf)...)...)
		},
		"adam": func(f *fields, rate float64, o []train.OptimizerOption) train.Optimizer {
			return train.Adam(rate, append(o, f.adam()...)...)
		},
		"adamw": func(f *fields, rate float64, o []train.OptimizerOption) train.Optimizer {
			return train.AdamW(rate, append(o, f.adam()...)...)
		},
	}
}

func (f *fields) tuned(name string, o func(float64) train.OptimizerOption) []train.OptimizerOption {
	if f.get(name) == nil {
		return nil
	}
	return []train.OptimizerOption{o(f.real(name, 0, 0, 1))}
}

func (f *fields) adam() []train.OptimizerOption {
	out := f.tuned("epsilon", train.EpsilonOf)
	if f.get("beta_1") != nil || f.get("beta_2") != nil {
		out = append(out, train.Betas(f.real("beta_1", .9, 0, .9999999), f.real("beta_2", .999, 0, .9999999)))
	}
	return out
}

// readOptimizer reads optimizer: a name, or a name with its keys.
func (d *Description) readOptimizer(f *fields) {
	d.optimizer = train.Adam(1e-3)
	n := f.get("optimizer")
	if n == nil {
		return
	}
	name, at, value := f.item(n, "optimizer")
	all := optimizers()
	make, ok := all[name]
	if !ok {
		f.fail(at, "optimizer %q is not known%s", clip(name), suggest(name, slices.Sorted(maps.Keys(all))))
		return
	}
	o := f.argument(value, at, name, "learning_rate")
	rate := map[bool]float64{true: .01, false: 1e-3}[name == "sgd"]
	rate = o.real("learning_rate", rate, 1e-12, 1e6)
	var opts []train.OptimizerOption
	if o.get("clip_norm") != nil {
		opts = append(opts, train.ClipNorm(o.real("clip_norm", 0, 1e-12, 1e12)))
	}
	if o.get("weight_decay") != nil {
		opts = append(opts, train.WeightDecay(o.real("weight_decay", 0, 0, 1e3)))
	}
	if n := o.get("schedule"); n != nil {
		opts = append(opts, train.LearningRateSchedule(f.schedule(n)))
	}
	d.optimizer = make(o, rate, opts)
	o.done()
}

// longest is more epochs than anybody trains.
const longest = 1e9

// schedule reads how the learning rate changes.
func (r *reader) schedule(n *yaml.Node) train.Schedule {
	name, at, value := r.item(n, "schedule")
	f := r.argument(value, at, "schedule "+name, "epochs")
	epochs := func() float64 {
		f.need("epochs", "10")
		return f.real("epochs", 1, 1e-6, longest)
	}
	var s train.Schedule
	switch names := []string{"constant", "cosine", "exponential", "step"}; name {
	case "constant":
		s = func(float64) float64 { return 1 }
	case "cosine":
		s = train.CosineDecay(epochs(), f.real("alpha", 0, 0, 1))
	case "exponential":
		s = train.ExponentialDecay(epochs(), f.real("factor", .1, 1e-12, 1))
	case "step":
		s = train.StepDecay(epochs(), f.real("factor", .1, 1e-12, 1))
	default:
		r.fail(at, "schedule %q is not known%s", clip(name), suggest(name, names))
		return nil
	}
	if f.get("warm_up") != nil {
		s = train.WarmUp(f.real("warm_up", 1, 1e-6, longest), s)
	}
	f.done()
	return s
}

// losses are the names of losses.
var losses = []string{"categorical_crossentropy", "sparse_categorical_crossentropy", "binary_crossentropy", "mean_squared_error", "mean_absolute_error", "huber"}

// readLoss reads loss: a name, or a name with its keys.
func (d *Description) readLoss(f *fields) {
	d.loss = nil
	n := f.get("loss")
	if n == nil {
		return
	}
	name, at, value := f.item(n, "loss")
	l, err := train.ParseLoss(name)
	if err != nil {
		f.fail(at, "loss %q is not known%s", clip(name), suggest(name, losses))
		return
	}
	o := f.argument(value, at, name, "")
	if slices.Contains(losses[:3], name) && o.get("label_smoothing") != nil {
		l = l.Smoothing(o.real("label_smoothing", 0, 0, 1))
	}
	if name == "huber" && o.get("delta") != nil {
		l = l.Delta(o.real("delta", 1, 1e-12, 1e12))
	}
	o.done()
	d.loss = &l
}

// metricNames are those that ParseMetric knows.
var metricNames = []string{"accuracy", "balanced_accuracy", "precision", "recall", "f1", "auc", "mae", "rmse", "perplexity", "top_2", "top_3", "top_5"}

// readMetrics reads metrics: a list of names.
func (d *Description) readMetrics(f *fields) {
	d.metrics = nil
	n := f.get("metrics")
	if n == nil {
		return
	}
	for i, name := range f.texts("metrics") {
		m, err := train.ParseMetric(name)
		if err != nil {
			at := n
			if n.Kind == yaml.SequenceNode {
				at = n.Content[i]
			}
			f.fail(at, "metric %q is not known%s", clip(name), suggest(name, metricNames))
			return
		}
		d.metrics = append(d.metrics, m)
	}
}
