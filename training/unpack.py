"""The other way round of `pack.py`: weights of a pack as starting points for more training, with the rounding to int8 in them.

usage: unpack.py ../models/claim-v10      writes work/table.safetensors, work/encoder.pt and work/judge.pt
"""
import os
import sys

import torch
from safetensors.torch import load_file, save_file

import common

PARTS = (
    ("attention_output", "attention.output.dense."),
    ("intermediate", "intermediate.dense."),
    ("output", "output.dense."),
)
NORMS = (("attention_norm", "attention.output.LayerNorm."), ("output_norm", "output.LayerNorm."))


def matrix(parts, name):
    """int8 blocks [out/16, in/4, 16, 4] and a scale per row -> weight [out, in] float32."""
    blocks = parts[name + ".weight"]
    rows, columns = blocks.shape[0] * 16, blocks.shape[1] * 4
    return blocks.permute(0, 2, 1, 3).reshape(rows, columns).float() * parts[name + ".scale"][:, None]


def trunk(parts):
    """Tensors of a pack -> a BertModel's state without the token table."""
    state, layer = {}, 0
    while f"layer.{layer}.qkv.weight" in parts:
        old, new = f"layer.{layer}.", f"encoder.layer.{layer}."
        weights, biases = matrix(parts, old + "qkv").chunk(3), parts[old + "qkv.bias"].chunk(3)
        for name, weight, bias in zip(("query", "key", "value"), weights, biases):
            state[new + f"attention.self.{name}.weight"], state[new + f"attention.self.{name}.bias"] = weight.clone(), bias.clone()
        for packed, name in PARTS:
            state[new + name + "weight"], state[new + name + "bias"] = matrix(parts, old + packed), parts[old + packed + ".bias"]
        for packed, name in NORMS:
            for kind in ("weight", "bias"):
                state[new + name + kind] = parts[f"{old}{packed}.{kind}"]
        layer += 1
    state["embeddings.position_embeddings.weight"] = parts["embeddings.positions"].float()
    state["embeddings.token_type_embeddings.weight"] = parts["embeddings.types"].float()
    state["embeddings.LayerNorm.weight"], state["embeddings.LayerNorm.bias"] = parts["embeddings.norm.weight"], parts["embeddings.norm.bias"]
    return state


def heads(parts):
    state = {"d.weight": parts["dense.weight"].float().T.contiguous(), "d.bias": parts["dense.bias"]}
    for old, new in (("c", "relation"), ("t", "conflict")):
        state[old + ".weight"], state[old + ".bias"] = parts[new + ".weight"], parts[new + ".bias"]
    return state


def main():
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        raise SystemExit(__doc__)
    read = lambda name: load_file(os.path.join(sys.argv[1], name))
    os.makedirs(common.WORK, exist_ok=True)
    save_file(read("table.safetensors"), os.path.join(common.WORK, "table.safetensors"))
    torch.save(trunk(read("encoder.safetensors")), os.path.join(common.WORK, "encoder.pt"))
    judge = read("judge.safetensors")
    torch.save({**{"b." + k: v for k, v in trunk(judge).items()}, **heads(judge)}, os.path.join(common.WORK, "judge.pt"))


if __name__ == "__main__":
    main()
