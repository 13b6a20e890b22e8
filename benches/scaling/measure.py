"""What a run costs as the news grows: a table on the standard output, one row a corpus.

usage: measure.py NTREX.jsonl.gz [SIZE...] [--program CROSSCLAIM] [--set KEY=VALUE]... [--unchecked] [--cache DIR] [--repeat 1] [--work DIR]

SIZE is LANGUAGESxDOCUMENTS, as 21x123: the first so many languages (the 21 of docs/scaling.md come first) and documents of NTREX-128, an
article for each of both. More documents are more events; more languages are larger events. The default is 21x123 42x123 128x123.
Judging is left out (`judge.max_pairs=1`) unless --set says otherwise.

For each size four runs: one with every hundredth article left out and no cache, one with all articles upon that cache (new_seconds), one
more of the same (second_seconds), and one with all articles and no cache (the other columns). `same` says whether all files of the run
with new articles and of the second one are those of the last, byte for byte (run.json and settings.toml hold times and paths).
With --unchecked the last run is left out: the other columns are those of the first one.
With --cache there is one run for each size, which takes the vectors that this folder keeps: for the growth of the other stages alone; the
fastest of --repeat runs is printed. Seconds are wall time; peak_mb is the largest resident memory of the process.
"""
import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
FIRST = "bg cs de el en es fi fr hr hu it nl pl pt ro ru sk sl sv tr uk".split()
STAGES = ["split", "claims", "embed", "relate", "align", "judge", "group"]
COUNTS = ["articles", "claims", "related", "candidates"]
COLUMNS = ["languages", "documents", *COUNTS, *(f"{s}_s" for s in STAGES), "seconds", "peak_mb", "second_seconds", "new_seconds", "same"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ntrex")
    parser.add_argument("sizes", nargs="*", default=["21x123", "42x123", "128x123"])
    parser.add_argument("--program", default=os.path.join(ROOT, "target/release/crossclaim"))
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument("--unchecked", action="store_true")
    parser.add_argument("--cache")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--work")
    given = parser.parse_args()
    with gzip.open(given.ntrex, "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    languages = FIRST + sorted({a["language"] for a in articles} - set(FIRST))
    documents = list(dict.fromkeys(a["document"] for a in articles))
    print("\t".join(COLUMNS), flush=True)
    for size in given.sizes:
        count, events = map(int, size.split("x"))
        chosen, told = set(languages[:count]), set(documents[:events])
        kept = [a for a in articles if a["language"] in chosen and a["document"] in told]
        with tempfile.TemporaryDirectory(dir=given.work) as folder:
            row = measure(given, kept, folder)
        row |= {"languages": count, "documents": events}
        print("\t".join(cell(row.get(column, "")) for column in COLUMNS), flush=True)


def cell(value):
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def measure(given, articles, folder):
    """Numbers of the runs on some articles."""
    every, most = (os.path.join(folder, name) for name in ("every.jsonl", "most.jsonl"))
    write(every, articles)
    if given.cache:
        runs = [run(given, every, given.cache, os.path.join(folder, str(i))) for i in range(given.repeat)]
        return min(runs, key=lambda row: row["relate_s"] + row["align_s"])
    write(most, [a for i, a in enumerate(articles) if i % 100 != 50])
    cache, out = os.path.join(folder, "cache"), lambda name: os.path.join(folder, name)
    first = run(given, most, cache, out("most"))
    new = run(given, every, cache, out("new"))
    second = run(given, every, cache, out("second"))
    more = {"second_seconds": second["seconds"], "new_seconds": new["seconds"]}
    if given.unchecked:
        return first | more
    shutil.rmtree(cache)
    row = run(given, every, cache, out("full"))
    same = all(files(out(name)) == files(out("full")) for name in ("new", "second"))
    return row | more | {"same": "yes" if same else "no"}


def write(path, articles):
    with open(path, "w", encoding="utf-8") as out:
        out.writelines(json.dumps(a, ensure_ascii=False) + "\n" for a in articles)


def run(given, articles, cache, out):
    """One run: counts, seconds of the stages and of the process, peak memory."""
    settings = ["judge.max_pairs=1", f"cache.dir={cache}", *given.set]
    command = [given.program, "run", articles, "--out", out, "-q", *(word for s in settings for word in ("--set", s))]
    start = time.monotonic()
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    seconds = time.monotonic() - start
    if status:
        sys.exit(f"{' '.join(command)} ended with {status}")
    with open(os.path.join(out, "run.json"), encoding="utf-8") as file:
        about = json.load(file)
    row = {count: about[count] for count in COUNTS} | {f"{stage}_s": about["seconds"][stage] for stage in STAGES}
    return row | {"seconds": seconds, "peak_mb": used.ru_maxrss * 1024 // 10**6}


def files(folder):
    """Bytes of every file of a run but the two that hold times and paths."""
    found = {}
    for place, _, names in os.walk(folder):
        for name in names:
            if name not in ("run.json", "settings.toml"):
                path = os.path.join(place, name)
                with open(path, "rb") as file:
                    found[os.path.relpath(path, folder)] = file.read()
    return found


if __name__ == "__main__":
    main()
