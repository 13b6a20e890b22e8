"""Borders of splitters written in Python, beside the table of `cargo run` in this folder.

usage: python -m venv .venv; .venv/bin/pip install -r requirements.txt; .venv/bin/python peers.py FOLDER [SET...]

FOLDER holds `*-dev.jsonl`: lines of `{"lang", "text", "sentences": [[start, end], ...]}` in Unicode scalar values; the default
are all sets. F1 in per cent counts the places where a sentence ends, the end of each text left out. `choppa` has LanguageTool's
rules; 0 where it has none for a language. `punkt` takes the parameters of the language where it has some, else those of English.
"""

import json
import pathlib
import sys

import choppa
import nupunkt
import punkt
import segtok.segmenter
import simplemma
import syntok.segmenter

PUNKT = dict(cs="czech", da="danish", de="german", el="greek", es="spanish", et="estonian", fi="finnish", fr="french", it="italian",
             nl="dutch", no="norwegian", pl="polish", pt="portuguese", ru="russian", sl="slovene", sv="swedish", tr="turkish")
RULES = choppa.SrxDocument(ruleset=choppa.DEFAULT_SRX_RULESET)


def by_rules(text, language):
    return choppa.SrxTextIterator(RULES, f"{language}_two", text)


def by_syntok(text, _):
    for paragraph in syntok.segmenter.analyze(text):
        for tokens in paragraph:
            yield text[tokens[0].offset : tokens[-1].offset + len(tokens[-1].value)]


SPLITTERS = dict(
    choppa=by_rules,
    punkt=lambda text, language: punkt.sent_tokenize(text, PUNKT.get(language, "english")),
    simplemma=lambda text, _: simplemma.split_sentences(text),
    syntok=by_syntok,
    nupunkt=lambda text, _: nupunkt.sent_tokenize(text),
    segtok=lambda text, _: segtok.segmenter.split_multi(text),
)


def inner(text, ends):
    """Ends without white space before them, those of nothing and of the text left out."""
    ends = {len(text[:end].rstrip()) for end in ends}
    return {end for end in ends if 0 < end < len(text.rstrip())}


def ends(text, parts):
    """Where parts that come in the order of the text end."""
    at = 0
    for part in (part.strip() for part in parts):
        found = text.find(part, at)
        at = (at if found < 0 else found) + len(part)
        yield at


def f1(rows, split):
    right = both = 0
    for row in rows:
        text, language = row["text"], row["lang"].split("-")[0]
        gold = inner(text, (end for _, end in row["sentences"]))
        found = inner(text, ends(text, split(text, language)))
        right += 2 * len(gold & found)
        both += len(gold) + len(found)
    return 100 * right / max(both, 1)


def main():
    folder, wanted = pathlib.Path(sys.argv[1]), sys.argv[2:]
    print("set", *SPLITTERS, sep="\t")
    for path in sorted(folder.glob("*.jsonl")):
        name = path.stem.replace("-dev", "")
        if not wanted or name in wanted:
            rows = [json.loads(line) for line in path.open(encoding="utf8")]
            print(name, *(f"{f1(rows, split):.2f}" for split in SPLITTERS.values()), sep="\t", flush=True)


if __name__ == "__main__":
    main()
