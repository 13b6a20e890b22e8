"""Relating by comparing all vectors, as crossclaim does, beside an index that only proposes pairs (usearch).

usage: peers.py VECTORS.npy COUNT... [--score 0.7] [--near 32] [--expansion 64] [--threads 2] [--example target/release/examples/relate_vectors]

setup: python -m venv .venv; .venv/bin/pip install -r requirements.txt; cargo build --release --examples; crossclaim embed writes VECTORS.npy.
Every vector is taken for an article. crossclaim gives all pairs whose cosine reaches --score. usearch holds the vectors in int8 (HNSW, cosine),
is built and asked for the --near nearest of every vector; `recall` is the share of crossclaim's pairs that it proposes.
"""
import argparse
import os
import subprocess
import tempfile
import time

import numpy as np
from usearch.index import Index

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../.."))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vectors")
    parser.add_argument("counts", nargs="+", type=int)
    parser.add_argument("--score", type=float, default=0.7)
    parser.add_argument("--example", default=os.path.join(ROOT, "target/release/examples/relate_vectors"))
    for name, value in (("near", 32), ("expansion", 64), ("threads", 2)):
        parser.add_argument("--" + name, type=int, default=value)
    given = parser.parse_args()
    vectors = np.load(given.vectors, mmap_mode="r")
    print("vectors\tpairs\tall_s\tindex_build_s\tindex_ask_s\trecall", flush=True)
    for count in given.counts:
        seconds, pairs = exact(given, count)
        build, ask, proposed = index(given, np.asarray(vectors[:count]))
        recall = np.isin(pairs, proposed).mean() if len(pairs) else 1.0
        print(f"{count}\t{len(pairs)}\t{seconds:.3f}\t{build:.2f}\t{ask:.2f}\t{recall:.4f}", flush=True)


def exact(given, count):
    """Seconds and all pairs, each as one number."""
    with tempfile.NamedTemporaryFile() as file:
        command = [given.example, given.vectors, str(count), str(given.score), file.name]
        environment = {**os.environ, "RAYON_NUM_THREADS": str(given.threads)}
        said = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
        pairs = np.fromfile(file.name, dtype="<u4").reshape(-1, 2).astype(np.int64)
    return float(said.split("\t")[0]), pairs[:, 0] * count + pairs[:, 1]


def index(given, vectors):
    """Seconds to build and to ask, and the proposed pairs, each as one number."""
    count = len(vectors)
    made = Index(ndim=vectors.shape[1], metric="cos", dtype="i8", expansion_add=given.expansion, expansion_search=given.expansion)
    start = time.monotonic()
    made.add(np.arange(count), vectors, threads=given.threads)
    built = time.monotonic()
    found = made.search(vectors, given.near + 1, threads=given.threads)
    asked = time.monotonic()
    others = found.keys.astype(np.int64)
    own = np.repeat(np.arange(count), others.shape[1]).reshape(others.shape)
    left, right = np.minimum(own, others), np.maximum(own, others)
    return built - start, asked - built, np.unique((left * count + right)[left < right])


if __name__ == "__main__":
    main()
