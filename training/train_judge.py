"""Trains the judge: agreement, unrelated or contradiction of two sentences, and the type of conflict.

usage: train_judge.py --minutes 100 [--start work/encoder.pt | --judge work/judge.pt --begin 0.5] [--out work/judge.pt] [--resume]

Input <s> left </s></s> right </s>, token type 1 on the right side; [first token, mean over tokens] -> dense 384, tanh -> three logits
(agreement, unrelated, contradiction) and the conflict types of `pairs.TYPES`. The share of NLI rows falls from 0.6 to 0.15 while claim groups
and pairs of the events take over, in the second half as the program itself finds them (`candidates.py`). `--judge` goes on from a trained judge, and
`--begin` says how far into this schedule. Events added while it runs are taken in.
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
MINED_FROM = 0.5  # share of the run after which events give candidate pairs instead of pairs drawn by relation
DRAW = 2048  # pairs drawn, sorted by length and batched together


class Judge(torch.nn.Module):
    def __init__(self, start=None, frozen=0):
        super().__init__()
        self.b = common.trunk(start, frozen)
        width = self.b.config.hidden_size
        self.d, self.c, self.t = torch.nn.Linear(2 * width, width), torch.nn.Linear(width, 3), torch.nn.Linear(width, len(pairs.TYPES))
        self.drop = torch.nn.Dropout(0.1)
        self.to(DEVICE)

    def forward(self, ids, mask, types):
        hidden = self.b(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state
        mean = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        state = self.drop(torch.tanh(self.d(self.drop(torch.cat([hidden[:, 0], mean], -1)))))
        return self.c(state), self.t(state)


def encode(tok, rows):
    """Pairs -> [(ids, position of the second </s> in the middle, label, type, weight)]."""
    left = tok.encode_batch([r[0] for r in rows], add_special_tokens=False)
    right = tok.encode_batch([r[1] for r in rows], add_special_tokens=False)
    return [
        ([0] + l.ids[:LIMIT] + [2, 2] + r.ids[:LIMIT] + [2], min(len(l.ids), LIMIT) + 2, row[2], row[3], row[4] if len(row) > 4 else 1.0)
        for l, r, row in zip(left, right, rows)
    ]


def batch(items):
    ids, mask = common.pad([i[0] for i in items])
    types = torch.zeros_like(ids)
    for row, item in enumerate(items):
        types[row, item[1] + 1 : len(item[0])] = 1
    return ids, mask, types, *(torch.tensor([i[k] for i in items], device=DEVICE) for k in (2, 3, 4))


def loss_of(logits, kinds, label, kind, weight, smooth=0.06):
    """Cross entropy with label smoothing; `not agreement` rows ask for -log(p unrelated + p contradiction); types where known."""
    log = torch.log_softmax(logits.float(), -1)
    exact = -(1 - smooth) * log.gather(1, label.clamp(max=2)[:, None])[:, 0] - smooth * log.mean(-1)
    loss = (weight * torch.where(label < 3, exact, -torch.logsumexp(log[:, 1:], -1))).mean()
    if (kind >= 0).any():
        loss = loss + 0.15 * torch.nn.functional.cross_entropy(kinds.float(), kind, ignore_index=-1)
    return loss


def probabilities(judge, items, size=64):
    """[pairs, 3 + types] float32, in the order given."""
    judge.eval()
    out, order = np.zeros((len(items), 3 + len(pairs.TYPES)), np.float32), sorted(range(len(items)), key=lambda i: -len(items[i][0]))
    with torch.inference_mode(), common.autocast():
        for k in range(0, len(order), size):
            rows = order[k : k + size]
            logits, kinds = judge(*batch([items[i] for i in rows])[:3])
            out[rows] = torch.cat([torch.softmax(logits.float(), -1), torch.softmax(kinds.float(), -1)], 1).cpu().numpy()
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


def held_out(tok, mined, seen):
    """Name -> encoded pairs of every dev set; `seen`, candidate pairs of events that are trained on, shows what is learnt by heart."""
    _, groups = common.claim_groups()
    rng = random.Random(5)
    sets = {"groups": [pairs.group_pair(groups, rng) for _ in range(1000)]}
    sets["candidates"] = [row[:4] for row in rng.sample(mined, 2000)]
    sets["candidates seen"] = [row[:4] for row in rng.sample(seen, 2000)]
    sets["corpus"] = corpus_pairs(900)
    for lang in ("en", "de", "el", "hr"):
        sets["xnli " + lang] = xnli(lang, 200)
    return {name: encode(tok, rows) for name, rows in sets.items()}


def xnli(lang, count):
    import gzip

    with gzip.open(os.path.join(common.SHARED, "nli", "dev", "xnli_dev.tsv.gz"), "rt", encoding="utf8", newline="") as file:
        rows = [r for r in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if r["lang_premise"] == lang and r["lang_hypothesis"] == lang]
    return [(r["premise"], r["hypothesis"], pairs.LABELS[r["label"]], -1) for r in random.Random(0).sample(rows, count)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=100)
    parser.add_argument("--start", default=os.path.join(common.WORK, "encoder.pt"))
    parser.add_argument("--judge", help="a trained judge in place of --start")
    parser.add_argument("--begin", type=float, default=0.0, help="place in the schedule of data, 0 to 1, at which the run begins")
    parser.add_argument("--frozen", type=int, default=0, help="first layers that stay as they are; saves time late in training")
    parser.add_argument("--encoder", default=os.path.join(common.WORK, "encoder.pt"), help="finds the candidate pairs")
    parser.add_argument("--mined", help="candidate pairs with the probabilities of an earlier judge: what it found hard comes more often")
    parser.add_argument("--out", default=os.path.join(common.WORK, "judge.pt"))
    parser.add_argument("--rate", type=float, default=9e-5)
    parser.add_argument("--resume", action="store_true")
    args = parser.parse_args()
    torch.manual_seed(0)
    tok, rng, checkpoint = common.tokenizer(), random.Random(7), args.out + ".checkpoint"
    judge, spent, step = Judge(None if args.judge else args.start, args.frozen), 0.0, 0
    if args.judge:
        judge.load_state_dict(torch.load(args.judge, map_location=DEVICE), strict=False)
    trunk = [p for n, p in judge.named_parameters() if p.requires_grad and n.startswith("b.")]
    head = [p for n, p in judge.named_parameters() if not n.startswith("b.")]
    optimizer = torch.optim.AdamW([dict(params=trunk, lr=args.rate), dict(params=head, lr=3 * args.rate)], weight_decay=0.01)
    rates = [g["lr"] for g in optimizer.param_groups]
    if args.resume:
        kept = torch.load(checkpoint, map_location=DEVICE)
        judge.load_state_dict(kept["judge"], strict=False)
        optimizer.load_state_dict(kept["optimizer"])
        spent, step = kept["spent"], kept["step"]
        rng.seed(step)
    nli, (plain, _), (known, held) = pairs.nli_pairs(), common.claim_groups(), common.events()
    seen, events, mined = set(), [], candidates.Mined()
    if args.mined:
        mined.read(args.mined)
    known = random.Random(2).sample(known, len(held))
    dev = held_out(tok, candidates.mine(held, args.encoder), candidates.mine(known, args.encoder))
    clock, average, next_report = common.Clock(args.minutes, spent), None, 600.0 + spent
    judge.train()
    while clock.share() < 1:
        fresh = [e for e in common.events()[0] if e["id"] not in seen]
        fresh, groups = number_words.sometimes(fresh, plain, rng)
        seen.update(e["id"] for e in fresh)
        events += fresh
        if fresh:
            for row in candidates.mine([e for e in fresh if e["id"] not in mined.events], args.encoder):
                mined.add(row)
            print(len(events), "events;", {label: len(rows) for label, rows in mined.rows.items()}, "mined pairs", flush=True)
        share, rows = args.begin + (1 - args.begin) * clock.share(), []
        for _ in range(DRAW):
            draw = rng.random()
            if draw < 0.6 - 0.45 * share:
                left, right, label, kind = rng.choice(nli)
                swap = label in (0, 2) and rng.random() < 0.25
                rows.append((right, left, label, kind) if swap else (left, right, label, kind))
            elif rng.random() < 0.7:
                rows.append(pairs.event_pair(events, rng) if share < MINED_FROM else mined.draw(rng))
            else:
                rows.append(pairs.group_pair(groups, rng))
        items = sorted(encode(tok, rows), key=lambda i: len(i[0]))
        batches = [items[k : k + 64] for k in range(0, len(items), 64)]
        rng.shuffle(batches)
        for part in batches:
            if (share := clock.share()) >= 1:
                break
            for group, rate in zip(optimizer.param_groups, rates):
                group["lr"] = rate * min(1, (step + 1) / 100) * (1 - share)
            ids, mask, types, *wanted = batch(part)
            with common.autocast():
                logits, kinds = judge(ids, mask, types)
            loss = loss_of(logits, kinds, *wanted)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trunk + head, 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            step += 1
            average = loss.item() if average is None else 0.98 * average + 0.02 * loss.item()
            if step % 50 == 0:
                print(f"{step} loss {average:.4f} {clock.spent():.0f} s", flush=True)
        if clock.spent() > next_report:
            next_report = clock.spent() + 900
            for name, rows in dev.items():
                print("  " + report(name, probabilities(judge, rows), rows), flush=True)
            kept = dict(judge={k: v for k, v in judge.state_dict().items() if "word_embeddings" not in k}, optimizer=optimizer.state_dict())
            torch.save({**kept, "spent": clock.spent(), "step": step}, checkpoint)
            common.save(judge, args.out)
    common.save(judge, args.out)
    for name, rows in dev.items():
        print("after " + report(name, probabilities(judge, rows), rows), flush=True)


if __name__ == "__main__":
    main()
