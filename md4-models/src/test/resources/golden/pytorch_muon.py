#!/usr/bin/python3
"""Golden values for MuonTest: twenty steps of Muon and AdamW on given gradients in PyTorch, in 64 bits.

  pytorch_muon.py > pytorch_muon.json

Muon's arithmetic (ns and the update) is that of Jordan et al. 2024 as in the project's experiment before there was any Java of it: weights
as PyTorch keeps them, [out, in] and [out, in, 3, 3], every iteration on the whole matrix. AdamW is torch.optim.AdamW. Parameters, gradients,
rate, clipping and average come from the formulas below, which the test repeats. Made with PyTorch 1.13.1 (Debian).
"""
import json
import math

import torch

STEPS, WARMUP, RATE, MUON, MOMENTUM, DECAY, CLIP, EMA = 20, 3, 2e-3, 0.02, 0.95, 0.1, 0.5, 0.9
KEPT = (1, 7, 20)

# The flat vector of md4: a vector, a matrix with more inputs than outputs, a vector, one with more outputs than inputs, a kernel, a vector.
# md4 keeps a matrix as [in, out] and a kernel as [3, 3, in, out].
SHAPES = [(3,), (6, 4), (2,), (3, 7), (3, 3, 2, 5), (4,)]
COUNT = sum(math.prod(s) for s in SHAPES)


def cut(flat):
    """The parts of a flat vector, in PyTorch's order of dimensions."""
    parts, at = [], 0
    for shape in SHAPES:
        part = flat[at : at + math.prod(shape)].reshape(shape)
        at += math.prod(shape)
        order = {1: (0,), 2: (1, 0), 4: (3, 2, 0, 1)}[part.ndim]
        parts.append(part.permute(order).clone().contiguous())
    return parts


def joined(parts):
    """The flat vector of parts."""
    return torch.cat([(p.permute(2, 3, 1, 0) if p.ndim == 4 else p.T if p.ndim == 2 else p).reshape(-1) for p in parts])


def ns(G):
    """Five iterations of Newton and Schulz."""
    A_, B_, C_ = 3.4445, -4.7750, 2.0315
    X = G / (G.norm() + 1e-7)
    tp = X.shape[0] > X.shape[1]
    if tp:
        X = X.T
    for _ in range(5):
        A = X @ X.T
        X = A_ * X + (B_ * A + C_ * A @ A) @ X
    return X.T if tp else X


def gradients(step):
    """The gradients of a step."""
    i = torch.arange(COUNT, dtype=torch.float64)
    return cut(0.01 * (1 + step % 3 * 3) * torch.sin(0.37 * i * i + 0.1 * i + 1.3 * step))


def share(step):
    """The rate of a step in the largest rate."""
    return step / WARMUP if step < WARMUP else 0.5 * (1 + math.cos(math.pi * (step - WARMUP) / (STEPS - WARMUP)))


i = torch.arange(COUNT, dtype=torch.float64)
P = cut(0.3 * torch.sin(1.7 * i + 0.2))
average = [q.clone() for q in P]
mats = [q for q in P if q.ndim >= 2]
momentum = [torch.zeros_like(q) for q in mats]
optimiser = torch.optim.AdamW([q for q in P if q.ndim < 2], RATE, betas=(0.9, 0.999), eps=1e-8, weight_decay=DECAY)
kept, norms = {}, []
for step in range(STEPS):
    G = gradients(step)
    norm = math.sqrt(sum((g * g).sum().item() for g in G))
    norms.append(norm)
    for q, g in zip(P, G):
        q.grad = g * min(1, CLIP / norm)
    for group in optimiser.param_groups:
        group["lr"] = RATE * share(step)
    optimiser.step()
    for q, mo in zip(mats, momentum):
        mo.mul_(MOMENTUM).add_(q.grad)
        g = (q.grad + MOMENTUM * mo).reshape(q.shape[0], -1)
        u = ns(g)
        rate = MUON * share(step)
        q.mul_(1 - rate * DECAY)
        q.add_(u.reshape(q.shape), alpha=-rate * math.sqrt(max(1, g.shape[0] / g.shape[1])))
    for e, q in zip(average, P):
        e.lerp_(q, 1 - EMA)
    if step + 1 in KEPT:
        kept[step + 1] = joined(P).tolist()

print(
    json.dumps(
        {
            "source": "pytorch_muon.py, PyTorch " + torch.__version__,
            "clipped": sum(n > CLIP for n in norms),
            "parameters": kept,
            "average": joined(average).tolist(),
            "momentum": [m.tolist() for m in [joined([q]) for q in momentum]],
        },
        indent=1,
    )
)
