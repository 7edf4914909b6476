#!/usr/bin/python3
"""Golden values for TransformerTrajectoryTest: losses of six AdamW steps of the MD4 text denoiser in PyTorch, in 64 bits.

  pytorch_trajectory.py DIRECTORY_OF_torch_md4.py > pytorch_trajectory.json

The network, its loss and torch.optim.AdamW are PyTorch's; weights, tokens, masks and times come from the formulas below, which the
test repeats. Made with PyTorch 1.13.1 (Debian).
"""
import json
import math
import sys

import torch
import torch.nn.functional as F

sys.path.insert(0, sys.argv[1])
import torch_md4 as peer  # noqa: E402

LAYERS, DIM, HEADS, LENGTH, COND, BATCH, V, STEPS = 2, 16, 2, 12, 8, 4, 27, 6

model = peer.Denoiser(LAYERS, DIM, HEADS, LENGTH, COND).double()
half, size = COND // 2, DIM // HEADS
model.freq = 1000 * torch.exp(-math.log(1e4) * torch.arange(half, dtype=torch.float64) / (half - 1))
angle = torch.arange(LENGTH, dtype=torch.float64)[:, None] * 1e4 ** (-torch.arange(0, size, 2, dtype=torch.float64) / size)
model.cos, model.sin = angle.cos(), angle.sin()
hidden = model.blocks[0].w2.weight.shape[1]

offset = 0


def take(*shape):
    """The next weights of the flat vector: 0.3 sin(1.7 i + 0.2)."""
    global offset
    n = math.prod(shape)
    i = torch.arange(offset, offset + n, dtype=torch.float64)
    offset += n
    return (0.3 * torch.sin(1.7 * i + 0.2)).reshape(shape)


# The order of md4's flat vector: embedding, conditioning, blocks, head; md4 keeps a dense weight as [in, out].
with torch.no_grad():
    model.embed.weight.copy_(take(V + 1, COND))
    model.inp.weight.copy_(take(COND, DIM).T), model.inp.bias.copy_(take(DIM))
    model.cond[0].weight.copy_(take(COND, 4 * COND).T), model.cond[0].bias.copy_(take(4 * COND))
    model.cond[2].weight.copy_(take(4 * COND, COND).T), model.cond[2].bias.copy_(take(COND))
    for block in model.blocks:
        mod_a, mod_a_b = take(COND, 3 * DIM), take(3 * DIM)
        qk, v, o = take(DIM, 2 * DIM), take(DIM, DIM), take(DIM, DIM)
        mod_f, mod_f_b = take(COND, 3 * DIM), take(3 * DIM)
        gate, up, down = take(DIM, hidden), take(DIM, hidden), take(hidden, DIM)
        block.mod.weight.copy_(torch.cat((mod_a, mod_f), 1).T), block.mod.bias.copy_(torch.cat((mod_a_b, mod_f_b)))
        block.qkv.weight.copy_(torch.cat((qk, v), 1).T), block.o.weight.copy_(o.T)
        block.w13.weight.copy_(torch.cat((gate, up), 1).T), block.w2.weight.copy_(down.T)
    model.outmod.weight.copy_(take(COND, 2 * DIM).T), model.outmod.bias.copy_(take(2 * DIM))
    model.head.weight.copy_(take(DIM, V).T)

optimiser = torch.optim.AdamW(model.parameters(), 2e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.03)
losses = []
for step in range(STEPS):
    b, n = torch.arange(BATCH)[:, None], torch.arange(LENGTH)[None, :]
    x = (7 * b + 3 * n * n + 5 * step) % V
    masked = (3 * b + 5 * n + 2 * step) % 7 < b + 1
    z = torch.where(masked, torch.full_like(x, V), x)
    t = (torch.arange(BATCH, dtype=torch.float64) + 0.5) / BATCH
    ce = F.cross_entropy(model(z, t).reshape(-1, V), x.reshape(-1), reduction="none").view(BATCH, LENGTH)
    weight = (1 - 2 * peer.EPS) / (1 - peer.alpha(t))
    loss = ((ce * masked).sum(1) * weight).mean() / (LENGTH * math.log(2))
    losses.append(loss.item())
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    optimiser.step()
print(json.dumps({"source": "pytorch_trajectory.py, PyTorch " + torch.__version__, "parameters": offset, "losses": losses}, indent=2))
