"""Trains the network that hears what the pairs of an event tell of one another (`thirds.py`).

usage: train_thirds.py work/thirds.jsonl [--epochs 25] [--out work/thirds.json]
       train_thirds.py work/thirds-2.jsonl --start work/thirds.json --news work/features.jsonl --epochs 20 --rate 1e-3

The file is that of `event_features.py`, of events that the judge was not trained on; those in `data/events/held_out` give the figures.
Each event is also seen without some of its articles and sentences, and with two articles as one: news tells both sides of a dispute, and a claim more than once.
Relations are weighed as frequent as in news.

--start goes on from a network, for another judge. --news adds events of news, such as the sample corpus (`crossclaim evaluate --features`), with their own
frequencies; then a network without each of these is trained, too, so that `calibrate.py` judges every event by one that has not seen it.
"""
import argparse
import collections
import copy
import json
import os

import numpy as np
import torch

import calibrate
import common
from thirds import Network, graph

VIEWS = 8  # of each event, besides the whole
NEWS_VIEWS = 10  # of each event of news
NEIGHBOURS = 3  # of a sentence in another article: `align.neighbours`
MOST_LEFT_OUT = 0.6  # share of the related sentences that a view leaves out
WEIGHTS = 0.39, 1.3, 0.42  # of agreements, unrelated pairs, contradictions: their shares in the sample corpus over those in the events
BATCH, NEWS_BATCH = 8, 3  # events, events of news beside them


def events_of(pairs):
    """{event: rows of its pairs}"""
    return {event: np.flatnonzero(pairs.event == event) for event in sorted(set(pairs.event))}


def part(pairs, rows):
    """Features, relations (-1: not counted) and graph of some pairs of one event."""
    goal = np.where(pairs.counted[rows], pairs.y[rows], -1)
    return torch.tensor(pairs.x[rows], dtype=torch.float32), torch.tensor(goal), graph(pairs.claims[rows], pairs.articles[rows])


def views(pairs, rows, count, rng):
    """An event as it is and `count` times thinned out: without some articles and sentences, above all related ones; every other time with joined articles."""
    found, claims = [part(pairs, rows)], np.unique(pairs.claims[rows])
    related = np.isin(claims, pairs.claims[rows][pairs.counted[rows] & (pairs.y[rows] != calibrate.RELATIONS.index("unrelated"))])
    for view in range(count):
        seen, some = joined(pairs, rows, rng) if view % 2 else (pairs, rows)
        homes = np.unique(seen.articles[some])
        kept = rng.choice(homes, rng.integers(min(3, len(homes)), len(homes) + 1), replace=False)
        stay = claims[rng.random(len(claims)) > rng.uniform(0, MOST_LEFT_OUT) * np.where(related, 1.0, 0.3)]
        some = some[np.isin(seen.articles[some], kept).all(1) & np.isin(seen.claims[some], stay).all(1)]
        found.append(part(seen, some) if len(some) else found[0])
    return found


def joined(pairs, rows, rng):
    """(pairs, rows) of an event in which some articles are two in one: no pairs within it, and of those with it the nearest, as the aligner would find them."""
    homes, same = rng.permutation(np.unique(pairs.articles[rows])), copy.copy(pairs)
    name = dict(zip(homes, homes))
    for k in range(rng.integers(1, len(homes) // 2 + 1)):
        name[homes[2 * k + 1]] = homes[2 * k]
    same.articles, same.x = pairs.articles.copy(), pairs.x.copy()
    same.articles[rows] = [[name[home] for home in pair] for pair in pairs.articles[rows]]
    rows = rows[same.articles[rows][:, 0] != same.articles[rows][:, 1]]
    similarity, rank = pairs.x[:, pairs.names.index("similarity")], collections.defaultdict(int)
    best = {}
    for i in rows[np.argsort(-similarity[rows], kind="stable")]:
        (a, b), (home_a, home_b) = pairs.claims[i], same.articles[i]
        best[i] = rank[a, home_b], rank[b, home_a]
        rank[a, home_b] += 1
        rank[b, home_a] += 1
    same.x[rows, pairs.names.index("mutual_nearest")] = [max(best[i]) == 0 for i in rows]
    return same, rows[[min(best[i]) < NEIGHBOURS for i in rows]]


def together(parts):
    """Several events as one graph."""
    starts = np.cumsum([0] + [len(goal) for _, goal, _ in parts[:-1]])
    edges = [torch.cat([g[k] + int(start) for (_, _, g), start in zip(parts, starts)], 1) for k in range(3)]
    return torch.cat([x for x, _, _ in parts]), torch.cat([goal for _, goal, _ in parts]), edges


def fit(network, told, news, args, first_time):
    """Trains on views of events and, in the same steps, of events of news: lists of views, one for each event."""
    torch.manual_seed(args.seed)
    rng, optimizer = np.random.default_rng(args.seed), torch.optim.AdamW(network.parameters(), lr=args.rate, weight_decay=1e-3)
    weights, step, steps = torch.tensor(WEIGHTS), 0, args.epochs * -(-len(told) // BATCH)
    network.train()

    def losses(chosen, weights=None):
        x, goal, edges = together([event[rng.integers(len(event))] for event in chosen])
        return [torch.nn.functional.cross_entropy(logits, goal, weights, ignore_index=-1) for logits in network(x, edges)]

    for epoch in range(args.epochs):
        order, all_last = rng.permutation(len(told)), []
        for first in range(0, len(order), BATCH):
            *early, last = losses([told[i] for i in order[first : first + BATCH]], weights)
            loss = last + 0.3 * sum(early) if first_time else last
            if news:
                loss = loss + losses([news[i] for i in rng.choice(len(news), min(NEWS_BATCH, len(news)), replace=False)])[-1]
            optimizer.param_groups[0]["lr"] = args.rate * min(1, (step + 1) / 50) * (1 - step / steps)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            step += 1
            all_last.append(last.item())
        print(f"epoch {epoch + 1}: loss {np.mean(all_last):.4f}", flush=True)
    return network


def report(network, pairs, events):
    known = np.concatenate([network.log_probabilities(pairs.x[rows], pairs.claims[rows], pairs.articles[rows]) for rows in events.values()])
    rows = np.concatenate(list(events.values()))
    counted = pairs.counted[rows]
    calibrate.report("events not trained on", np.exp(known)[counted], pairs.y[rows][counted])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("features")
    parser.add_argument("--start", help="network to go on from")
    parser.add_argument("--news", help="pairs of news with gold, to train on as well")
    parser.add_argument("--epochs", type=int, default=25, help="0: only the figures of --start on all events of the file")
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", default=os.path.join(common.WORK, "thirds.json"))
    args = parser.parse_args()
    torch.set_num_threads(1)  # the products are small
    rng, pairs, held = np.random.default_rng(args.seed), calibrate.Pairs(args.features), {e["id"] for e in common.events()[1]}
    known, start = ~np.isin(pairs.event, list(held)), None
    if args.start:
        with open(args.start, encoding="utf8") as file:
            start = json.load(file)["network"]
        pairs.keep(start["features"])
    torch.manual_seed(args.seed)
    begin = lambda: Network.from_json(start) if start else Network(pairs.names, pairs.x[known].mean(0), pairs.x[known].std(0) + 1e-6)
    events, made = events_of(pairs), {}
    if args.epochs:
        told = [views(pairs, rows, VIEWS, rng) for event, rows in events.items() if event not in held]
        print(len(told), "events,", int(known.sum()), "pairs", flush=True)
        news = {}
        if args.news:
            gold = calibrate.Pairs(args.news)
            gold.keep(pairs.names)
            news = {event: views(gold, rows, NEWS_VIEWS, rng) for event, rows in events_of(gold).items()}
        train = lambda without: fit(begin(), told, [seen for event, seen in news.items() if event != without], args, not start).to_json()
        made = dict(network=train(None), without={event: train(event) for event in news})
        with open(args.out, "w", encoding="utf8") as file:
            json.dump(made, file)
    if unseen := {event: rows for event, rows in events.items() if event in held or not args.epochs}:
        report(Network.from_json(made["network"]) if made else begin(), pairs, unseen)


if __name__ == "__main__":
    main()
