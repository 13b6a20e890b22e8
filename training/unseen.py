"""The sample corpus end to end, each event judged with a calibration that has not seen it.

usage: unseen.py [--pack ../models/NAME] [--without work/without] [--program ../target/release/crossclaim]

`--without` is the folder that `calibrate.py --without` writes. `crossclaim evaluate` runs once for each event, on the event's articles and gold pairs; printed are
P and R of all runs together with 95 % intervals, by event, language, pair of languages and kind of conflict. `evaluate` on the whole corpus judges news that the
network and the logistic regressions were fitted on.
"""
import argparse
import collections
import csv
import hashlib
import json
import os
import shutil
import subprocess
import tempfile

import common
from calibrate import RELATIONS

CORPUS = os.path.join(common.HERE, "..", "corpus")
COUNTS = ("gold", "predicted", "right", "found")


def pack_with(calibration, pack, folder):
    """A pack in `folder` that differs from another only in its calibration."""
    for name in os.listdir(pack):
        os.symlink(os.path.join(os.path.abspath(pack), name), os.path.join(folder, name))
    for name in ("calibration.json", "manifest.json"):
        os.remove(os.path.join(folder, name))
    shutil.copy(calibration, os.path.join(folder, "calibration.json"))
    data = open(calibration, "rb").read()
    manifest = json.load(open(os.path.join(pack, "manifest.json"), encoding="utf8"))
    manifest["files"]["calibration.json"] = dict(bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
    with open(os.path.join(folder, "manifest.json"), "w", encoding="utf8") as file:
        json.dump(manifest, file)


def rows_of(event, name, folder):
    """The event's rows of a file in corpus/gold, as a file of their own."""
    with open(os.path.join(CORPUS, "gold", name), encoding="utf8", newline="") as file:
        head, *rows = csv.reader(file)
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf8", newline="") as file:
        csv.writer(file).writerows([head, *(row for row in rows if row[head.index("event")] == event)])
    return path


def scores(event, calibration, args):
    """({(pair of languages, relation): counts}, {kind of conflict: counts}) of one event."""
    with tempfile.TemporaryDirectory() as folder:
        pack = os.path.join(folder, "pack")
        os.mkdir(pack)
        pack_with(calibration, args.pack, pack)
        command = [os.path.abspath(args.program), "evaluate", "--no-baselines", "--quiet", "--articles", os.path.join(CORPUS, event), "--out", folder]
        shutil.copy(os.path.join(CORPUS, "gold", "pair_claims.csv"), folder)  # the kinds of conflict
        command += ["--gold", rows_of(event, "gold_pairs.csv", folder), "--ignore", rows_of(event, "implied_pairs.csv", folder)]
        command += ["--set", "model.encoder=" + pack, "--set", "model.judge=" + pack, "--set", "cache.enabled=false"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        with open(os.path.join(folder, "scorecard.json"), encoding="utf8") as file:
            system = json.load(file)["systems"][0][1]
    found = {}
    for languages, relations in system["by_language"].items():
        for relation, row in zip(RELATIONS[::2], relations):
            found[languages, relation] = collections.Counter({name: row[name] for name in COUNTS})
    return found, {kind: collections.Counter(gold=gold, found=right) for kind, (gold, right) in system["by_kind"].items()}


def share(right, of):
    """Share with its 95 % interval (Wilson) and what it is of."""
    if not of:
        return "-"
    p, z = right / of, 1.96
    middle, half = p + z * z / (2 * of), z * (p * (1 - p) / of + z * z / (4 * of * of)) ** 0.5
    low, high = ((middle + side * half) / (1 + z * z / of) for side in (-1, 1))
    return f"{p:.2f} ({low:.2f} to {high:.2f}; {of})"


def line(name, tallies):
    parts = []
    for relation in RELATIONS[::2]:
        n = tallies[relation]
        f1 = (n["right"] + n["found"]) / max(1, n["predicted"] + n["gold"])
        parts.append(f"{relation} P {share(n['right'], n['predicted']):25s} R {share(n['found'], n['gold']):25s} F1 {f1:.3f}")
    return f"{name:10s} " + "   ".join(parts)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", required=True)
    parser.add_argument("--without", default=os.path.join(common.WORK, "without"))
    parser.add_argument("--program", default=os.path.join(common.HERE, "..", "target", "release", "crossclaim"))
    args = parser.parse_args()
    events = sorted(name[:-5] for name in os.listdir(args.without))
    tallies, kinds = collections.defaultdict(lambda: collections.defaultdict(collections.Counter)), collections.defaultdict(collections.Counter)
    for event in events:
        found, by_kind = scores(event, os.path.join(args.without, event + ".json"), args)
        for (languages, relation), counts in found.items():
            for name in {"all", event, languages, *languages.split("-")}:
                tallies[name][relation] += counts
        for kind, counts in by_kind.items():
            kinds[kind] += counts
        print(line(event, tallies[event]), flush=True)
    for name in ("all", *sorted(set(tallies) - {"all", *events}, key=lambda name: (len(name), name))):
        print(line(name, tallies[name]))
    for kind, counts in kinds.items():
        print(f"{kind:15s} R {share(counts['found'], counts['gold'])}")


if __name__ == "__main__":
    main()
