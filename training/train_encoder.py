"""Trains the claim encoder by contrast: one claim, agreeing or conflicting, in one place; the same topic further away.

usage: train_encoder.py --minutes 25 [--start work/other.pt] [--out work/encoder.pt]      on a GPU: --scale 16 --rate 2e-4

A batch is a list of (text, clusters, language). Texts that share a cluster attract each other, all others repel (supervised contrast,
Khosla et al. 2020, over cosines / 0.05). Clusters: base and contra of a claim group in several languages, its neutral sentences as a cluster
of their own; the claims of one event, of which a sentence may state several; NTREX lines, each in two languages; entailing or contradicting NLI pairs.
Positives are only counted across languages where the cluster has several, so that language cannot help.
Input "query: " + text, mean over tokens, unit length. Gradients are those of the weights rounded to 8 bits, and so are the weights at the end.
"""
import argparse
import os
import random

import numpy as np
import torch

import common
import rounding
from common import CORE, DEVICE

WIDE = (
    "en de hr pl el cs sk sl sr-Cyrl sr-Latn bg mk uk ru be ro hu fr it es pt nl sv da nb fi et lv lt tr arb he fa hi zh-CN "
    "ja ko vi id sq bs ca ka hy bn th"
).split()
NLI = "fever_ggk indonli_id inferbr_pt farstail_fa ntrex_synth_xling mnli_llmsknow_train fm2_dev cad_nli_train".split()


class Encoder:
    def __init__(self, start=None, frozen=0):
        self.model = common.trunk(start and torch.load(start, map_location="cpu"), frozen)
        self.ids = common.Ids(96, "query: ", special=True)

    def vectors(self, texts, size=40 if DEVICE == "cpu" else 256):
        """Unit vectors [texts, 384] float32, differentiable; texts of like length share a padded block."""
        rows = [self.ids[text] for text in texts]
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        blocks = [self.block([rows[i] for i in order[k : k + size]]) for k in range(0, len(order), size)]
        return torch.cat(blocks)[torch.tensor(np.argsort(order), device=DEVICE)]

    def block(self, rows):
        ids, mask = common.pad(rows)
        hidden = self.model(input_ids=ids, attention_mask=mask).last_hidden_state
        mean = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        return torch.nn.functional.normalize(mean.float(), dim=-1)

    def embed(self, texts):
        """Unit vectors [texts, 384] float32."""
        self.model.eval()
        with torch.inference_mode(), common.autocast():
            out = self.vectors(texts).cpu().numpy() if texts else np.zeros((0, 384), np.float32)
        self.model.train()
        return out


def group_batch(groups, rng, count):
    for group in rng.sample(groups, count):
        langs = rng.sample(sorted(group["base"]), 4)
        sides = ["base", "contra", rng.choice(["base", "contra"])]
        yield from ((group[s][l], (group["id"],), l) for s, l in zip(sides, langs))
        yield from ((group["neutral"][l], (group["id"] + "~",), l) for l in rng.sample(langs, 2))


def event_batch(events, rng, count):
    """Sentences of `count` events, up to four a claim; those without a claim as clusters of their own."""
    for event in rng.sample(events, min(count, len(events))):
        used = {}
        for k, (lang, says, text) in enumerate(rng.sample(event["lines"], len(event["lines"]))):
            keys = tuple(event["id"] + claim for claim in says) or (f"{event['id']}~{k}",)
            if all(used.get(key, 0) < 4 for key in keys) and len(used) < 20:
                used.update((key, used.get(key, 0) + 1) for key in keys)
                yield text, keys, lang


def ntrex_batch(lines, document, rng, count):
    total = len(lines["en"][document])
    start = rng.randrange(max(1, total - count))
    for i in range(start, min(total, start + count)):
        first = rng.choice(CORE if rng.random() < 0.6 else WIDE)
        second = rng.choice([l for l in (CORE if rng.random() < 0.5 else WIDE) if l != first])
        yield from ((lines[l][document][i], (f"n{document}:{i}",), l) for l in (first, second))


def contrast(vectors, clusters, langs, temperature=0.05):
    """Mean over anchors of -log softmax of each positive against all texts that share no cluster with the anchor."""
    score = vectors @ vectors.T / temperature
    names = {c: i for i, c in enumerate(dict.fromkeys(c for some in clusters for c in some))}
    member = np.zeros((len(clusters), len(names)), np.float32)
    for row, some in enumerate(clusters):
        member[row, [names[c] for c in some]] = 1
    member = torch.tensor(member, device=score.device)
    lang = torch.tensor([hash(l) % 1_000_003 for l in langs], device=score.device)
    same = member @ member.T > 0
    positive = same & (lang[:, None] != lang[None])
    positive |= same & ~positive.any(1, keepdim=True) & ~torch.eye(len(score), dtype=torch.bool, device=score.device)
    others = torch.logsumexp(score.masked_fill(same, -1e4), 1)
    loss = torch.logaddexp(score, others[:, None].expand_as(score)) - score
    return (loss * positive).sum(1)[positive.any(1)].div(positive.sum(1)[positive.any(1)]).mean()


def evaluate(encoder, lines, documents, held):
    """NTREX nearest translation in hr el pl tr; a conflicting claim nearer than a same-topic neutral one."""
    E = {l: encoder.embed([s for d in documents for s in lines[l][d]]) for l in ("hr", "el", "pl", "tr")}
    pairs = [(a, b) for i, a in enumerate(E) for b in list(E)[i + 1 :]]
    nearest = np.mean([((E[a] @ E[b].T).argmax(1) == np.arange(len(E[a]))).mean() for a, b in pairs])
    rows = [(g, kind, lang) for g in held for kind in ("base", "contra", "neutral") for lang in sorted(g[kind])]
    S = encoder.embed([g[kind][lang] for g, kind, lang in rows])
    S = S @ S.T
    group, kind, lang = (np.array(c) for c in zip(*((g["id"], k, l) for g, k, l in rows)))
    above = []
    for i in np.where(kind == "base")[0]:
        here = (group == group[i]) & (lang != lang[i])
        above.append((S[i][here & (kind == "contra")][:, None] > S[i][here & (kind == "neutral")][None]).mean())
    return f"NTREX nearest {nearest:.4f}; contradiction above same-topic neutral {np.mean(above):.4f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--start")
    parser.add_argument("--out", default=os.path.join(common.WORK, "encoder.pt"))
    parser.add_argument("--rate", type=float, default=7e-5)
    parser.add_argument("--frozen", type=int, default=0, help="first layers that stay as they are; saves time late in training")
    parser.add_argument("--scale", type=int, default=1, help="so many times the sentences in a batch")
    args = parser.parse_args()
    torch.manual_seed(0)
    rng, encoder = random.Random(5), Encoder(args.start, args.frozen)
    lines, documents, unseen = common.ntrex()
    (groups, held), (events, _, _) = common.claim_groups(), common.events()
    pairs = [r[:2] for n in NLI for r in common.nli(n, 6000) if r[2] in ("entailment", "contradiction") and len(r[0]) < 300]
    encoder.ids.keep([text for lang in WIDE for document in documents for text in lines[lang][document]])
    encoder.ids.keep([text for pair in pairs for text in pair] + [text for event in events for _, _, text in event["lines"]])
    encoder.ids.keep([text for group in groups for side in ("base", "contra", "neutral") for text in group[side].values()])
    common.compile_layers(encoder.model)
    weights = [p for p in encoder.model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=args.rate, weight_decay=0.01)
    encoder.model.train()
    clock, step = common.Clock(args.minutes), 0
    while (share := clock.share()) < 1:
        optimizer.param_groups[0]["lr"] = args.rate * min(1, (step + 1) / 40) * (1 - share)
        batch = list(group_batch(groups, rng, 14 * args.scale)) + list(event_batch(events, rng, 2 * args.scale))
        for document in rng.sample(documents, args.scale):
            batch += ntrex_batch(lines, document, rng, 16)
        batch += [(t, (f"i{k}",), f"i{side}") for k, pair in enumerate(rng.sample(pairs, 10 * args.scale)) for side, t in enumerate(pair)]
        with rounding.rounded(encoder.model):
            with common.autocast():
                vectors = encoder.vectors([b[0] for b in batch])
            loss = contrast(vectors, [b[1] for b in batch], [b[2] for b in batch])
            loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        step += 1
        if step % 25 == 0:
            print(f"{step} loss {loss.item():.4f} {clock.spent():.0f} s", flush=True)
        if step % 100 == 0:
            common.save(encoder.model, args.out)
    with rounding.rounded(encoder.model):
        common.save(encoder.model, args.out)
        print("after", evaluate(encoder, lines, unseen, held), flush=True)


if __name__ == "__main__":
    main()
