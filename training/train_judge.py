"""Trains the judge: agreement, unrelated or contradiction of two sentences, and the type of conflict.

usage: train_judge.py --minutes 100 [--start work/encoder.pt | --start work/judge.pt --begin 0.5] [--out work/judge.pt] [--resume]

Input <s> left </s></s> right </s>, token type 1 on the right side; [first token, mean over tokens] -> dense 384, tanh -> three logits
(agreement, unrelated, contradiction) and the conflict types of `pairs.TYPES`. The share of NLI rows falls from 0.6 to 0.15 while claim groups
and pairs of the events take over, in the second half as the program itself finds them (`candidates.py`). Where `--start` is a trained judge,
`--begin` says how far into this schedule it is. On a GPU: `--tokens 40000 --rate 2e-4 --workers 4`.
"""
import argparse
import csv
import os
import random

import numpy as np
import torch

import candidates
import common
import number_words
import pairs
from common import DEVICE

LIMIT = 72  # tokens of one side
PASS = 5000  # tokens that go through the model at once on a CPU; a step gathers the gradients of as many passes as it needs
MINED_FROM = 0.5  # share of the run after which events give candidate pairs instead of pairs drawn by relation


class Judge(torch.nn.Module):
    def __init__(self, start, frozen=0):
        """`start`: file of a judge's weights or, for a trunk with new heads, of an encoder's."""
        super().__init__()
        state = torch.load(start, map_location="cpu")
        heads = {name: value for name, value in state.items() if name[:2] in ("d.", "c.", "t.")}
        self.b = common.trunk({name.removeprefix("b."): value for name, value in state.items() if name not in heads}, frozen)
        width = self.b.config.hidden_size
        self.d, self.c, self.t = torch.nn.Linear(2 * width, width), torch.nn.Linear(width, 3), torch.nn.Linear(width, len(pairs.TYPES))
        self.drop = torch.nn.Dropout(0.1)
        self.load_state_dict(heads, strict=False)
        self.to(DEVICE)

    def forward(self, ids, types):
        """ids and types [pairs, tokens] -> logits of relations [pairs, 3] and of conflict types; no row is padded."""
        hidden = self.b(input_ids=ids, token_type_ids=types).last_hidden_state
        state = self.drop(torch.tanh(self.d(self.drop(torch.cat([hidden[:, 0], hidden.mean(1)], -1)))))
        return self.c(state), self.t(state)


def token_ids(texts=()):
    """Token ids of one side of a pair; those of `texts` are made at once and kept."""
    return common.Ids(LIMIT, texts=texts)


def encode(known, rows):
    """Pairs -> [(ids, position of the second </s> in the middle, label, type, weight)]; `known` are `token_ids`."""
    sides = ((known[row[0]], known[row[1]], row) for row in rows)
    return [([0, *l, 2, 2, *r, 2], len(l) + 2, row[2], row[3], row[4] if len(row) > 4 else 1.0) for l, r, row in sides]


def batch(items):
    """Encoded pairs of one length -> ids and token types [pairs, tokens], labels, types and weights [pairs]."""
    ids, middle, *wanted = (torch.tensor(column) for column in zip(*items))
    return ids, (torch.arange(ids.shape[1]) > middle[:, None]).long(), *wanted


def batches(items, tokens, most=40):
    """Batches of pairs of one length: as they fill, and the one that waits longest where `most` times `tokens` wait; at the end the rest."""
    waiting, held = {}, 0
    for item in items:
        length = len(item[0])
        waiting.setdefault(length, []).append(item)
        held += length
        full = len(waiting[length]) * length >= tokens
        if full or held > most * tokens:
            rows = waiting.pop(length if full else next(iter(waiting)))
            held -= len(rows) * len(rows[0][0])
            yield rows
    yield from waiting.values()


class Drawn(torch.utils.data.IterableDataset):
    """Batches without end; every worker draws its own."""

    def __init__(self, sources, begin, tokens, seed):
        self.sources, self.begin, self.tokens, self.seed = sources, begin, tokens, seed
        self.clock = None  # set when training begins
        nli, events, groups, _ = sources
        texts = [text for row in nli for text in row[:2]] + [text for event in events for _, _, text in event["lines"]]
        texts += [text for group in groups for side in ("base", "contra", "neutral") for text in group[side].values()]
        self.ids = token_ids(texts)

    def __iter__(self):
        worker = torch.utils.data.get_worker_info()
        rng = random.Random(f"{self.seed} {worker.id if worker else 0}")
        return (batch(rows) for rows in batches(self.items(rng), self.tokens))

    def items(self, rng):
        nli, events, groups, mined = self.sources
        while True:
            share, rows = self.begin + (1 - self.begin) * self.clock.share(), []
            for _ in range(256):
                if rng.random() < 0.6 - 0.45 * share:
                    left, right, label, kind = rng.choice(nli)
                    swap = label in (0, 2) and rng.random() < 0.25
                    rows.append((right, left, label, kind) if swap else (left, right, label, kind))
                elif rng.random() < 0.7:
                    rows.append(pairs.event_pair(events, rng) if share < MINED_FROM else mined.draw(rng))
                else:
                    rows.append(pairs.group_pair(groups, rng))
            yield from encode(self.ids, rows)


def loss_of(logits, kinds, label, kind, weight, smooth=0.06):
    """Cross entropy with label smoothing; `not agreement` rows ask for -log(p unrelated + p contradiction); types where known."""
    log = torch.log_softmax(logits.float(), -1)
    exact = -(1 - smooth) * log.gather(1, label.clamp(max=2)[:, None])[:, 0] - smooth * log.mean(-1)
    loss = (weight * torch.where(label < 3, exact, -torch.logsumexp(log[:, 1:], -1))).mean()
    types = torch.nn.functional.cross_entropy(kinds.float(), kind, ignore_index=-1, reduction="sum") / (kind >= 0).sum().clamp(min=1)
    return loss + 0.15 * types


def probabilities(judge, items, tokens=8192):
    """[pairs, 3 + types] float32, in the order given."""
    judge.eval()
    out = np.zeros((len(items), 3 + len(pairs.TYPES)), np.float32)
    with torch.inference_mode(), common.autocast():
        for rows in batches([(*item, k) for k, item in enumerate(items)], tokens):
            logits, kinds = judge(*(part.to(DEVICE) for part in batch([row[:5] for row in rows])[:2]))
            out[[row[5] for row in rows]] = torch.cat([torch.softmax(logits.float(), -1), torch.softmax(kinds.float(), -1)], 1).cpu().numpy()
    judge.train()
    return out


def corpus_pairs(count, seed=3):
    """Gold pairs of the sample corpus and twice as many unrelated pairs of the same events; never trained on."""
    folder = os.path.join(common.HERE, "..", "corpus", "gold")
    read = lambda name: list(csv.DictReader(open(os.path.join(folder, name), encoding="utf-8-sig", newline="")))
    rng, label = random.Random(seed), dict(agreement=0, contradiction=2)
    rows = [(g["text_a"], g["text_b"], label[g["relation"]], -1) for g in read("gold_pairs.csv")]
    known = {(r[0], r[1]) for r in rows} | {(r[1], r[0]) for r in rows} | {(g["text_a"], g["text_b"]) for g in read("implied_pairs.csv")}
    lines = read("sentences.csv")
    while len(rows) < 3 * 1318:
        a, b = rng.choice(lines), rng.choice(lines)
        if a["event"] == b["event"] and a["article"] != b["article"] and (a["text"], b["text"]) not in known and (b["text"], a["text"]) not in known:
            rows.append((a["text"], b["text"], 1, -1))
    return rng.sample(rows, count)


def report(name, probability, items):
    guess, label = probability[:, :3].argmax(1), np.array([min(i[2], 2) for i in items])
    parts = [f"{name}: accuracy {(guess == label).mean():.3f}"]
    for k, word in ((2, "contradiction"), (0, "agreement")):
        hit = ((guess == k) & (label == k)).sum()
        right = (label == k)[np.argsort(-probability[:, k], kind="stable")]
        average = (right.cumsum() / np.arange(1, len(right) + 1))[right].mean()
        parts.append(f"{word} P {hit / max(1, (guess == k).sum()):.3f} R {hit / max(1, (label == k).sum()):.3f} average P {average:.3f}")
    kind = np.array([i[3] for i in items])
    if (kind >= 0).any():
        parts.append(f"type {(probability[kind >= 0, 3:].argmax(1) == kind[kind >= 0]).mean():.3f}")
    return ", ".join(parts) + f" ({len(items)})"


def held_out(mined, seen):
    """Name -> encoded pairs of every dev set; `seen`, candidate pairs of events that are trained on, shows what is learnt by heart."""
    _, groups = common.claim_groups()
    rng = random.Random(5)
    sets = {"groups": [pairs.group_pair(groups, rng) for _ in range(1000)]}
    sets["candidates"] = [row[:4] for row in rng.sample(mined, 2000)]
    sets["candidates seen"] = [row[:4] for row in rng.sample(seen, 2000)]
    sets["corpus"] = corpus_pairs(900)
    for lang in ("en", "de", "el", "hr"):
        sets["xnli " + lang] = xnli(lang, 200)
    known = token_ids(text for rows in sets.values() for row in rows for text in row[:2])
    return {name: encode(known, rows) for name, rows in sets.items()}


def xnli(lang, count):
    import gzip

    with gzip.open(os.path.join(common.SHARED, "nli", "dev", "xnli_dev.tsv.gz"), "rt", encoding="utf8", newline="") as file:
        rows = [r for r in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if r["lang_premise"] == lang and r["lang_hypothesis"] == lang]
    return [(r["premise"], r["hypothesis"], pairs.LABELS[r["label"]], -1) for r in random.Random(0).sample(rows, count)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=100, help="0: only the figures, nothing is saved")
    parser.add_argument("--start", default=os.path.join(common.WORK, "encoder.pt"), help="a trained judge or an encoder")
    parser.add_argument("--begin", type=float, default=0.0, help="place in the schedule of data, 0 to 1, at which the run begins")
    parser.add_argument("--frozen", type=int, default=0, help="first layers that stay as they are; saves time late in training")
    parser.add_argument("--encoder", default=os.path.join(common.WORK, "encoder.pt"), help="finds the candidate pairs")
    parser.add_argument("--mined", help="candidate pairs with the probabilities of an earlier judge: what it found hard comes more often")
    parser.add_argument("--events", default="", help="only events whose names begin so, several with commas")
    parser.add_argument("--groups", default="", help="only claim groups whose names begin so, several with commas")
    parser.add_argument("--out", default=os.path.join(common.WORK, "judge.pt"))
    parser.add_argument("--rate", type=float, default=9e-5)
    parser.add_argument("--tokens", type=int, default=5000, help="of a step")
    parser.add_argument("--workers", type=int, default=1, help="processes that draw pairs")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--resume", action="store_true")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    rng, checkpoint = random.Random(args.seed), args.out + ".checkpoint"
    judge, spent, step = Judge(args.start, args.frozen), 0.0, 0
    common.compile_layers(judge.b)
    trunk = [p for n, p in judge.named_parameters() if p.requires_grad and n.startswith("b.")]
    head = [p for n, p in judge.named_parameters() if not n.startswith("b.")]
    optimizer = torch.optim.AdamW([dict(params=trunk, lr=args.rate), dict(params=head, lr=3 * args.rate)], weight_decay=0.01)
    rates = [g["lr"] for g in optimizer.param_groups]
    if args.resume:
        kept = torch.load(checkpoint, map_location="cpu")
        judge.load_state_dict(kept, strict=False)
        optimizer.load_state_dict(kept["optimizer"])
        spent, step = kept["spent"], kept["step"]
    nli, (plain, _), (told, held, _) = pairs.nli_pairs(), common.claim_groups(), common.events()
    events, groups = number_words.sometimes(common.named(told, args.events), common.named(plain, args.groups), rng)
    mined = candidates.Mined()
    if args.mined:
        mined.read(args.mined, {e["id"] for e in events})
    for row in candidates.mine([e for e in events if e["id"] not in mined.events], args.encoder):
        mined.add(row)
    dev = held_out(candidates.mine(held, args.encoder), [row for rows in mined.rows.values() for row, _ in rows])
    print(len(events), "events;", {label: len(rows) for label, rows in mined.rows.items()}, "mined pairs", flush=True)
    at_once = args.tokens if DEVICE == "cuda" else min(PASS, args.tokens)
    drawn = Drawn((nli, events, groups, mined), args.begin, at_once, f"{args.seed} {step}")
    drawn.clock = clock = common.Clock(args.minutes, spent)
    every = min(900, args.minutes * 20)  # seconds
    average, gathered, next_report = None, 0, every + spent
    ahead = dict(num_workers=args.workers, prefetch_factor=8) if args.workers else {}
    judge.train()
    for parts in torch.utils.data.DataLoader(drawn, batch_size=None, pin_memory=DEVICE == "cuda", **ahead):
        if (share := clock.share()) >= 1:
            break
        ids, types, *wanted = (part.to(DEVICE, non_blocking=True) for part in parts)
        with common.autocast():
            logits, kinds = judge(ids, types)
        loss = loss_of(logits, kinds, *wanted)
        (loss * ids.numel() / args.tokens).backward()  # a token weighs the same in every pass, full or not
        average = loss.detach() if average is None else 0.98 * average + 0.02 * loss.detach()
        gathered += ids.numel()
        if gathered < args.tokens:
            continue
        for group, rate in zip(optimizer.param_groups, rates):
            group["lr"] = rate * min(1, (step + 1) / 100) * (1 - share)
        torch.nn.utils.clip_grad_norm_(trunk + head, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        gathered, step = 0, step + 1
        if step % 50 == 0:
            print(f"{step} loss {average.item():.4f} {clock.spent():.0f} s", flush=True)
        if clock.spent() > next_report:
            next_report = clock.spent() + every
            for name, rows in dev.items():
                print("  " + report(name, probabilities(judge, rows), rows), flush=True)
            common.save(judge, checkpoint, optimizer=optimizer.state_dict(), spent=clock.spent(), step=step)
            common.save(judge, args.out)
    if args.minutes:
        common.save(judge, args.out)
    for name, rows in dev.items():
        print("after " + report(name, probabilities(judge, rows), rows), flush=True)


if __name__ == "__main__":
    main()
