"""Fits the calibration of the judge: from scores and evidence to probabilities, in two steps of multinomial logistic regression.

usage: crossclaim evaluate --features work/features.jsonl ...
       calibrate.py work/features.jsonl [--thirds work/thirds.json] [--out work/calibration.json] [--without work/without] [--penalty 100] [--without-fields]

The first step sees a pair on its own, the second also what third sentences say of it (`src/judge/thirds.rs` computes the same evidence),
among that the network of `train_thirds.py`; where that was trained on news, too, each event is heard by the one that has not seen it.
Printed: log loss, precision and recall at a probability of 0.5, precision of the first 50 and average precision, for the model's own probabilities and after
each step, each event judged by weights that were fitted, in both steps, on the other events. The weights that are written are fitted on all events.
The second step also sees random subsets of the articles, since events with two or four articles have fewer third sentences than the sample corpus.
"""
import argparse
import collections
import json
import os

import numpy as np

from thirds import Network

RELATIONS = ("agreement", "unrelated", "contradiction")
EVIDENCE = (
    "log_agreement log_unrelated log_contradiction agreement_chain agreement_chains contradiction_chain contradiction_chains "
    "double_contradiction double_contradictions broken_chain broken_chains rival_agreement rival_contradiction support thirds"
).split()
HEARD = ["heard_" + relation for relation in RELATIONS]
OWN = "agreement unrelated contradiction one_way_agreement one_way_contradiction similarity mutual_nearest length_ratio".split()
SUBSETS = 3
PENALTY = 100.0  # ridge of standardized weights


class Pairs:
    """Judged pairs with gold: `x` [pairs, features], `y` relations, `counted` (gold decides), event, claims and articles."""

    def __init__(self, path):
        with open(path, encoding="utf8") as file:
            self.names = list(json.loads(next(file))["features"])
            file.seek(0)
            row = lambda r: (list(r["features"].values()), r["gold"], r["event"], r["claims"], r["articles"])
            x, gold, event, claims, articles = zip(*(row(json.loads(line)) for line in file))
        self.x, self.event, self.claims, self.articles = np.array(x), np.array(event), np.array(claims), np.array(articles)
        self.counted = np.array(gold) != "ignored"
        self.y = np.array([1 if g == "ignored" else RELATIONS.index(g) for g in gold])

    def keep(self, names):
        """Only these features, in this order."""
        self.x, self.names = self.x[:, [self.names.index(name) for name in names]], names


def softmax(z):
    z = np.exp(z - z.max(1, keepdims=True))
    return z / z.sum(1, keepdims=True)


class Logistic:
    """Multinomial logistic regression with a ridge, by Newton's method; features are standardized inside."""

    def __init__(self, x, y, penalty):
        self.mean, self.spread = x.mean(0), x.std(0) + 1e-9
        z = np.hstack([(x - self.mean) / self.spread, np.ones((len(x), 1))])
        d, goal = z.shape[1], np.eye(3)[y]
        w, ridge = np.zeros((d, 3)), np.full(d, penalty)
        ridge[-1] = 1e-3
        for _ in range(30):
            p = softmax(z @ w)
            gradient = z.T @ (p - goal) + ridge[:, None] * w
            hessian = np.zeros((3 * d, 3 * d))
            for a in range(3):
                for b in range(3):
                    weight = p[:, a] * ((a == b) - p[:, b])
                    hessian[a * d : (a + 1) * d, b * d : (b + 1) * d] = (z * weight[:, None]).T @ z
            step = np.linalg.solve(hessian + np.diag(np.tile(ridge, 3)), gradient.T.reshape(-1)).reshape(3, d).T
            w -= step
            if np.abs(step).max() < 1e-6:
                break
        self.standard, self.weights = w[:-1], w[:-1] / self.spread[:, None]
        self.bias = w[-1] - self.mean @ self.weights

    def __call__(self, x):
        return softmax(x @ self.weights + self.bias)

    def to_json(self, names):
        number = lambda v: float(f"{v:.6g}")
        return dict(features=names, weights=[[number(v) for v in row] for row in self.weights.T], bias=[number(v) for v in self.bias])


class Networks:
    """The network of `train_thirds.py` and, if it was trained on news, too, those that each event of these is left to."""

    def __init__(self, path):
        with open(path, encoding="utf8") as file:
            made = json.load(file)
        self.shipped = Network.from_json(made["network"])
        self.without = {event: Network.from_json(parts) for event, parts in made["without"].items()}

    def hear(self, pairs, rows):
        """[rows, 3] log-probabilities."""
        heard, inputs = np.zeros((len(rows), 3)), [pairs.names.index(name) for name in self.shipped.features]
        for event in set(pairs.event[rows]):
            here = pairs.event[rows] == event
            some = rows[here]
            network = self.without.get(event, self.shipped)
            heard[here] = network.log_probabilities(pairs.x[some][:, inputs], pairs.claims[some], pairs.articles[some])
        return heard


class Thirds:
    """Which pairs meet in a third claim, and which are rivals, for the pairs `rows`; `networks` hear them, too.

    `heard` [rows, 3], what the network makes of them, does not depend on the first step.
    """

    def __init__(self, pairs, rows, networks=None):
        self.heard = networks.hear(pairs, rows) if networks else np.zeros((len(rows), 0))
        near = collections.defaultdict(dict)
        for i in rows:
            a, b = pairs.claims[i]
            near[a][b], near[b][a] = (i, pairs.articles[i][1]), (i, pairs.articles[i][0])
        self.rows, self.around = rows, []
        index = lambda found: np.array(found, int)
        for i in rows:
            (a, b), (home_a, home_b) = pairs.claims[i], pairs.articles[i]
            common = [c for c in near[a] if c in near[b]]
            rivals = [k for c, (k, home) in near[a].items() if home == home_b and c != b]
            rivals += [k for c, (k, home) in near[b].items() if home == home_a and c != a]
            support_a = [k for k, home in near[a].values() if home != home_b]
            support_b = [k for k, home in near[b].values() if home != home_a]
            links = index([near[a][c][0] for c in common]), index([near[b][c][0] for c in common])
            self.around.append((*links, index(rivals), index(support_a), index(support_b)))

    def evidence(self, first):
        """[rows, EVIDENCE and HEARD] from the first probabilities of all pairs."""
        out = np.zeros((len(self.rows), len(EVIDENCE)))
        out[:, :3] = np.log(np.maximum(first[self.rows], 1e-4))
        for row, (left, right, rivals, support_a, support_b) in zip(out, self.around):
            p, q = first[left], first[right]
            if len(left):
                chains = [
                    p[:, 0] * q[:, 0],
                    p[:, 0] * q[:, 2] + p[:, 2] * q[:, 0],
                    p[:, 2] * q[:, 2],
                    p[:, 0] * q[:, 1] + p[:, 1] * q[:, 0],
                ]
                row[3:11] = [f(c) for c in chains for f in (lambda c: np.log1p(20 * c.max()), lambda c: np.log1p(c.sum()))]
            if len(rivals):
                row[11:13] = first[rivals][:, [0, 2]].max(0)
            row[13] = min(first[support_a, 0].sum(), first[support_b, 0].sum())
            row[14] = np.log1p(len(left))
        return np.hstack([out, self.heard])


def subsets(pairs, rng):
    """Row numbers of the pairs among random articles, SUBSETS times two or more of each event."""
    for _ in range(SUBSETS):
        kept = []
        for event in sorted(set(pairs.event)):
            homes = np.unique(pairs.articles[pairs.event == event])
            kept += list(rng.choice(homes, rng.integers(2, len(homes)), replace=False))
        yield np.flatnonzero(np.isin(pairs.articles, kept).all(1))


def report(name, p, y):
    parts = [f"{name}: log loss {-np.log(np.maximum(p[np.arange(len(y)), y], 1e-9)).mean():.4f}"]
    for k in (0, 2):
        said = (p[:, k] >= 0.5) & (p[:, k] == p.max(1))
        hit = (said & (y == k)).sum()
        order = np.argsort(-p[:, k], kind="stable")
        right = y[order] == k
        mean = (right.cumsum() / np.arange(1, len(y) + 1))[right].mean()
        figures = f"P {hit / max(1, said.sum()):.3f} R {hit / (y == k).sum():.3f} first 50 {right[:50].mean():.2f} average P {mean:.3f}"
        parts.append(f"{RELATIONS[k]} {figures}")
    print(", ".join(parts), f"({len(y)} pairs)", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("features")
    parser.add_argument("--thirds", help="network of train_thirds.py")
    parser.add_argument("--out")
    parser.add_argument("--without", metavar="FOLDER", help="also writes, for each event, the calibration that has not seen it: FOLDER/EVENT.json")
    parser.add_argument("--penalty", type=float, default=PENALTY)
    parser.add_argument("--without-fields", action="store_true", help="leaves out what the claim fields tell: numbers, times, names, ...")
    parser.add_argument("--only", help="comma-separated names of features of the first step; the default is all")
    args = parser.parse_args()
    pairs = Pairs(args.features)
    y, counted, events = pairs.y, pairs.counted, sorted(set(pairs.event))
    own = softmax(pairs.x[:, [pairs.names.index(r) for r in RELATIONS]])
    names = args.only.split(",") if args.only else OWN if args.without_fields else pairs.names
    x = pairs.x[:, [pairs.names.index(n) for n in names]]
    networks = args.thirds and Networks(args.thirds)
    views = [np.arange(len(y)), *subsets(pairs, np.random.default_rng(0))]
    graphs = [Thirds(pairs, rows, networks) for rows in views]
    beside = EVIDENCE + (HEARD if networks else [])

    def first_step(known):
        """First probabilities of every pair; each event of `known` by weights of the other known events."""
        p = np.zeros((len(y), 3))
        for event in events:
            here = pairs.event == event
            fitted_on = counted & ~here & np.isin(pairs.event, known)
            p[here] = Logistic(x[fitted_on], y[fitted_on], args.penalty)(x[here])
        return p

    def second_step(first, known):
        z, goal = [], []
        for graph in graphs:
            use = counted[graph.rows] & np.isin(pairs.event[graph.rows], known)
            z.append(graph.evidence(first)[use])
            goal.append(y[graph.rows][use])
        return Logistic(np.vstack(z), np.concatenate(goal), args.penalty)

    def fitted(known):
        use = counted & np.isin(pairs.event, known)
        return Logistic(x[use], y[use], args.penalty), second_step(first_step(known), known)

    def write(path, known, network):
        own, thirds = fitted(known)
        parts = dict(own=own.to_json(names), thirds=thirds.to_json(beside))
        if network:
            parts["network"] = network.to_json()
        with open(path, "w", encoding="utf8") as file:
            json.dump(parts, file)

    print(collections.Counter(RELATIONS[k] for k in y[counted]))
    report("own", own[counted], y[counted])
    held_first, held_second, few = np.zeros_like(own), np.zeros_like(own), []
    for event in events:
        known, here = [e for e in events if e != event], pairs.event == event
        first = first_step(known)
        second = second_step(first, known)
        held_first[here] = first[here]
        for k, graph in enumerate(graphs):
            use = here[graph.rows]
            p, rows = second(graph.evidence(first)[use]), graph.rows[use]
            if k == 0:
                held_second[rows] = p
            else:
                few.append((p[counted[rows]], y[rows][counted[rows]]))
    report("a pair on its own", held_first[counted], y[counted])
    report("beside third sentences", held_second[counted], y[counted])
    report("the same, fewer articles", np.vstack([p for p, _ in few]), np.concatenate([g for _, g in few]))
    one, two = fitted(events)
    for step, labels in ((one, names), (two, beside)):
        for k in np.argsort(-np.abs(step.standard).max(1)):
            print(f"  {labels[k]:24s} " + " ".join(f"{v:7.3f}" for v in step.standard[k]))
    if args.out:
        write(args.out, events, networks and networks.shipped)
    for event in events if args.without else []:
        network = networks and networks.without.get(event, networks.shipped)
        write(os.path.join(args.without, event + ".json"), [e for e in events if e != event], network)


if __name__ == "__main__":
    main()
