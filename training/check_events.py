"""Checks the form of event files: claims and their types, labels, variants that nobody tells. Prints faults with path and line.

usage: check_events.py [data/events/KK-1.txt …]      without files all of data/events; exits with 1 if there is a fault
"""
import glob
import os
import re
import sys

import common
import pairs

LABEL = re.compile(r"(c\d+):(v\d)(@\S+)?")
CLAIM = re.compile(r"(c\d+) \| (\w[\w/]*) \| (v\d: [^|]+(?: \| v\d: [^|]+)*)")


def check(path):
    """Yields (line number, fault) of one file."""
    lang, claims, texts = None, {}, set()  # claims: (claim, variant) -> line of the claim, until a sentence tells it
    with open(path, encoding="utf8") as file:
        for number, line in enumerate([*map(str.strip, file), "# event:"], 1):
            if line.startswith("# event:"):
                yield from ((at, f"nobody tells {claim}:{variant}") for (claim, variant), at in claims.items() if at)
                lang, claims, texts = None, {}, set()
            elif line.startswith("@"):
                lang = line[1:].strip()
            elif line and lang is None:
                found = CLAIM.fullmatch(line)
                if not found or found[2] not in {"single", *pairs.TYPE_INDEX}:
                    yield number, "not `cN | type | v1: … | v2: …` with a type of pairs.TYPE_OF, nor `cN | single | v1: …`"
                elif (found[2] == "single") == (" | " in found[3]) or any(claim == found[1] for claim, _ in claims):
                    yield number, "a single claim with a rival, another without, or a number of a claim twice"
                else:
                    claims.update(((found[1], part.split(":")[0]), number) for part in found[3].split(" | "))
            elif line:
                labels, bar, text = line.partition(" | ")
                # What follows a space in a speaker's name has no colon.
                told = [LABEL.fullmatch(label) for label in labels.split() if ":" in label]
                stray = re.search(r"(^|\s)c\d+(v\d|\s|$)", labels)
                if stray or not bar or not (told or labels == "-") or not all(label and (label[1], label[2]) in claims for label in told):
                    yield number, "not `labels | sentence` with labels of the event's claims, such as c1:v2@Speaker, or - for none"
                    continue
                if len({label[1] for label in told}) < len(told):
                    yield number, "one claim twice in a sentence"
                if text in texts:
                    yield number, "the same sentence twice"
                texts.add(text)
                claims.update(((label[1], label[2]), 0) for label in told)


def main():
    if any(argument.startswith("-") for argument in sys.argv[1:]):
        raise SystemExit(__doc__)
    paths = sys.argv[1:] or sorted(glob.glob(os.path.join(common.HERE, "data", "events", "*.txt")))
    faults = [f"{path}:{number}: {fault}" for path in paths for number, fault in check(path)]
    print("\n".join(faults) or f"{len(paths)} files without a fault")
    raise SystemExit(bool(faults))


if __name__ == "__main__":
    main()
