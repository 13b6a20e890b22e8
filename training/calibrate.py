"""Fits the calibration of the judge: from scores and evidence to probabilities, by multinomial logistic regression.

usage: crossclaim evaluate --features work/features.jsonl ...
       calibrate.py work/features.jsonl [--out work/calibration.json] [--penalty 3]

Printed: log loss, and precision and recall at a probability of 0.5, for the model's own probabilities and for the calibrated ones, the latter with
each event judged by weights fitted on the other events. The weights that are written are fitted on all events.
"""
import argparse
import collections
import json

import numpy as np

RELATIONS = ("agreement", "unrelated", "contradiction")


def read(path):
    rows = [json.loads(line) for line in open(path, encoding="utf8")]
    rows = [r for r in rows if r["gold"] != "ignored"]
    names = list(rows[0]["features"])
    x = np.array([[r["features"][n] for n in names] for r in rows])
    y = np.array([RELATIONS.index(r["gold"]) for r in rows])
    return names, x, y, np.array([r["event"] for r in rows])


def softmax(z):
    z = np.exp(z - z.max(1, keepdims=True))
    return z / z.sum(1, keepdims=True)


def fit(x, y, penalty):
    """Weights [features + 1, 3] by Newton's method; `x` standardized, the last row is the bias."""
    x = np.hstack([x, np.ones((len(x), 1))])
    n, d = x.shape
    w = np.zeros((d, 3))
    goal = np.eye(3)[y]
    ridge = np.full(d, penalty)
    ridge[-1] = 1e-3
    for _ in range(30):
        p = softmax(x @ w)
        gradient = x.T @ (p - goal) + ridge[:, None] * w
        hessian = np.zeros((3 * d, 3 * d))
        for a in range(3):
            for b in range(3):
                weight = p[:, a] * ((a == b) - p[:, b])
                hessian[a * d : (a + 1) * d, b * d : (b + 1) * d] = (x * weight[:, None]).T @ x
        hessian += np.diag(np.tile(ridge, 3))
        step = np.linalg.solve(hessian, gradient.T.reshape(-1)).reshape(3, d).T
        w -= step
        if np.abs(step).max() < 1e-6:
            break
    return w


def predict(x, w):
    return softmax(np.hstack([x, np.ones((len(x), 1))]) @ w)


def report(name, p, y):
    parts = [f"{name}: log loss {-np.log(np.maximum(p[np.arange(len(y)), y], 1e-9)).mean():.4f}"]
    for k in (0, 2):
        said = (p[:, k] >= 0.5) & (p[:, k] == p.max(1))
        hit = (said & (y == k)).sum()
        order = np.argsort(-p[:, k], kind="stable")[:50]
        parts.append(f"{RELATIONS[k]} P {hit / max(1, said.sum()):.3f} R {hit / (y == k).sum():.3f} first 50 {(y[order] == k).mean():.2f}")
    print(", ".join(parts), f"({len(y)} pairs)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("features")
    parser.add_argument("--out")
    parser.add_argument("--penalty", type=float, default=3.0)
    parser.add_argument("--only", help="comma-separated names of features; the default is all")
    args = parser.parse_args()
    names, x, y, events = read(args.features)
    own = softmax(x[:, [names.index(r) for r in RELATIONS]])
    if args.only:
        keep = [names.index(n) for n in args.only.split(",")]
        names, x = [names[k] for k in keep], x[:, keep]
    mean, spread = x.mean(0), x.std(0) + 1e-9
    x = (x - mean) / spread
    print(collections.Counter(RELATIONS[k] for k in y))
    report("own", own, y)
    held = np.zeros_like(own)
    for event in sorted(set(events)):
        test = events == event
        held[test] = predict(x[test], fit(x[~test], y[~test], args.penalty))
    report("calibrated, other events", held, y)
    w = fit(x, y, args.penalty)
    for k in np.argsort(-np.abs(w[:-1]).max(1)):
        print(f"  {names[k]:24s} " + " ".join(f"{v:7.3f}" for v in w[k]))
    weights = w[:-1] / spread[:, None]
    bias = w[-1] - mean @ weights
    if args.out:
        found = dict(features=names, weights=[[round(v, 6) for v in row] for row in weights.T.tolist()], bias=[round(v, 6) for v in bias.tolist()])
        json.dump(found, open(args.out, "w"))


if __name__ == "__main__":
    main()
