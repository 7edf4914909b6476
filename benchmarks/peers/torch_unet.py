#!/usr/bin/python3
"""MD4 image denoisers and their training step in PyTorch: the peer our image networks are measured and checked against.

The U-Net of the CIFAR-10 experiments, the U-ViT of the ImageNet 64x64 ones, and the pyramids between them (README.md says
exactly what is computed). Needs Debian's python3-torch and python3-numpy (and libopenblas0-pthread for a fast BLAS).

  torch_unet.py params
  torch_unet.py bench   --preset fashion --batch 32 --channels-last
  torch_unet.py profile --preset fashion --batch 32
  torch_unet.py export  OUT.json
"""
import argparse
import json
import math
import statistics
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

V = 256
EPS = 1e-4
NORM_EPS = 1e-6

# Networks by name. The first four are the paper's; the rest are ours. Their counts are what `params` holds them to.
PRESETS = {
    "cifar10": dict(height=32, width=32, colours=3, channels=128, blocks=32, dropout=0.1),
    "imagenet64-likelihood": dict(height=64, width=64, colours=3, channels=256, blocks=24, scale_shift=True, layers=12),
    "imagenet64": dict(height=64, width=64, colours=3, channels=256, blocks=8, scale_shift=True, layers=20),
    "imagenet64-class": dict(height=64, width=64, colours=3, channels=256, blocks=8, scale_shift=True, layers=20, classes=1000),
    "fashion": dict(height=28, width=28, colours=1, channels=32, blocks=1, groups=8, scale_shift=True, patch=4, transformer=192,
                    heads=3, layers=4),
    "small64": dict(height=64, width=64, colours=3, channels=64, blocks=1, groups=8, scale_shift=True, patch=4, transformer=256,
                    heads=4, layers=4),
}
COUNTS = {
    "cifar10": 28_427_520,
    "imagenet64-likelihood": 198_279_680,
    "imagenet64": 204_595_712,
    "imagenet64-class": 205_113_856,
}


def dense(inputs, outputs, bias=True, zero=False):
    return initialised(nn.Linear(inputs, outputs, bias), inputs, zero)


def conv(inputs, outputs, size=3, zero=False, stride=1):
    return initialised(nn.Conv2d(inputs, outputs, size, stride, (size - 1) // 2 if stride == 1 else 0), inputs * size * size, zero)


def initialised(m, fan_in, zero):
    """LeCun's truncated normal, or zero; biases zero."""
    if zero:
        nn.init.zeros_(m.weight)
    else:
        sigma = fan_in ** -0.5 / 0.87962566
        nn.init.trunc_normal_(m.weight, std=sigma, a=-2 * sigma, b=2 * sigma)
    if m.bias is not None:
        nn.init.zeros_(m.bias)
    return m


class Norm(nn.Module):
    """Group normalisation, affine, or with a scale and a shift computed from the conditioning."""

    def __init__(self, channels, groups, cond, scale_shift):
        super().__init__()
        self.groups = groups
        if scale_shift:
            self.modulation = dense(cond, 2 * channels, zero=True)
        else:
            self.scale = nn.Parameter(torch.ones(channels))
            self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x, cond):
        if hasattr(self, "scale"):
            return F.group_norm(x, self.groups, self.scale, self.bias, NORM_EPS)
        scale, shift = self.modulation(cond)[:, :, None, None].chunk(2, 1)
        return torch.addcmul(shift, F.group_norm(x, self.groups, eps=NORM_EPS), 1 + scale)


class ResidualBlock(nn.Module):
    def __init__(self, inputs, channels, c):
        super().__init__()
        self.norm1 = Norm(inputs, c.groups, c.features, c.scale_shift)
        self.conv1 = conv(inputs, channels)
        if not c.scale_shift:
            self.condition = dense(c.features, channels, bias=False, zero=True)
        self.norm2 = Norm(channels, c.groups, c.features, c.scale_shift)
        self.conv2 = conv(channels, channels, zero=True)
        self.dropout = c.dropout
        if inputs != channels:
            self.skip = conv(inputs, channels, 1)

    def forward(self, x, cond):
        h = self.conv1(F.silu(self.norm1(x, cond)))
        if hasattr(self, "condition"):
            h = h + self.condition(cond)[:, :, None, None]
        h = F.silu(self.norm2(h, cond))
        if self.dropout > 0:
            h = F.dropout(h, self.dropout, self.training)
        h = self.conv2(h)
        return h.add_(self.skip(x) if hasattr(self, "skip") else x)


def attention(qkv, heads, dropout=0.0):
    b, n, d = qkv.shape
    q, k, v = qkv.view(b, n, 3, heads, d // 3 // heads).permute(2, 0, 3, 1, 4)
    a = torch.softmax(q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5, -1)
    if dropout > 0:
        a = F.dropout(a, dropout)
    return (a @ v).transpose(1, 2).reshape(b, n, d // 3)


class SpatialAttention(nn.Module):
    def __init__(self, channels, c):
        super().__init__()
        self.heads = c.spatial_heads
        self.norm = Norm(channels, c.groups, 0, False)
        self.qkv = fused(channels, 3)
        self.output = dense(channels, channels)

    def forward(self, x):
        b, d, h, w = x.shape
        rows = self.norm(x, None).flatten(2).transpose(1, 2)
        rows = self.output(attention(self.qkv(rows), self.heads))
        return x + rows.transpose(1, 2).reshape(b, d, h, w)


def fused(channels, parts):
    return dense(channels, parts * channels)


class TransformerBlock(nn.Module):
    """A DiT block: adaLN-zero by swish(cond)."""

    def __init__(self, d, c):
        super().__init__()
        self.heads, self.rate = c.heads, c.dropout
        self.attention_modulation = dense(c.features, 3 * d, zero=True)
        self.qkv = fused(d, 3)
        self.output = dense(d, d, bias=False)
        self.feedforward_modulation = dense(c.features, 3 * d, zero=True)
        self.up = dense(d, 4 * d)
        self.down = dense(4 * d, d)

    def forward(self, x, a):
        rate = self.rate if self.training else 0.0
        shift, scale, gate = self.attention_modulation(a)[:, None].chunk(3, -1)
        h = self.output(attention(self.qkv(modulated(x, shift, scale)), self.heads, rate))
        if rate > 0:
            h = F.dropout(torch.ones_like(h[:, :1]), rate) * h
        x = torch.addcmul(x, gate, h)
        shift, scale, gate = self.feedforward_modulation(a)[:, None].chunk(3, -1)
        h = F.gelu(self.up(modulated(x, shift, scale)), approximate="tanh")
        if rate > 0:
            h = F.dropout(h, rate)
        return torch.addcmul(x, gate, self.down(h))


def modulated(x, shift, scale):
    return torch.addcmul(shift, F.layer_norm(x, x.shape[-1:], eps=NORM_EPS), 1 + scale)


class Transformer(nn.Module):
    """Patches, trainable positions, DiT blocks, and back to pixels."""

    def __init__(self, height, width, channels, c):
        super().__init__()
        self.patch, d = c.patch, c.transformer
        self.embed = conv(channels, d, c.patch, stride=c.patch)
        self.positions = nn.Parameter(positions(height // c.patch, width // c.patch, d))
        self.blocks = nn.ModuleList(TransformerBlock(d, c) for _ in range(c.layers))
        self.modulation = dense(c.features, 2 * d, zero=True)
        self.project = dense(d, c.patch * c.patch * channels, zero=True)

    def forward(self, x, cond):
        b, ch, h, w = x.shape
        p, a = self.patch, F.silu(cond)
        rows = self.embed(x).flatten(2).transpose(1, 2) + self.positions
        for block in self.blocks:
            rows = block(rows, a)
        shift, scale = self.modulation(a)[:, None].chunk(2, -1)
        rows = self.project(modulated(rows, shift, scale))
        return rows.view(b, h // p, w // p, p, p, ch).permute(0, 5, 1, 3, 2, 4).reshape(b, ch, h, w)


def positions(h, w, d):
    """2-D sin-cos: the first half of the width for y, the second for x; in each, sines then cosines."""
    freq = 1e4 ** (-torch.arange(d // 4) / (d // 4))
    y, x = torch.arange(h)[:, None] * freq, torch.arange(w)[:, None] * freq
    y, x = torch.cat((y.sin(), y.cos()), -1), torch.cat((x.sin(), x.cos()), -1)
    return torch.cat((y[:, None].expand(h, w, d // 2), x[None].expand(h, w, d // 2)), -1).reshape(h * w, d)


class Denoiser(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c = c
        f = c.features
        self.embedding = nn.Embedding(V + 1, f)
        nn.init.normal_(self.embedding.weight, std=f ** -0.5)
        if c.classes:
            self.classes = nn.Embedding(c.classes, f)
            nn.init.normal_(self.classes.weight, std=f ** -0.5)
        self.cond1 = dense(2 * f if c.classes else f, 4 * f)
        self.cond2 = dense(4 * f, f)
        self.input = conv(c.colours * f, c.channels)
        down, up, stack, ch = [], [], [c.channels], c.channels
        for level, multiple in enumerate(c.ch_mult):
            for _ in range(c.blocks):
                down.append(ResidualBlock(ch, multiple * c.channels, c))
                ch = multiple * c.channels
                stack.append(ch)
            if level + 1 < len(c.ch_mult):
                stack.append(ch)
        if c.layers:
            factor = 2 ** (len(c.ch_mult) - 1)
            self.middle = Transformer(c.height // factor, c.width // factor, ch, c)
        else:
            self.middle1 = ResidualBlock(ch, ch, c)
            if not c.no_attention:
                self.middle_attention = SpatialAttention(ch, c)
            self.middle2 = ResidualBlock(ch, ch, c)
        for multiple in reversed(c.ch_mult):
            for _ in range(c.blocks + 1):
                up.append(ResidualBlock(ch + stack.pop(), multiple * c.channels, c))
                ch = multiple * c.channels
        self.down, self.up = nn.ModuleList(down), nn.ModuleList(up)
        self.norm = Norm(ch, c.groups, f, c.scale_shift)
        self.head = conv(ch, c.colours * V, zero=True)
        half = f // 2
        self.register_buffer("freq", 1000 * torch.exp(-math.log(1e4) * torch.arange(half) / (half - 1)), persistent=False)

    def forward(self, z, t, label=None):
        c = self.c
        angle = t[:, None] * self.freq
        cond = torch.cat((angle.sin(), angle.cos()), -1)
        if c.classes:
            cond = torch.cat((cond, self.classes(label)), -1)
        cond = self.cond2(F.silu(self.cond1(cond)))
        x = self.embedding(z).view(-1, c.height, c.width, c.colours * c.features).permute(0, 3, 1, 2)
        x = self.input(x.contiguous(memory_format=torch.channels_last if c.channels_last else torch.contiguous_format))
        stack, blocks = [x], iter(self.down)
        for level in range(len(c.ch_mult)):
            for _ in range(c.blocks):
                x = next(blocks)(x, cond)
                stack.append(x)
            if level + 1 < len(c.ch_mult):
                x = F.avg_pool2d(x, 2)
                stack.append(x)
        if c.layers:
            x = self.middle(x, cond)
            if c.channels_last:
                x = x.contiguous(memory_format=torch.channels_last)
        else:
            x = self.middle1(x, cond)
            if not c.no_attention:
                x = self.middle_attention(x)
            x = self.middle2(x, cond)
        blocks = iter(self.up)
        for level in reversed(range(len(c.ch_mult))):
            for _ in range(c.blocks + 1):
                x = next(blocks)(torch.cat((x, stack.pop()), 1), cond)
            if level > 0:
                x = F.interpolate(x, scale_factor=2.0, mode="nearest")
        x = self.head(F.silu(self.norm(x, cond)))
        return x.permute(0, 2, 3, 1).reshape(z.shape[0], -1, V)


def alpha(t):
    return (1 - 2 * EPS) * (1 - t) + EPS


def nats(model, x, z, t, label=None):
    """The diffusion term, in nats a picture, averaged over the batch: cross entropies of masked values weighted -alpha'/(1 - alpha)."""
    ce = F.cross_entropy(model(z, t, label).reshape(-1, V), x.reshape(-1), reduction="none").view_as(x)
    return ((ce * (z == V)).sum(1) * ((1 - 2 * EPS) / (1 - alpha(t)))).mean()


def loss(model, x, label=None):
    b, n = x.shape
    t = (torch.rand(()) + torch.arange(b) / b) % 1
    z = torch.where(torch.rand(b, n) >= alpha(t)[:, None], torch.full_like(x, V), x)
    return nats(model, x, z, t, label) / (n * math.log(2)) + EPS * math.log2(V)


class Trainer:
    """AdamW at MD4's image settings and an average of the weights, both by the fast `foreach` forms."""

    def __init__(self, model, a):
        self.model = model
        self.params = list(model.parameters())
        self.average = [q.detach().clone() for q in self.params]
        self.decay = a.ema
        self.optimizer = torch.optim.AdamW(self.params, a.lr, betas=(0.9, 0.99), weight_decay=0.01, foreach=True)

    def step(self, x, label):
        value = loss(self.model, x, label)
        self.optimizer.zero_grad(set_to_none=True)
        value.backward()
        self.optimizer.step()
        with torch.no_grad():
            torch._foreach_mul_(self.average, self.decay)
            torch._foreach_add_(self.average, self.params, alpha=1 - self.decay)
        return value.item()


def flops(model, x, t, label):
    """Floating-point operations of one forward pass: convolutions, dense layers and attention's two products."""
    counts = []

    def matrix(m, _, out):
        counts.append(2 * out.numel() * m.weight[0].numel())

    def scores(_, __, out):  # q, k and v side by side: q k' and its product with v
        counts.append(4 * out.shape[1] * out.numel() // 3)

    hooks = [m.register_forward_hook(matrix) for m in model.modules() if isinstance(m, (nn.Conv2d, nn.Linear))]
    hooks += [m.qkv.register_forward_hook(scores) for m in model.modules() if hasattr(m, "qkv")]
    with torch.no_grad():
        model(x, t, label)
    for h in hooks:
        h.remove()
    return sum(counts)


def config(a):
    c = argparse.Namespace(**{k: getattr(a, k) for k in NETWORK})
    for k, v in PRESETS.get(a.preset, {}).items():
        setattr(c, k, v)
    c.features = c.features or c.channels
    c.groups = c.groups or math.gcd(32, c.channels)
    c.channels_last = a.channels_last
    return c


def build(c):
    model = Denoiser(c)
    return model.to(memory_format=torch.channels_last) if c.channels_last else model


def data(c, batch):
    x = torch.randint(0, V, (batch, c.height * c.width * c.colours))
    return x, torch.randint(0, c.classes, (batch,)) if c.classes else None


def bench(a):
    c = config(a)
    model = build(c)
    trainer = Trainer(model, a)
    (x, label), t = data(c, a.batch), torch.rand(a.batch)
    work = flops(model, x, t, label)
    print(f"# parameters {count(model)}  GFLOP forward {work / 1e9:.1f}, training step {3 * work / 1e9:.1f}", file=sys.stderr)
    train, forward = [], []
    for _ in range(a.warm_up + a.steps):
        x, label = data(c, a.batch)
        start = time.perf_counter()
        trainer.step(x, label)
        train.append(time.perf_counter() - start)
    model.eval()
    with torch.no_grad():
        for _ in range(a.warm_up + a.steps):
            start = time.perf_counter()
            model(x, t, label)
            forward.append(time.perf_counter() - start)
    report("train_step_s", train[a.warm_up:], a.batch, 3 * work)
    report("forward_s", forward[a.warm_up:], a.batch, work)


def report(name, times, batch, work):
    median = statistics.median(times)
    print(f"{name}\t{median:.4f}\tmin\t{min(times):.4f}\timages_per_s\t{batch / median:.2f}\tgflops\t{work / median / 1e9:.0f}", flush=True)


def profile(a):
    c = config(a)
    model = build(c)
    trainer = Trainer(model, a)
    x, label = data(c, a.batch)
    for _ in range(2):
        trainer.step(x, label)
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as p:
        for _ in range(a.steps):
            trainer.step(x, label)
    print(p.key_averages().table(sort_by="self_cpu_time_total", row_limit=16, max_name_column_width=45))


def count(model):
    return sum(q.numel() for q in model.parameters())


def params(a):
    for name in PRESETS:
        a.preset = name
        n = count(Denoiser(config(a)))
        expected = COUNTS.get(name)
        print(f"{name}\t{n}\t{'' if expected is None else 'as expected' if n == expected else f'expected {expected}'}", flush=True)


EXPORT_VALUES = 3  # instead of 256: a check of every path wants small files
EXPORTS = {
    "additive": dict(height=4, width=6, colours=1, channels=4, features=4, ch_mult=(1, 2), blocks=1, groups=2),
    "scaleshift": dict(height=4, width=4, colours=3, channels=4, features=6, ch_mult=(1,), blocks=1, groups=2, scale_shift=True,
                       layers=2, transformer=8, heads=2, patch=2, classes=2),
}


def export(a):
    global V
    V = EXPORT_VALUES
    torch.set_default_dtype(torch.float64)
    out = {"provenance": f"benchmarks/peers/torch_unet.py export --seed {a.seed}, PyTorch {torch.__version__}, float64"}
    for name, network in EXPORTS.items():
        PRESETS[name] = network
        a.preset = name
        c = config(a)
        model = Denoiser(c)
        with torch.no_grad():  # nothing may stay zero, or most gradients would be
            for q in model.parameters():
                q.add_(0.2 * torch.randn_like(q))
        batch = 3
        x, label = data(c, batch)
        t = torch.tensor([0.15, 0.5, 0.85])
        z = torch.where(torch.rand(x.shape) < t[:, None], torch.full_like(x, V), x)
        value = nats(model, x, z, t, label)
        value.backward()
        logits = model(z, t, label)
        leaf = logits.detach().requires_grad_()
        nats(lambda *_: leaf, x, z, t).backward()
        entries = {"clean": x.int(), "tokens": z.int(), "times": t, "logits": logits, "loss": value, "logits_gradient": leaf.grad}
        if label is not None:
            entries["labels"] = label.int()
        for q, w in named(model):
            entries["parameters/" + q] = w(lambda p: p)
            entries["gradients/" + q] = w(lambda p: p.grad)
        out[name] = {k: {"shape": list(v.shape), "values": v.detach().reshape(-1).tolist()} for k, v in entries.items()}
        out[name]["network"] = {k: v for k, v in vars(c).items() if k != "channels_last"}
        print(f"{name}\tparameters {count(model)}\tloss {value.item():.12f}")
    with open(a.out, "w") as file:
        json.dump(out, file)


def named(model):
    """Names and arrays of the parameters as README.md lists them: HWIO and input-by-output kernels; q, k and v apart."""
    for name, q in model.named_parameters():
        if name.endswith("weight"):
            if q.dim() == 2 and "embedding" not in name and not name.startswith("classes"):
                turn = lambda v: v.t()
            elif q.dim() == 4:
                turn = lambda v: v.permute(2, 3, 1, 0)
            else:
                turn = lambda v: v
            name = name[:-len("weight")] + "kernel" if q.dim() > 1 and turn(q) is not q else name[:-len(".weight")]
        else:
            turn = lambda v: v
        if ".qkv." in name:
            for i, part in enumerate(("query", "key", "value")):
                yield name.replace("qkv", part), lambda f, q=q, turn=turn, i=i: turn(f(q)).chunk(3, -1)[i]
        else:
            yield name, lambda f, q=q, turn=turn: turn(f(q))


def trace(a):
    """The network as TorchScript, for the DJL peer."""
    c = config(a)
    model = build(c)
    x, label = data(c, a.batch)
    t = torch.rand(a.batch)
    torch.jit.trace(model, (x, t) if label is None else (x, t, label), check_trace=False).save(a.out)


NETWORK = {
    "height": 28, "width": 28, "colours": 1, "channels": 64, "features": 0, "ch_mult": (1,), "blocks": 2, "groups": 0,
    "scale_shift": False, "dropout": 0.0, "classes": 0, "layers": 0, "transformer": 768, "heads": 12, "patch": 2, "spatial_heads": 1,
    "no_attention": False,
}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("what", choices=["bench", "profile", "params", "export", "trace"])
    p.add_argument("out", nargs="?", help="the file to write (export, trace)")
    p.add_argument("--preset", default="", help=", ".join(PRESETS))
    for k, v in NETWORK.items():
        flag = "--" + k.replace("_", "-")
        if isinstance(v, bool):
            p.add_argument(flag, action="store_true")
        elif isinstance(v, tuple):
            p.add_argument(flag, type=lambda s: tuple(map(int, s.split(","))), default=v)
        else:
            p.add_argument(flag, type=type(v), default=v)
    p.add_argument("--channels-last", action="store_true")
    p.add_argument("--batch", type=int, default=32)
    p.add_argument("--steps", type=int, default=12)
    p.add_argument("--warm-up", type=int, default=2, help="steps before those that are timed")
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--lr", type=float, default=1e-3)
    p.add_argument("--ema", type=float, default=0.999)
    p.add_argument("--seed", type=int, default=0)
    a = p.parse_args()
    torch.manual_seed(a.seed)
    torch.set_num_threads(a.threads)
    {"bench": bench, "profile": profile, "params": params, "export": export, "trace": trace}[a.what](a)


if __name__ == "__main__":
    main()
