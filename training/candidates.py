"""Candidate pairs as the program itself finds them: the nearest sentences of another paper on the same event.

Most of them are unrelated although they share names, places and numbers; these are what a judge must tell apart. Most of those again are
easy for a judge that has been trained for a while; its own probabilities (`crossclaim judge`) say which are not. These are drawn more often and
count less in the loss by as much, which on average gives the same gradient with less noise (importance sampling, Katharopoulos and Fleuret 2018).

usage: candidates.py --out work/mined.tsv
       crossclaim judge work/mined.tsv --header --set judge.sure=0 > work/judged.tsv
"""
import argparse
import csv
import os
import random

import numpy as np

import common
import number_words
import pairs
from train_encoder import Encoder

NEAREST = 3
COLUMNS = ("left", "right", "label", "kind", "event")
EASY = 0.15  # weight of a pair that the judge is quite sure of, rightly; one that it is sure of, wrongly, has 1 more
UNKNOWN = 0.2  # probability of other relations where no judge was asked


def mine(events, weights):
    """Rows [left, right, label, conflict type, event]: the nearest NEAREST lines in every other language, both directions."""
    encoder, found = Encoder(weights), []
    encoder.ids.keep(text for event in events for _, _, text in event["lines"])
    vectors = encoder.embed([text for event in events for _, _, text in event["lines"]])
    for event in events:
        own, vectors = np.split(vectors, [len(event["lines"])])
        langs = np.array([lang for lang, _, _ in event["lines"]])
        rows = {lang: np.where(langs == lang)[0] for lang in langs}
        chosen = set()
        for a in rows:
            for b in rows:
                if a != b:
                    near = rows[b][np.argsort(-own[rows[a]] @ own[rows[b]].T, axis=1, kind="stable")[:, :NEAREST]]
                    chosen.update((min(i, j), max(i, j)) for i, some in zip(rows[a].tolist(), near.tolist()) for j in some)
        for i, j in sorted(chosen):
            (_, left, first), (_, right, second) = event["lines"][i], event["lines"][j]
            if not left and not right:
                continue  # both of no claim: they may still say the same
            label, claim = pairs.relation(left, right)
            found.append((first, second, label, pairs.TYPE_INDEX.get(event["types"].get(claim), -1), event["id"]))
    return found


class Mined:
    """Mined pairs by relation, each drawn by its weight."""

    def __init__(self):
        self.rows, self.totals, self.events = {}, {}, set()

    def add(self, row, error=UNKNOWN):
        """A row of `mine` and the probability that the judge gave to other relations."""
        label, weight = row[2], EASY + error
        totals = self.totals.setdefault(label, [])
        self.rows.setdefault(label, []).append((row, weight))
        totals.append(weight + (totals[-1] if totals else 0.0))
        self.events.add(row[4])

    def read(self, path, events):
        """Rows as `crossclaim judge` wrote them, of `events` (ids); where sentences were corrected, the file has to be made anew."""
        with open(path, encoding="utf8", newline="") as file:
            for r in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                if r["event"] in events:
                    label = int(r["label"])
                    right = float(r[("p_agreement", "p_unrelated", "p_contradiction")[label]])
                    self.add((r["left"], r["right"], label, int(r["kind"]), r["event"]), 1 - right)

    def draw(self, rng):
        """One mined pair and its weight in the loss; relations nearer to their real shares than in the other data: 0.18, 0.60, 0.22."""
        label = rng.choices([pairs.AGREEMENT, pairs.UNRELATED, pairs.CONTRADICTION], [0.18, 0.60, 0.22])[0]
        totals = self.totals[label]
        (left, right, label, kind, _), weight = rng.choices(self.rows[label], cum_weights=totals)[0]
        left, right = (left, right) if rng.random() < 0.5 else (right, left)
        return left, right, label, kind, totals[-1] / len(totals) / weight


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", default=os.path.join(common.WORK, "encoder.pt"), help="finds the candidate pairs")
    parser.add_argument("--out", default=os.path.join(common.WORK, "mined.tsv"))
    parser.add_argument("--events", default="", help="only events whose names begin so, several with commas")
    args = parser.parse_args()
    events = common.named(common.events()[0], args.events)
    rows = mine(number_words.sometimes(events, [], random.Random(7))[0], args.encoder)
    with open(args.out, "w", encoding="utf8") as file:
        file.writelines("\t".join(map(str, row)) + "\n" for row in [COLUMNS, *rows])
    print(len(rows), "pairs of", len(events), "events")


if __name__ == "__main__":
    main()
