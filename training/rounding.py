"""Rounds weights to 8 bits so that what a layer puts out changes least (GPTQ: Frantar, Ashkboos, Hoefler and Alistarh, 2023).

Each column of a matrix is rounded in turn, and the columns after it take over what the rounding did to the outputs, as far as the
inputs of the layer go together. Without it every weight goes to its nearest number by itself.
"""
import contextlib

import numpy as np
import torch

LEVELS = 127
DAMPING = 0.01  # of the mean of the diagonal


@torch.no_grad()
def grams(model, batches):
    """Name of every linear layer -> [in, in] float64, the sum over all tokens of input times input; `batches` give (arguments, mask)."""
    sums, mask = {}, None

    def hear(name):
        def hook(_, inputs):
            rows = inputs[0][mask].double()
            sums[name] = sums.get(name, 0) + rows.T @ rows

        return hook

    linear = [(name, module) for name, module in model.named_modules() if isinstance(module, torch.nn.Linear)]
    handles = [module.register_forward_pre_hook(hear(name)) for name, module in linear]
    for arguments, mask in batches:
        model(**arguments, attention_mask=mask.long())
    for handle in handles:
        handle.remove()
    return {name: total.numpy() for name, total in sums.items()}


def scales(weight):
    """[out] float32: one step of each row, so that its largest weight is 127 of them; fewer where the row was rounded so before."""
    top = np.maximum(np.abs(weight).max(1), 1e-12).astype(np.float32)
    scale, found = top / np.float32(LEVELS), np.zeros(len(top), bool)
    for level in range(LEVELS, LEVELS // 2, -1):
        steps = weight * (level / top)[:, None]
        fits = ~found & (np.abs(steps - np.rint(steps)).max(1) < 1e-3)
        scale[fits], found = top[fits] / np.float32(level), found | fits
    return scale


@contextlib.contextmanager
def rounded(model):
    """Within it each weight of the linear layers is rounded to its nearest number, after it they are what they were.

    Where a training step computes its gradients within it and changes the weights after it (quantization-aware training, straight-through
    estimator: Bengio, Léonard and Courville 2013), the model learns to live with the rounding, and weights saved within it lose nothing in `compensated`.
    """
    weights = [module.weight for module in model.modules() if isinstance(module, torch.nn.Linear)]
    kept = [weight.detach().clone() for weight in weights]
    with torch.no_grad():
        for weight in weights:
            scale = weight.abs().amax(1, keepdim=True).clamp(min=1e-12) / LEVELS
            weight.copy_((weight / scale).round() * scale)
    yield
    with torch.no_grad():
        for weight, was in zip(weights, kept):
            weight.copy_(was)


def compensated(weight, gram):
    """weight [out, in] float32 -> whole numbers [out, in] int8 and scales [out], with regard to how inputs go together: `gram` [in, in]."""
    scale = scales(weight)
    rest, whole = weight.astype(np.float64) / scale[:, None], np.zeros(weight.shape, np.int8)
    damped = gram + np.eye(len(gram)) * (DAMPING * np.diag(gram).mean())
    # Upper triangle of the Cholesky factor of the inverse: row j holds how the columns from j on make up for column j.
    upper = np.linalg.cholesky(np.linalg.inv(damped)).T
    for j in range(weight.shape[1]):
        whole[:, j] = np.clip(np.rint(rest[:, j]), -LEVELS, LEVELS)
        error = (rest[:, j] - whole[:, j]) / upper[j, j]
        rest[:, j + 1 :] -= error[:, None] * upper[j, j + 1 :]
    return whole, scale
