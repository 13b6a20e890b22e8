"""Compresses the token table by product quantization, before training, so that the layers learn to live with it.

usage: table.py [--groups 96]      writes work/table.safetensors: codes [tokens, groups] uint8, books [groups, 256, width] float16

Jegou, Douze, Schmid: Product quantization for nearest neighbor search (2011). k-means per group of columns, tokens weighted
by the square root of their frequency in NTREX, so that the pieces of real text lose least.
"""
import argparse
import os

import torch
from safetensors.torch import load_file, save_file

import common


def kmeans(points, weights, k=256, rounds=14):
    """points [n, d], weights [n] -> centres [k, d], nearest centre of every point [n]."""
    start = torch.multinomial(weights, k, generator=torch.Generator().manual_seed(0))
    centres = points[start].clone()
    for _ in range(rounds):
        nearest = assign(points, centres)
        mass = torch.zeros(k).index_add_(0, nearest, weights)
        total = torch.zeros_like(centres).index_add_(0, nearest, points * weights[:, None])
        centres = torch.where(mass[:, None] > 0, total / mass.clamp(min=1e-9)[:, None], centres)
    centres = centres.half().float()
    return centres, assign(points, centres)


def assign(points, centres):
    half = (centres**2).sum(1) / 2
    return torch.cat([(block @ centres.T - half).argmax(1) for block in points.split(50_000)])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--groups", type=int, default=96)
    groups = parser.parse_args().groups
    table = load_file(os.path.join(common.BASE, "model.safetensors"))["embeddings.word_embeddings.weight"].float()
    count = torch.ones(len(table))
    for documents in common.ntrex()[0].values():
        for row in common.tokenizer().encode_batch([line for lines in documents.values() for line in lines]):
            count.index_add_(0, torch.tensor(row.ids), torch.ones(len(row.ids)))
    pairs = [kmeans(block, count.sqrt()) for block in table.chunk(groups, 1)]
    parts = dict(books=torch.stack([p[0] for p in pairs]).half(), codes=torch.stack([p[1] for p in pairs], 1).to(torch.uint8))
    save_file(parts, os.path.join(common.WORK, "table.safetensors"))
    near = torch.nn.functional.cosine_similarity(common.decode_table(parts), table)
    print(f"cosine of a token with its compressed form: mean {near.mean():.4f}, weighted by frequency {(near * count).sum() / count.sum():.4f}")
