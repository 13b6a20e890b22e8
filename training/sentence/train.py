"""Trains the weights of sentence borders: one logistic model for all languages.

usage: train.py DUMP... > src/sentence/weights.txt

A dump is what `cargo run --release --example sentence_candidates FILE.jsonl` prints: label, line, character, features.
Equal candidates are counted once; each file weighs at most as much as `LARGEST` candidates. Features that occur fewer than
`RARE` times are left out. Penalised maximum likelihood by Newton's method; numpy only.

In a dump whose name starts with `lines-`, only ends of lines are known to be borders: a line may hold two sentences. Of
the other candidates, those that may be the end of a sentence are left out. Dumps that start with `own-` count `OWN` times.
"""

import collections
import pathlib
import sys

import numpy as np

LARGEST, OWN, RARE, PENALTY = 2500, 5, 3, 0.3
INNER = ("class=never", "class=number", "class=month", "last=num2", "last=roman", "last=initial")


def unsure(features):
    text = " ".join(features)
    return not any(part in text for part in INNER) and "next=lower" not in text


def read(path):
    """Counts of (features, label)."""
    lines = path.name.startswith("lines-")
    counts = collections.Counter()
    for row in path.open(encoding="utf8"):
        label, _, _, *features = row.rstrip("\n").split("\t")
        if lines and label == "0" and unsure(features):
            continue
        counts[tuple(features), int(label)] += 1
    total = sum(counts.values())
    scale = OWN if path.name.startswith("own-") else min(1.0, LARGEST / max(total, 1))
    return {key: count * scale for key, count in counts.items()}


def main():
    rows = collections.Counter()
    for name in sys.argv[1:]:
        for key, count in read(pathlib.Path(name)).items():
            rows[key] += count
    totals = collections.Counter()
    for (features, _), count in rows.items():
        for feature in features:
            totals[feature] += count
    names = sorted(name for name, count in totals.items() if count >= RARE)
    column = {name: index for index, name in enumerate(names)}
    x = np.zeros((len(rows), len(names)), dtype=np.float32)
    y, n = np.zeros(len(rows)), np.zeros(len(rows))
    for row, ((features, label), count) in enumerate(rows.items()):
        x[row, [column[f] for f in features if f in column]] = 1
        y[row], n[row] = label, count
    w = np.zeros(len(names))
    penalty = np.full(len(names), PENALTY)
    penalty[column["bias"]] = 0.01
    for _ in range(25):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (n * (p - y)) + penalty * w
        hessian = (x.T * (n * np.maximum(p * (1 - p), 1e-6))) @ x + np.diag(penalty)
        step = np.linalg.solve(hessian, gradient)
        w -= step
        if np.abs(step).max() < 1e-3:
            break
    wrong = n[(x @ w > 0) != (y > 0.5)].sum()
    print(f"{len(rows)} shapes, {len(names)} features, {wrong / n.sum():.4%} wrong", file=sys.stderr)
    for name in names:
        if abs(w[column[name]]) >= 0.005:
            print(name, f"{w[column[name]]:.2f}")


if __name__ == "__main__":
    main()
