"""Rounds the weights of dense layers to int8 so that the layers' outputs change least on real text.

Frantar et al.: GPTQ (2022). Weights are rounded column by column, from the input with the most energy on; the error of each column
is made up for by those that are not rounded yet. What stays of the mean error goes into the bias. The text is that of the claim
groups (`data/claimgroups`), in five or six languages.
"""
import random

import torch

import common

DAMPING = 0.01


def texts(count, seed=3):
    """`count` claims and `count` pairs of claims of one group, languages mixed."""
    groups, _ = common.claim_groups()
    random.Random(seed).shuffle(groups)
    pairs = []
    for group in groups[:count]:
        claims = [text for part in ("base", "contra", "neutral") for text in group.get(part, {}).values()]
        pairs.append(tuple(random.Random(group["id"]).sample(claims, 2)))
    return [left for left, _ in pairs], pairs


@torch.no_grad()
def moments(model, inputs):
    """Runs `inputs` (keyword arguments of one call each) -> dense layer -> (second moments [in, in], means [in]) of its input."""
    found, hooks = {}, []

    def hook(name):
        def see(_, given):
            rows = given[0].reshape(-1, given[0].shape[-1])
            squares, total, count = found.get(name, (0, 0, 0))
            found[name] = squares + rows.T @ rows, total + rows.sum(0), count + len(rows)
        return see

    for name, module in model.named_modules():
        if isinstance(module, torch.nn.Linear):
            hooks.append(module.register_forward_pre_hook(hook(name)))
    for given in inputs:
        model(**given)
    for each in hooks:
        each.remove()
    return {name: (squares / count, total / count) for name, (squares, total, count) in found.items()}


def rounded(weight, bias, moments):
    """weight [out, in], bias [out], moments of the input -> int8 weight, scale [out], bias."""
    squares, mean = moments
    scale = weight.abs().amax(1).clamp(min=1e-12) / 127
    squares = squares.double()
    squares = squares + torch.eye(len(squares)).double() * DAMPING * squares.diagonal().mean()
    order = squares.diagonal().argsort(descending=True)
    inverse = torch.cholesky_inverse(torch.linalg.cholesky(squares[order][:, order]))
    upper = torch.linalg.cholesky(inverse, upper=True)
    rest, steps = weight.double()[:, order], scale.double()
    whole = torch.zeros_like(rest)
    for k in range(rest.shape[1]):
        whole[:, k] = (rest[:, k] / steps).round().clamp(-127, 127)
        error = (rest[:, k] - whole[:, k] * steps) / upper[k, k]
        rest[:, k + 1:] -= error[:, None] * upper[k, k + 1:]
    whole = whole[:, order.argsort()]
    bias = bias + (weight - (whole * steps[:, None]).float()) @ mean
    return whole.to(torch.int8), scale.float(), bias
