"""What the program sees of the events: every paper of an event becomes an article, and `crossclaim evaluate` judges the event's pairs.

usage: event_features.py [--pack ../models/NAME] [--program ../target/release/crossclaim] [--out work/thirds.jsonl]

Rows are those of `crossclaim evaluate --features`, without texts and evidence and with the event's id; gold comes from the labels of the events, and pairs of two
sentences without a claim are ignored, since these may still say the same. Events that the file has already, from the same program and pack, are not judged
again. The events of `data/events/for_network` are taken, on which the judge was not trained: of others it is far too sure.
"""
import argparse
import concurrent.futures
import csv
import hashlib
import itertools
import json
import os
import subprocess
import tempfile

import common
import pairs

HEADER = "article_a lang_a start_a end_a article_b lang_b start_b end_b claim relation".split()
KEPT = ("gold", "claims", "articles", "features")  # of a row
GAP = "\n\n"


def articles(event):
    """[(name, language, text, [(start, end, claims)])], one for each paper."""
    name = event["id"].replace("-", "_")  # a hyphen ends the event in the name of an article
    papers = []
    for lang, lines in itertools.groupby(event["lines"], key=lambda line: line[0]):
        text, spans = "", []
        for _, says, line in lines:
            text += GAP if text else ""
            spans.append((len(text), len(text) + len(line), says))
            text += line
        papers.append((f"{name}-{lang}", lang, text + "\n", spans))
    return papers


def gold(papers):
    """(rows of related pairs, rows of pairs to ignore)"""
    related, ignored = [], []
    for (a, lang_a, _, left), (b, lang_b, _, right) in itertools.combinations(papers, 2):
        for (start_a, end_a, says), (start_b, end_b, other) in itertools.product(left, right):
            row = [a, lang_a, start_a, end_a, b, lang_b, start_b, end_b]
            label, _ = pairs.relation(says, other)
            if not says and not other:
                ignored.append([*row, "", "agreement"])
            elif label != pairs.UNRELATED:
                related.append([*row, " ".join(set(says) & set(other)), "agreement" if label == pairs.AGREEMENT else "contradiction"])
    return related, ignored


def features(event, program, pack):
    """Rows of one event; `pack`: a folder, or the shipped one."""
    with tempfile.TemporaryDirectory() as folder:
        path = lambda *parts: os.path.join(folder, *parts)
        write([event], folder)
        command = [os.path.abspath(program), "evaluate", "--no-baselines", "--threads", "1", "--articles", path("articles")]
        command += ["--gold", path("gold.csv"), "--ignore", path("ignored.csv"), "--features", path("features.jsonl")]
        command += ["--set", "align.related=0", "--set", "cache.enabled=false", "--quiet"]
        if pack:
            command += ["--set", "model.encoder=" + os.path.abspath(pack), "--set", "model.judge=" + os.path.abspath(pack)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=os.path.join(common.HERE, ".."))
        with open(path("features.jsonl"), encoding="utf8") as file:
            return [{**{name: row[name] for name in KEPT}, "event": event["id"]} for row in map(json.loads, file)]


def fingerprint(program, pack):
    """What the numbers depend on: hashes of the program and, if it is not the shipped one, of the pack's manifest."""
    paths = [program, *([os.path.join(pack, "manifest.json")] if pack else [])]
    return "-".join(hashlib.sha256(open(path, "rb").read()).hexdigest()[:12] for path in paths)


def write(events, folder):
    """The papers as articles in `articles/` and, with the event as `document`, in `articles.jsonl`; gold pairs and pairs to ignore."""
    os.makedirs(os.path.join(folder, "articles"), exist_ok=True)
    path = lambda *parts: os.path.join(folder, *parts)
    rows = {"gold.csv": [HEADER], "ignored.csv": [HEADER]}
    with open(path("articles.jsonl"), "w", encoding="utf8") as lines:
        for event in events:
            papers = articles(event)
            for found, table in zip(gold(papers), rows.values()):
                table += found
            for name, lang, text, _ in papers:
                lines.write(json.dumps(dict(id=name, document=event["id"], language=lang, text=text), ensure_ascii=False) + "\n")
                with open(path("articles", name + ".txt"), "w", encoding="utf8") as file:
                    file.write(text)
    for name, table in rows.items():
        with open(path(name), "w", encoding="utf8", newline="") as file:
            csv.writer(file).writerows(table)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=os.path.join(common.HERE, "..", "target", "release", "crossclaim"))
    parser.add_argument("--pack", help="folder of a pack that is not yet the one that the program ships")
    parser.add_argument("--events", default="", help="other events: those whose names begin so, several with commas")
    parser.add_argument("--write", metavar="FOLDER", help="only writes the events, all held out where none are named, as articles with their gold")
    parser.add_argument("--out", default=os.path.join(common.WORK, "thirds.jsonl"))
    args = parser.parse_args()
    told, held, network = common.events()
    if args.write:
        write(common.named(told + held + network, args.events) if args.events else held + network, args.write)
        return
    source, done = fingerprint(args.program, args.pack), set()
    if os.path.exists(args.out):
        with open(args.out, encoding="utf8") as file:
            for row in map(json.loads, file):
                if row.get("source") != source:
                    raise SystemExit(f"{args.out} has rows of another program or pack: take another file or remove it")
                done.add(row["event"])
    chosen = common.named(told + held + network, args.events) if args.events else network
    events = [e for e in chosen if e["id"] not in done]
    with open(args.out, "a", encoding="utf8") as out, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for number, rows in enumerate(pool.map(lambda event: features(event, args.program, args.pack), events), 1):
            out.writelines(json.dumps({**row, "source": source}, ensure_ascii=False) + "\n" for row in rows)
            out.flush()
            print(f"{number} of {len(events)}: {rows[0]['event']}, {len(rows)} pairs", flush=True)


if __name__ == "__main__":
    main()
