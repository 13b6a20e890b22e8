"""Trains the network that hears what the pairs of an event tell of one another (`thirds.py`).

usage: train_thirds.py work/thirds.jsonl [--epochs 25] [--out work/thirds.json]
       train_thirds.py work/thirds-2.jsonl --start work/thirds.json --epochs 10 --rate 1e-3     a network learns to hear another judge

The file is that of `event_features.py`, of events that the judge was not trained on; those in `data/events/held_out` give the figures.
Each event is also seen without some of its articles and sentences, and relations are weighed as frequent as in news.
"""
import argparse
import json
import os

import numpy as np
import torch

import calibrate
import common
from thirds import Network, graph

VIEWS = 4  # of each event, besides the whole
MOST_LEFT_OUT = 0.6  # share of the related sentences that a view leaves out
WEIGHTS = 0.39, 1.3, 0.42  # of agreements, unrelated pairs, contradictions: their shares in the sample corpus over those in the events
BATCH = 8  # events


def events_of(pairs):
    """{event: rows of its pairs}"""
    return {event: np.flatnonzero(pairs.event == event) for event in sorted(set(pairs.event))}


def part(pairs, rows):
    """Features, relations (-1: not counted) and graph of some pairs of one event."""
    goal = np.where(pairs.counted[rows], pairs.y[rows], -1)
    return torch.tensor(pairs.x[rows], dtype=torch.float32), torch.tensor(goal), graph(pairs.claims[rows], pairs.articles[rows])


def views(pairs, rows, rng):
    """An event as it is and VIEWS times thinned out: without some articles and some sentences, above all such as are related to others."""
    found, homes, claims = [part(pairs, rows)], np.unique(pairs.articles[rows]), np.unique(pairs.claims[rows])
    related = np.isin(claims, pairs.claims[rows][pairs.counted[rows] & (pairs.y[rows] != calibrate.RELATIONS.index("unrelated"))])
    for _ in range(VIEWS):
        kept = rng.choice(homes, rng.integers(min(3, len(homes)), len(homes) + 1), replace=False)
        stay = claims[rng.random(len(claims)) > rng.uniform(0, MOST_LEFT_OUT) * np.where(related, 1.0, 0.3)]
        some = rows[np.isin(pairs.articles[rows], kept).all(1) & np.isin(pairs.claims[rows], stay).all(1)]
        found.append(part(pairs, some) if len(some) else found[0])
    return found


def together(parts):
    """Several events as one graph."""
    starts = np.cumsum([0] + [len(goal) for _, goal, _ in parts[:-1]])
    edges = [torch.cat([g[k] + int(start) for (_, _, g), start in zip(parts, starts)], 1) for k in range(3)]
    return torch.cat([x for x, _, _ in parts]), torch.cat([goal for _, goal, _ in parts]), edges


def report(network, pairs, events):
    known = np.concatenate([network.log_probabilities(pairs.x[rows], pairs.claims[rows], pairs.articles[rows]) for rows in events.values()])
    rows = np.concatenate(list(events.values()))
    counted = pairs.counted[rows]
    calibrate.report("events not trained on", np.exp(known)[counted], pairs.y[rows][counted])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("features")
    parser.add_argument("--start", help="network to go on from")
    parser.add_argument("--epochs", type=int, default=25, help="0: only the figures of --start on all events of the file")
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", default=os.path.join(common.WORK, "thirds.json"))
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(1)  # the products are small
    rng, pairs, held = np.random.default_rng(args.seed), calibrate.Pairs(args.features), {e["id"] for e in common.events()[1]}
    known, start = ~np.isin(pairs.event, list(held)), None
    if args.start:
        with open(args.start, encoding="utf8") as file:
            start = Network.from_json(json.load(file))
        pairs.x, pairs.names = pairs.x[:, [pairs.names.index(name) for name in start.features]], start.features
    network = start or Network(pairs.names, pairs.x[known].mean(0), pairs.x[known].std(0) + 1e-6)
    events = events_of(pairs)
    train = [views(pairs, rows, rng) for event, rows in events.items() if event not in held]
    optimizer = torch.optim.AdamW(network.parameters(), lr=args.rate, weight_decay=1e-3)
    weights, step, steps = torch.tensor(WEIGHTS), 0, args.epochs * -(-len(train) // BATCH)
    print(len(train), "events,", int(known.sum()), "pairs", flush=True)
    for epoch in range(args.epochs):
        network.train()
        order, losses = rng.permutation(len(train)), []
        for first in range(0, len(order), BATCH):
            x, goal, edges = together([train[i][rng.integers(1 + VIEWS)] for i in order[first : first + BATCH]])
            *early, last = (torch.nn.functional.cross_entropy(logits, goal, weights, ignore_index=-1) for logits in network(x, edges))
            loss = last if start else last + 0.3 * sum(early)
            optimizer.param_groups[0]["lr"] = args.rate * min(1, (step + 1) / 50) * (1 - step / steps)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            step += 1
            losses.append(last.item())
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}", flush=True)
    if unseen := {event: rows for event, rows in events.items() if event in held or not args.epochs}:
        report(network, pairs, unseen)
    if not args.epochs:
        return
    with open(args.out, "w", encoding="utf8") as file:
        json.dump(network.to_json(), file)


if __name__ == "__main__":
    main()
