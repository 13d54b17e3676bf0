#!/usr/bin/env python3
"""Trains the networks of train/bench_test.go with PyTorch, and says how fast.

    torch_training.py NETWORK THREADS SECONDS

prints one line of JSON: samples a second of the best lap of 0.1 s, and the most
memory that the process has had, in MB. Whole steps are timed: the batch put
together, forward, loss, backward, Adam.
"""
import json
import resource
import sys
import time

import torch
from torch import nn


class Last(nn.Module):
    """An LSTM of which only the last output counts."""

    def __init__(self, features, units, layers):
        super().__init__()
        self.lstm = nn.LSTM(features, units, layers, batch_first=True)

    def forward(self, x):
        return self.lstm(x)[0][:, -1]


class Language(nn.Module):
    """A causal Transformer over characters, normalised before each block."""

    def __init__(self, vocabulary, steps, width, heads, blocks):
        super().__init__()
        self.token = nn.Embedding(vocabulary, width)
        self.place = nn.Parameter(torch.zeros(steps, width))
        block = nn.TransformerEncoderLayer(width, heads, 4 * width, dropout=0, activation="gelu",
                                           batch_first=True, norm_first=True)
        self.blocks = nn.TransformerEncoder(block, blocks)
        self.head = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, vocabulary))
        self.register_buffer("mask", torch.triu(torch.full((steps, steps), float("-inf")), 1))

    def forward(self, x):
        return self.head(self.blocks(self.token(x) + self.place, mask=self.mask)).flatten(0, 1)


def pictures():
    return nn.Sequential(nn.Conv2d(1, 16, 3, padding="same"), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Conv2d(16, 32, 3, padding="same"), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Flatten(), nn.Linear(32 * 7 * 7, 10))


# model, shape of a sample, classes, batch; samples of None are as many classes
NETWORKS = {
    "mlp": (lambda: nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(),
                                  nn.Linear(64, 10)), (784,), 10, 32),
    "cnn32": (pictures, (1, 28, 28), 10, 32),
    "cnn128": (pictures, (1, 28, 28), 10, 128),
    "lstm": (lambda: nn.Sequential(Last(64, 128, 2), nn.Linear(128, 10)), (64, 64), 10, 32),
    "lstm-small": (lambda: nn.Sequential(Last(6, 64, 1), nn.Linear(64, 6)), (64, 6), 6, 32),
    "transformer": (lambda: Language(65, 128, 128, 4, 4), None, 65, 16),
}
POOL = 64


def main():
    name, threads, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    make, shape, classes, batch = NETWORKS[name]
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    model = make()
    adam = torch.optim.Adam(model.parameters(), lr=1e-3)
    criterion = nn.CrossEntropyLoss()
    if shape:
        x, y = torch.randn(POOL, *shape), torch.randint(classes, (POOL,))
    else:
        x, y = torch.randint(classes, (POOL, 128)), torch.randint(classes, (POOL, 128))

    def step():
        rows = torch.randint(POOL, (batch,))
        adam.zero_grad()
        loss = criterion(model(x[rows]), y[rows].flatten())
        loss.backward()
        adam.step()
        return loss.item()

    for _ in range(3):
        step()
    best, end = 0.0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        start, steps = time.perf_counter(), 0
        while steps == 0 or time.perf_counter() - start < 0.1:
            step()
            steps += 1
        best = max(best, steps * batch / (time.perf_counter() - start))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"network": name, "threads": threads, "samples_per_s": round(best, 1), "peak_mb": round(peak, 1)}))


main()
