"""Writes sets for training in the form of the splitting sets: {"lang", "text", "sentences": [[start, end], ...]}.

usage: prepare.py OUT NTREX.jsonl.gz

`own-LANG.jsonl` from `examples/`, `lines-LANG.jsonl` from lines of NTREX-128 (one sentence a line) joined by spaces.
"""

import collections
import gzip
import json
import pathlib
import sys

MORE = "pl hr el de hu uk tr".split()
LANGUAGES = MORE + """cs sk sl sr-Latn sr-Cyrl mk bg ru be nl en da nb sv is fi et lv lt ro it fr es pt hy ka arb fa hi ur ja
zh-CN ko vi""".split()


def joined(language, sentences):
    text, spans = "", []
    for sentence in sentences:
        text += " " if text else ""
        spans.append([len(text), len(text) + len(sentence)])
        text += sentence
    return json.dumps({"lang": language, "text": text, "sentences": spans}, ensure_ascii=False) + "\n"


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for path in sorted((pathlib.Path(__file__).parent / "examples").glob("*.txt")):
        lines = [line for line in path.read_text(encoding="utf8").splitlines() if line and not line.startswith("#")]
        rows = [joined(path.stem, line.split(" ¦ ")) for line in lines]
        (out / f"own-{path.stem}.jsonl").write_text("".join(rows), encoding="utf8")
    rows = collections.defaultdict(list)
    for line in gzip.open(sys.argv[2], "rt", encoding="utf8"):
        row = json.loads(line)
        language = row["language"]
        if language in LANGUAGES and len(rows[language]) < (40 if language in MORE else 12):
            sentences = [part.strip() for part in row["text"].split("\n") if part.strip()]
            rows[language].append(joined(language, sentences))
    for language, texts in rows.items():
        (out / f"lines-{language}.jsonl").write_text("".join(texts), encoding="utf8")


if __name__ == "__main__":
    main()
