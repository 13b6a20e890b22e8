"""Candidate pairs as the program itself finds them: the nearest sentences of another paper on the same event.

Most of them are unrelated although they share names, places and numbers; these are what a judge must tell apart.
"""
import common
import pairs
from train_encoder import Encoder

NEAREST = 3


def mine(events, weights):
    """[left, right, label, conflict type] by label, from the nearest NEAREST lines in every other language, both directions."""
    encoder = Encoder(weights)
    found = {pairs.AGREEMENT: [], pairs.UNRELATED: [], pairs.CONTRADICTION: []}
    for event in events:
        vectors = encoder.embed([text for _, _, text in event["lines"]])
        score = vectors @ vectors.T
        rows = {}
        for i, (lang, _, _) in enumerate(event["lines"]):
            rows.setdefault(lang, []).append(i)
        chosen = set()
        for a in rows:
            for b in rows:
                if a != b:
                    for i in rows[a]:
                        near = sorted(rows[b], key=lambda j: -score[i, j])[:NEAREST]
                        chosen.update((min(i, j), max(i, j)) for j in near)
        for i, j in sorted(chosen):
            (_, left, first), (_, right, second) = event["lines"][i], event["lines"][j]
            if not left and not right:
                continue  # both of no claim: they may still say the same
            label, claim = pairs.relation(left, right)
            found[label].append((first, second, label, pairs.TYPE_INDEX.get(event["types"].get(claim), -1)))
    return found


def draw(found, rng):
    """One mined pair; relations nearer to their real shares than in the other data: 0.18, 0.60, 0.22."""
    label = rng.choices([pairs.AGREEMENT, pairs.UNRELATED, pairs.CONTRADICTION], [0.18, 0.60, 0.22])[0]
    left, right, label, kind = rng.choice(found[label])
    return (left, right, label, kind) if rng.random() < 0.5 else (right, left, label, kind)
