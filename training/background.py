"""Draws the sentences from which the language means of foreign encoders are estimated.

usage: background.py > ../src/embed/background.tsv      language, tab, sentence; from `data/events` and `data/claimgroups` (CC0)
"""
import glob
import json
import os
import random

import common

SENTENCES = 100  # of each language


def main():
    train, held, network = common.events()
    lines = {}
    for event in train + held + network:
        for lang, _, text in event["lines"]:
            lines.setdefault(lang, []).append(text)
    for path in sorted(glob.glob(os.path.join(common.HERE, "data", "claimgroups", "H", "*.jsonl"))):
        for group in map(json.loads, open(path, encoding="utf8")):
            for side in ("base", "contra", "neutral"):
                for lang, text in group[side].items():
                    if lang not in common.CORE:
                        lines.setdefault(lang, []).append(text)
    for lang in sorted(lang for lang, texts in lines.items() if len(texts) >= SENTENCES):
        for text in random.Random(lang).sample(lines[lang], SENTENCES):
            print(lang, text, sep="\t")


if __name__ == "__main__":
    main()
