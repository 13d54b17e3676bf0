#!/usr/bin/env python3
"""Writes torch_vectors.safetensors.gz: what PyTorch's autograd says about each layer, loss and
optimiser of package train. It was run once with PyTorch 1.13 and NumPy 1.24:

    python3 train/testdata/torch_vectors.py train/testdata/torch_vectors.safetensors.gz

Numbers are drawn from a fixed seed, rounded to float32, computed with in float64 and
stored as float32. Arrays are named CASE/WHAT:

    x0, x1, ...   inputs, the batch first, NHWC; int32 where they are tokens
    w/NAME        weights, in the names and layouts of package train
    dy            the gradient with respect to the output, of a layer
    t, v          targets and sample weights, of a loss; t of an optimiser
    y             output: of a loss its value
    dx0, ...      gradients with respect to inputs that are not tokens or masks
    g/NAME        gradients with respect to weights
    s/NAME        weights afterwards: running means; all weights, of an optimiser

Layers are built from leaf tensors in package train's layouts, so that gradients come
in the same.
"""
import gzip
import json
import struct
import sys
import zlib

import numpy as np
import torch
import torch.nn.functional as F

out = {}


class Leaves:
    """The inputs and weights of a case: drawn at random, and written down."""

    def __init__(self, case):
        self.case, self.inputs, self.weights = case, [], {}
        self.rng = np.random.RandomState(zlib.crc32(case.encode()) & 0x7FFFFFFF)

    def numbers(self, *shape, scale=1.0):
        a = (self.rng.standard_normal(shape) * scale).astype(np.float32)
        return torch.tensor(a.astype(np.float64))

    def x(self, *shape, scale=1.0):
        t = self.numbers(*shape, scale=scale).requires_grad_()
        self.inputs.append(t)
        return t

    def tokens(self, high, *shape):
        t = torch.tensor(self.rng.randint(0, high, shape))
        self.inputs.append(t)
        return t

    def w(self, name, *shape, scale=0.5, shift=0.0):
        t = (self.numbers(*shape, scale=scale) + shift).float().double().requires_grad_()
        self.weights[name] = t
        return t

    def put(self, what, t):
        a = t.detach().numpy()
        whole = not np.issubdtype(a.dtype, np.floating)
        out[f"{self.case}/{what}"] = a.astype(np.int32 if whole else np.float32)

    def write(self, y):
        for i, t in enumerate(self.inputs):
            self.put(f"x{i}", t)
            if t.requires_grad:
                self.put(f"dx{i}", t.grad)
        for name, t in self.weights.items():
            self.put(f"w/{name}", t)
            self.put(f"g/{name}", t.grad)
        self.put("y", y)


def layer(name):
    """Registers a layer: a function of Leaves that returns the output."""

    def run(f):
        l = Leaves(name)
        y = f(l)
        dy = l.numbers(*y.shape)
        y.backward(dy)
        l.put("dy", dy)
        l.write(y)
        return f

    return run


def nchw(x):
    return x.permute(0, 3, 1, 2)


def nhwc(x):
    return x.permute(0, 2, 3, 1)


def same(size, window, stride, dilation=1):
    """TensorFlow's SAME: padding before and after one dimension."""
    total = max((-(-size // stride) - 1) * stride + (window - 1) * dilation + 1 - size, 0)
    return total // 2, total - total // 2


def pad_same(x, window, stride, dilation=(1, 1), value=0.0):
    """Pads [n c h w]."""
    top, bottom = same(x.shape[2], window[0], stride[0], dilation[0])
    left, right = same(x.shape[3], window[1], stride[1], dilation[1])
    return F.pad(x, (left, right, top, bottom), value=value)


# Dense and element by element.


@layer("dense")
def _(l):
    return l.x(5, 7) @ l.w("dense/kernel", 7, 6) + l.w("dense/bias", 6)


@layer("dense_sequence")
def _(l):
    return torch.tanh(l.x(3, 4, 5) @ l.w("dense/kernel", 5, 6) + l.w("dense/bias", 6))


@layer("dense_no_bias")
def _(l):
    return torch.relu(l.x(5, 7) @ l.w("dense/kernel", 7, 3))


activations = {
    "relu": torch.relu,
    "relu6": F.relu6,
    "leaky_relu": lambda x: F.leaky_relu(x, 0.2),
    "elu": F.elu,
    "selu": F.selu,
    "gelu": F.gelu,
    "silu": F.silu,
    "hard_swish": F.hardswish,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softmax": lambda x: F.softmax(x, -1),
    "softplus": F.softplus,
}
for name, f in activations.items():
    layer("activation_" + name)(lambda l: f(l.x(4, 23, scale=4.0)))


@layer("embedding")
def _(l):
    return F.embedding(l.tokens(9, 3, 5), l.w("embedding/embeddings", 9, 4))


@layer("merging")
def _(l):
    a, b = l.x(3, 4), l.x(3, 4)
    return torch.cat([a + b, a * b, a - b], -1)


@layer("shaping")
def _(l):
    return l.x(2, 3, 4).permute(0, 2, 1).reshape(2, 2, 6)


# Convolutions.


def conv2d(l, name, x, filters, size, stride=1, dilation=1, groups=1, pad=False, bias=True):
    c = x.shape[-1]
    w = l.w(name + "/kernel", filters, *size, c // groups)
    b = l.w(name + "/bias", filters) if bias else None
    stride = stride if isinstance(stride, tuple) else (stride, stride)
    dilation = dilation if isinstance(dilation, tuple) else (dilation, dilation)
    x = nchw(x)
    if pad:
        x = pad_same(x, size, stride, dilation)
    return nhwc(F.conv2d(x, nchw(w), b, stride, 0, dilation, groups))


@layer("conv2d")
def _(l):
    return conv2d(l, "conv2d", l.x(2, 6, 7, 3), 5, (3, 2))


@layer("conv2d_same_stride")
def _(l):
    return conv2d(l, "conv2d", l.x(2, 7, 8, 2), 4, (3, 4), stride=(2, 3), pad=True)


@layer("conv2d_dilation")
def _(l):
    return conv2d(l, "conv2d", l.x(2, 8, 9, 2), 3, (3, 3), dilation=(2, 3))


@layer("conv2d_same_dilation")
def _(l):
    return conv2d(l, "conv2d", l.x(2, 6, 7, 2), 3, (3, 3), dilation=2, pad=True, bias=False)


@layer("conv2d_groups")
def _(l):
    return conv2d(l, "conv2d", l.x(2, 5, 6, 4), 6, (2, 3), groups=2)


@layer("conv2d_point")
def _(l):
    return conv2d(l, "conv2d", l.x(2, 4, 5, 6), 7, (1, 1))


def conv1d(l, x, filters, size, stride=1, dilation=1, pad=False):
    y = conv2d(l, "conv1d", x[:, None], filters, (1, size), (1, stride), (1, dilation), pad=pad)
    return y[:, 0]


@layer("conv1d")
def _(l):
    return torch.relu(conv1d(l, l.x(3, 9, 4), 5, 3))


@layer("conv1d_same_stride")
def _(l):
    return conv1d(l, l.x(2, 10, 3), 4, 5, stride=2, pad=True)


@layer("conv1d_dilation")
def _(l):
    return conv1d(l, l.x(2, 11, 3), 4, 3, dilation=3)


def depthwise(l, name, x, size, multiplier=1, stride=1, pad=False, bias=True):
    c = x.shape[-1]
    w = l.w(name + "/depthwise_kernel", 1, *size, c * multiplier)
    b = l.w(name + "/bias", c * multiplier) if bias else None
    x = nchw(x)
    if pad:
        x = pad_same(x, size, (stride, stride))
    return nhwc(F.conv2d(x, w.permute(3, 0, 1, 2), b, stride, groups=c))


@layer("depthwise")
def _(l):
    return depthwise(l, "depthwise_conv2d", l.x(2, 6, 7, 5), (3, 3))


@layer("depthwise_multiplier")
def _(l):
    return depthwise(l, "depthwise_conv2d", l.x(2, 7, 6, 3), (3, 2), 2, 2, pad=True)


@layer("separable")
def _(l):
    d = depthwise(l, "separable_conv2d", l.x(2, 6, 6, 3), (3, 3), 2, pad=True, bias=False)
    w = l.w("separable_conv2d/pointwise_kernel", 5, 1, 1, 6)
    return nhwc(F.conv2d(nchw(d), nchw(w), l.w("separable_conv2d/bias", 5)))


def transposed(l, x, filters, size, stride, pad):
    w = l.w("conv2d_transpose/kernel", filters, *size, x.shape[-1])
    b = l.w("conv2d_transpose/bias", filters)
    y = F.conv_transpose2d(nchw(x), w.permute(3, 0, 1, 2), b, stride)
    if pad:  # as large as stride times the input
        to = [x.shape[1] * stride, x.shape[2] * stride]
        cut = [(y.shape[2] - to[0]) // 2, (y.shape[3] - to[1]) // 2]
        y = y[:, :, cut[0] : cut[0] + to[0], cut[1] : cut[1] + to[1]]
    return nhwc(y)


@layer("transposed")
def _(l):
    return transposed(l, l.x(2, 4, 3, 5), 3, (3, 3), 2, False)


@layer("transposed_same")
def _(l):
    return transposed(l, l.x(2, 3, 4, 4), 3, (4, 3), 2, True)


# Pools and other layers of images.


@layer("max_pooling2d")
def _(l):
    return nhwc(F.max_pool2d(nchw(l.x(2, 6, 7, 3)), 2))


@layer("max_pooling2d_same")
def _(l):
    x = pad_same(nchw(l.x(2, 7, 6, 3)), (3, 2), (2, 2), value=-float("inf"))
    return nhwc(F.max_pool2d(x, (3, 2), 2))


@layer("average_pooling2d")
def _(l):
    return nhwc(F.avg_pool2d(nchw(l.x(2, 6, 7, 3)), (2, 3), (2, 2)))


@layer("average_pooling2d_same")
def _(l):
    x = nchw(l.x(2, 5, 6, 3))
    size, stride = (3, 3), (2, 2)
    total = F.avg_pool2d(pad_same(x, size, stride), size, stride)
    return nhwc(total / F.avg_pool2d(pad_same(torch.ones_like(x), size, stride), size, stride))


@layer("max_pooling1d")
def _(l):
    return F.max_pool1d(l.x(2, 9, 3).transpose(1, 2), 3, 2).transpose(1, 2)


@layer("average_pooling1d")
def _(l):
    return F.avg_pool1d(l.x(2, 9, 3).transpose(1, 2), 2).transpose(1, 2)


@layer("global_max_pooling2d")
def _(l):
    return l.x(2, 4, 5, 3).amax((1, 2))


@layer("global_average_pooling2d")
def _(l):
    return l.x(2, 4, 5, 3).mean((1, 2))


@layer("global_max_pooling1d")
def _(l):
    return l.x(2, 7, 3).amax(1)


@layer("global_average_pooling1d")
def _(l):
    return l.x(2, 7, 3).mean(1)


@layer("zero_padding2d")
def _(l):
    return nhwc(F.pad(nchw(l.x(2, 3, 4, 2)), (0, 2, 1, 3)))


@layer("up_sampling2d")
def _(l):
    return nhwc(F.interpolate(nchw(l.x(2, 3, 4, 2)), scale_factor=(2, 3), mode="nearest"))


@layer("up_sampling2d_bilinear")
def _(l):
    return nhwc(F.interpolate(nchw(l.x(2, 3, 4, 2)), scale_factor=(2, 3), mode="bilinear", align_corners=False))


# Normalisation.


def batch_norm(l, x, momentum, epsilon):
    """PyTorch's running variance is the unbiased one; Keras', and ours, is not, and
    its momentum is what stays. The output and gradients are the same."""
    name, c = "batch_normalization", x.shape[-1]
    gamma, beta = l.w(name + "/gamma", c, shift=1.0), l.w(name + "/beta", c)
    axes = tuple(range(x.dim() - 1))
    mean, var = l.numbers(c), l.numbers(c).abs() + 0.5
    var = var.float().double()
    l.put(f"w/{name}/moving_mean", mean)
    l.put(f"w/{name}/moving_variance", var)
    flat = x.reshape(-1, c)
    l.put(f"s/{name}/moving_mean", momentum * mean + (1 - momentum) * flat.mean(0))
    l.put(f"s/{name}/moving_variance", momentum * var + (1 - momentum) * flat.var(0, unbiased=False))
    y = F.batch_norm(flat, None, None, gamma, beta, training=True, eps=epsilon)
    return y.reshape(x.shape)


@layer("batch_normalization")
def _(l):
    return batch_norm(l, l.x(3, 4, 5, 6), 0.9, 1e-3)


@layer("batch_normalization_rows")
def _(l):
    return batch_norm(l, l.x(11, 5), 0.75, 1e-2)


@layer("layer_normalization")
def _(l):
    x = l.x(2, 5, 7)
    return F.layer_norm(x, (7,), l.w("layer_normalization/gamma", 7, shift=1.0), l.w("layer_normalization/beta", 7), 1e-3)


# Recurrent layers. PyTorch's gates are i f g o of an LSTM, which is our order, and r z n
# of a GRU, of which ours is z r h.


def recurrent(l, kind, name, x, units, relu=False, reverse=False):
    """Returns the outputs of all steps and the last."""
    gates = {"lstm": 4, "gru": 3, "simple_rnn": 1}[kind]
    kernel = l.w(name + "/kernel", x.shape[-1], gates * units)
    own = l.w(name + "/recurrent_kernel", units, gates * units)
    if kind == "gru":
        bias = l.w(name + "/bias", 2, gates * units)
        order = torch.cat([torch.arange(units, 2 * units), torch.arange(units), torch.arange(2 * units, 3 * units)])
        flat = [kernel.t()[order], own.t()[order], bias[0][order], bias[1][order]]
    else:
        bias = l.w(name + "/bias", gates * units)
        flat = [kernel.t(), own.t(), bias, torch.zeros_like(bias)]
    zero = torch.zeros(1, x.shape[0], units, dtype=torch.float64)
    if reverse:
        x = x.flip(1)
    rest = (flat, True, 1, 0.0, True, False, True)
    if kind == "lstm":
        y = torch._VF.lstm(x, (zero, zero), *rest)[0]
    elif kind == "gru":
        y = torch._VF.gru(x, zero, *rest)[0]
    else:
        y = (torch._VF.rnn_relu if relu else torch._VF.rnn_tanh)(x, zero, *rest)[0]
    last = y[:, -1]
    return (y.flip(1) if reverse else y), last


for kind in ["simple_rnn", "lstm", "gru"]:
    layer(kind)(lambda l: recurrent(l, kind, kind, l.x(3, 6, 4), 5)[1])
    layer(kind + "_sequences")(lambda l: recurrent(l, kind, kind, l.x(2, 7, 3), 4)[0])
    layer(kind + "_backwards")(lambda l: recurrent(l, kind, kind, l.x(2, 5, 3), 4, reverse=True)[0])
layer("simple_rnn_relu")(lambda l: recurrent(l, "simple_rnn", "simple_rnn", l.x(3, 5, 4), 5, relu=True)[1])


def bidirectional(l, kind, x, units, sequences):
    one = recurrent(l, kind, "bidirectional/forward", x, units)
    two = recurrent(l, kind, "bidirectional/backward", x, units, reverse=True)
    return torch.cat([one[not sequences], two[not sequences]], -1)


layer("bidirectional_lstm")(lambda l: bidirectional(l, "lstm", l.x(2, 5, 3), 4, True))
layer("bidirectional_gru")(lambda l: bidirectional(l, "gru", l.x(2, 6, 3), 4, False))

# Attention.


def attention(l, name, query, value, heads, causal=False, mask=None):
    """PyTorch's own attention, whose width is that of the query. mask is 1 where keys
    are seen."""
    d, e = query.shape[-1], value.shape[-1]
    w = {k: l.w(f"{name}/{k}/kernel", n, d) for k, n in [("query", d), ("key", e), ("value", e), ("output", d)]}
    b = {k: l.w(f"{name}/{k}/bias", d) for k in w}
    t = query.shape[1]
    seen = torch.triu(torch.ones(t, t, dtype=torch.bool), 1) if causal else None
    y, _ = F.multi_head_attention_forward(
        query.transpose(0, 1), value.transpose(0, 1), value.transpose(0, 1), d, heads,
        None, torch.cat([b["query"], b["key"], b["value"]]), None, None, False, 0.0,
        w["output"].t(), b["output"], training=True, need_weights=False, attn_mask=seen,
        key_padding_mask=None if mask is None else mask == 0,
        use_separate_proj_weight=True, q_proj_weight=w["query"].t(), k_proj_weight=w["key"].t(), v_proj_weight=w["value"].t())
    return y.transpose(0, 1)


def padding(l, n, t):
    """A mask of n sequences that end early, but the first."""
    m = np.zeros((n, t))
    for i in range(n):
        m[i, : t - 2 * i] = 1
    l.inputs.append(torch.tensor(m))
    return l.inputs[-1]


@layer("attention")
def _(l):
    x = l.x(2, 5, 8)
    return attention(l, "multi_head_attention", x, x, 2)


@layer("attention_causal")
def _(l):
    x = l.x(2, 6, 8)
    return attention(l, "multi_head_attention", x, x, 4, causal=True)


@layer("attention_cross_masked")
def _(l):
    query, value = l.x(3, 4, 8), l.x(3, 6, 5)
    return attention(l, "multi_head_attention", query, value, 2, mask=padding(l, 3, 6))


def norm(l, name, x, epsilon=1e-5):
    d = x.shape[-1]
    return F.layer_norm(x, (d,), l.w(name + "/gamma", d, shift=1.0), l.w(name + "/beta", d), epsilon)


def feed_forward(l, name, x, hidden, f):
    d = x.shape[-1]
    y = norm(l, name + "/norm", x)
    y = f(y @ l.w(name + "/hidden/kernel", d, hidden) + l.w(name + "/hidden/bias", hidden))
    return x + y @ l.w(name + "/output/kernel", hidden, d) + l.w(name + "/output/bias", d)


def encoder(l, name, x, heads, hidden, causal=False, mask=None, f=F.gelu):
    y = norm(l, name + "/attention/norm", x)
    x = x + attention(l, name + "/attention", y, y, heads, causal, mask)
    return feed_forward(l, name + "/feed_forward", x, hidden, f)


@layer("encoder")
def _(l):
    return encoder(l, "transformer_encoder", l.x(2, 5, 8), 2, 12)


@layer("encoder_causal_relu")
def _(l):
    return encoder(l, "transformer_encoder", l.x(2, 5, 8), 4, 6, causal=True, f=torch.relu)


@layer("encoder_masked")
def _(l):
    x = l.x(3, 6, 8)
    return encoder(l, "transformer_encoder", x, 2, 10, mask=padding(l, 3, 6))


@layer("decoder")
def _(l):
    return encoder(l, "transformer_decoder", l.x(2, 5, 8), 2, 9, causal=True)


@layer("decoder_cross")
def _(l):
    name, x, memory = "transformer_decoder", l.x(3, 4, 8), l.x(3, 6, 8)
    mask = padding(l, 3, 6)
    y = norm(l, name + "/attention/norm", x)
    x = x + attention(l, name + "/attention", y, y, 2, True)
    y = norm(l, name + "/cross_attention/norm", x)
    x = x + attention(l, name + "/cross_attention", y, memory, 2, mask=mask)
    return feed_forward(l, name + "/feed_forward", x, 9, F.gelu)


@layer("positions")
def _(l):
    t, d = 6, 8
    p = torch.arange(t, dtype=torch.float64)[:, None]
    f = torch.exp(-np.log(10000.0) * torch.arange(0, d, 2, dtype=torch.float64) / d)
    table = torch.stack([torch.sin(p * f), torch.cos(p * f)], -1).reshape(t, d)
    return l.x(2, t, d) + table + l.w("position_embedding/embeddings", t, d)


# Losses. Each sample has a weight; the loss is the weighted mean over samples.


def loss(name, shape, target, f, x=lambda x: x):
    l = Leaves("loss_" + name)
    pre = l.x(*shape)
    t = target(l)
    weight = torch.tensor((l.rng.randint(1, 9, shape[:-1]) / 4).astype(np.float64))
    weight[(0,) * weight.dim()] = 0
    y = (f(x(pre), t) * weight).sum() / weight.sum()
    y.backward()
    l.put("t", t)
    l.put("v", weight)
    l.write(y.reshape(1))


def classes(*shape, n):
    return lambda l: torch.tensor(l.rng.randint(0, n, shape))


def shares(*shape):
    return lambda l: F.softmax(l.numbers(*shape), -1).float().double()


def bits(*shape):
    return lambda l: torch.tensor(l.rng.randint(0, 2, shape).astype(np.float64))


def rows(f):
    """A loss of [... classes] with PyTorch's, which has classes second."""

    def of(y, t):
        flat = y.reshape(-1, y.shape[-1])
        return f(flat, t.reshape(flat.shape) if t.is_floating_point() else t.reshape(-1)).reshape(y.shape[:-1])

    return of


def entropy(smoothing=0.0):
    return rows(lambda y, t: F.cross_entropy(y, t, reduction="none", label_smoothing=smoothing))


def mean(f, **options):
    return lambda y, t: f(y, t, reduction="none", **options).mean(-1)


loss("categorical", (6, 5), classes(6, n=5), entropy())
loss("categorical_sequence", (2, 4, 5), classes(2, 4, n=5), entropy())
loss("categorical_smoothed", (6, 5), classes(6, n=5), entropy(0.2))
loss("categorical_shares", (6, 5), shares(6, 5), entropy())
loss("categorical_shares_smoothed", (6, 5), shares(6, 5), entropy(0.1))
loss("categorical_sigmoid", (6, 5), classes(6, n=5), rows(lambda y, t: F.nll_loss(torch.log(y), t, reduction="none")), torch.sigmoid)
loss("binary", (7, 3), bits(7, 3), mean(F.binary_cross_entropy_with_logits))
loss("binary_smoothed", (7, 3), bits(7, 3), lambda y, t: mean(F.binary_cross_entropy_with_logits)(y, 0.9 * t + 0.05))
loss("binary_softmax", (7, 3), bits(7, 3), mean(F.binary_cross_entropy), lambda x: F.softmax(x, -1))
loss("mean_squared", (5, 4), lambda l: l.numbers(5, 4), mean(F.mse_loss))
loss("mean_absolute", (5, 4), lambda l: l.numbers(5, 4), mean(F.l1_loss))
loss("huber", (5, 4), lambda l: l.numbers(5, 4), mean(F.huber_loss))
loss("huber_delta", (5, 4), lambda l: l.numbers(5, 4), mean(F.huber_loss, delta=0.4))

# Optimisers: five steps of a Dense layer under the mean squared error. Biases don't
# decay.


def optimiser(name, make, decay=0.0, clip=None):
    l = Leaves("optimizer_" + name)
    x, t = l.numbers(6, 4), l.numbers(6, 3, scale=3.0)
    kernel, bias = l.w("dense/kernel", 4, 3), l.w("dense/bias", 3)
    for n, p in l.weights.items():
        l.put("w/" + n, p)
    l.put("x0", x)
    l.put("t", t)
    o = make([{"params": [kernel], "weight_decay": decay}, {"params": [bias], "weight_decay": 0.0}])
    for _ in range(5):
        o.zero_grad()
        y = F.mse_loss(x @ kernel + bias, t)
        y.backward()
        if clip:
            torch.nn.utils.clip_grad_norm_([kernel, bias], clip)
        o.step()
    l.put("y", y.reshape(1))
    for n, p in l.weights.items():
        l.put("s/" + n, p)


optimiser("sgd", lambda p: torch.optim.SGD(p, 0.1))
optimiser("sgd_momentum", lambda p: torch.optim.SGD(p, 0.05, momentum=0.9))
optimiser("sgd_nesterov", lambda p: torch.optim.SGD(p, 0.05, momentum=0.8, nesterov=True))
optimiser("rmsprop", lambda p: torch.optim.RMSprop(p, 0.01, alpha=0.9, eps=1e-14))
optimiser("rmsprop_momentum", lambda p: torch.optim.RMSprop(p, 0.01, alpha=0.8, eps=1e-14, momentum=0.5))
optimiser("adam", lambda p: torch.optim.Adam(p, 0.01, eps=1e-7))
optimiser("adam_betas", lambda p: torch.optim.Adam(p, 0.02, betas=(0.8, 0.95), eps=1e-3))
optimiser("adamw", lambda p: torch.optim.AdamW(p, 0.02, eps=1e-7), decay=0.1)
optimiser("adamw_clipped", lambda p: torch.optim.AdamW(p, 0.02, eps=1e-4), decay=0.3, clip=0.5)
optimiser("sgd_clipped", lambda p: torch.optim.SGD(p, 0.1), clip=0.5)

# safetensors: the length of a header in JSON, the header, the numbers.
header, body = {}, b""
for name, a in out.items():
    data = np.ascontiguousarray(a).tobytes()
    header[name] = {"dtype": "I32" if a.dtype == np.int32 else "F32", "shape": list(a.shape), "data_offsets": [len(body), len(body) + len(data)]}
    body += data
text = json.dumps(header, separators=(",", ":")).encode()
text += b" " * (-len(text) % 8)
with open(sys.argv[1], "wb") as f, gzip.GzipFile("", "wb", 9, f, 0) as z:
    z.write(struct.pack("<Q", len(text)) + text + body)
