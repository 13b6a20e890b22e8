"""Writes NTREX lines, joined by spaces, in the form of the splitting sets: borders for languages without a free treebank.

usage: sentence_lines.py OUT_FOLDER      writes OUT_FOLDER/lines-xx.jsonl; a line may hold two sentences, so only its end is sure
"""
import json
import os
import sys

import common

LANGUAGES = "pl el hr de en uk bg hu it et he hi cs sk sl sr-Latn mk tr ru es fr pt ro nl sv da lt lv fi ar fa".split()
NAMES = {"sr-Latn": "sr"}

if __name__ == "__main__":
    lines, documents, _ = common.ntrex()
    for language in LANGUAGES:
        if language not in lines:
            continue
        code = NAMES.get(language, language)
        with open(os.path.join(sys.argv[1], f"lines-{code}.jsonl"), "w", encoding="utf8") as out:
            for document in documents:
                text, spans = "", []
                for line in lines[language][document]:
                    start = len(text)
                    text += line.strip() + " "
                    spans.append([start, len(text) - 1])
                out.write(json.dumps(dict(lang=code, text=text.rstrip(), sentences=spans), ensure_ascii=False) + "\n")
