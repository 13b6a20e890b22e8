"""What every training step shares: paths, the base model, data readers, batches, the clock, checkpoints."""
import csv
import functools
import glob
import gzip
import json
import os
import random
import time

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel
from safetensors.torch import load_file

HERE = os.path.dirname(os.path.abspath(__file__))
WORK = os.environ.get("CROSSCLAIM_WORK", os.path.join(HERE, "work"))  # everything made here; ignored by git
SHARED = os.environ.get("CROSSCLAIM_SHARED", os.path.join(HERE, "..", "..", "shared"))  # data that is not redistributed
BASE = os.path.join(WORK, "base")
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
CORE = ("pl", "hr", "el", "de", "en")
torch.set_num_threads(int(os.environ.get("THREADS", os.cpu_count() or 2)))


def autocast():
    """bfloat16 arithmetic where that is faster: on a GPU, and on a processor that wins a short race with it."""
    return torch.autocast(DEVICE, dtype=torch.bfloat16, enabled=DEVICE == "cuda" or bfloat16_wins())


@functools.cache
def bfloat16_wins():
    """Whether a product of the size of a layer takes less time in bfloat16; some processors only emulate it or halve its speed."""

    def seconds(kind, tries=9):
        left, right, best = torch.ones(1024, 384, dtype=kind), torch.ones(384, 1536, dtype=kind), 1.0
        for _ in range(tries):
            start = time.perf_counter()
            left @ right
            best = min(best, time.perf_counter() - start)
        return best

    return seconds(torch.bfloat16) < seconds(torch.float32)


def tokenizer():
    tok = Tokenizer.from_file(os.path.join(BASE, "tokenizer.json"))
    tok.no_padding()
    tok.no_truncation()
    return tok


def trunk(weights=None, frozen=0):
    """The twelve-layer encoder; its token table is the compressed one of `table.py` and stays as it is, and so do the first `frozen` layers.

    `weights` is a state dict without the token table, in place of the base model's.
    """
    state = dict(weights or load_file(os.path.join(BASE, "model.safetensors")))
    state["embeddings.word_embeddings.weight"] = decode_table(load_file(os.path.join(WORK, "table.safetensors")))
    # No dropout on a CPU: its random numbers cost half of a step, and the short runs there see most rows once.
    drop = 0.1 if DEVICE == "cuda" else 0.0
    attention = "sdpa" if DEVICE == "cuda" else "eager"  # the gradient of the fused one takes half of a step on a CPU
    config = BertConfig.from_pretrained(
        BASE, hidden_dropout_prob=drop, attention_probs_dropout_prob=drop, attn_implementation=attention
    )
    model = BertModel(config, add_pooling_layer=False)
    missing = model.load_state_dict(state, strict=False).missing_keys
    assert not missing, missing
    model.embeddings.word_embeddings.weight.requires_grad_(False)
    if frozen:
        model.embeddings.requires_grad_(False)
        model.encoder.layer[:frozen].requires_grad_(False)
    return model.to(DEVICE)


def compile_layers(trunk):
    """For a long training run on a GPU: compiles the layers, once for all of them and for all shapes."""
    if DEVICE == "cuda":
        for layer in trunk.encoder.layer:
            layer.compile(dynamic=True)


def decode_table(parts):
    """codes [tokens, groups] uint8 and books [groups, 256, width] -> table [tokens, groups * width] float32."""
    codes, books = parts["codes"].long(), parts["books"].float()
    return torch.cat([books[g][codes[:, g]] for g in range(codes.shape[1])], 1)


def claim_groups():
    """(train, held out by the list beside them): groups as dicts `id`, `type` and `base`, `contra`, `neutral`, each {language: sentence}."""
    folder, found = os.path.join(HERE, "data", "claimgroups"), []
    for path in sorted(glob.glob(os.path.join(folder, "*", "*.jsonl"))):
        found += [json.loads(line) for line in open(path, encoding="utf8") if line.strip()]
    return apart(found, os.path.join(folder, "held_out"))


def apart(found, path):
    """(those that the file does not name, those that it names)"""
    with open(path, encoding="utf8") as file:
        held = set(file.read().split())
    assert held <= {f["id"] for f in found}, held - {f["id"] for f in found}
    return [f for f in found if f["id"] not in held], [f for f in found if f["id"] in held]


def events():
    """(train, held out, kept for the network over pairs, both by the lists beside them): events as dicts `id`, `types` {claim: type}, `lines` [(language, {claim: variant}, text)]."""
    found = []
    for path in sorted(glob.glob(os.path.join(HERE, "data", "events", "*.txt"))):
        event = lang = None
        for line in open(path, encoding="utf8"):
            line = line.strip()
            if line.startswith("# event:"):
                event, lang = dict(id=line[8:].split("|")[0].strip(), types={}, lines=[]), None
                found.append(event)
            elif line.startswith("@"):
                lang = line[1:].strip()
            elif " | " in line and lang is None:
                name, kind = [p.strip() for p in line.split("|")[:2]]
                event["types"][name] = kind
            elif " | " in line:
                labels, text = line.split(" | ", 1)
                says = dict(l.split("@")[0].split(":") for l in labels.split() if ":" in l)
                event["lines"].append((lang, says, text.strip()))
    found, held = apart(found, os.path.join(HERE, "data", "events", "held_out"))
    train, network = apart(found, os.path.join(HERE, "data", "events", "for_network"))
    return train, held, network


def named(told, prefixes):
    """Events or claim groups whose id begins with one of the prefixes, given with commas between; all where there is none."""
    wanted = tuple(prefix.strip() for prefix in prefixes.split(",") if prefix.strip())
    if idle := [prefix for prefix in wanted if not any(t["id"].startswith(prefix) for t in told)]:
        raise SystemExit(f"nothing has a name that begins with {', '.join(idle)}")
    return [t for t in told if t["id"].startswith(wanted)] if wanted else told


def nli(name, cap=None, folder="train"):
    """Rows (premise, hypothesis, label) of one set, shuffled with a fixed seed."""
    with gzip.open(os.path.join(SHARED, "nli", folder, name + ".tsv.gz"), "rt", encoding="utf8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        rows = [(r["premise"], r["hypothesis"], r["label"]) for r in reader if r["premise"] and r["hypothesis"]]
    random.Random(0).shuffle(rows)
    return rows[:cap] if cap else rows


def ntrex(held=23):
    """language -> {document: [line]}, the documents for training, the documents held out (the last `held`)."""
    lines, order = {}, []
    with gzip.open(os.path.join(SHARED, "alignment", "ntrex.jsonl.gz"), "rt", encoding="utf8") as file:
        for row in map(json.loads, file):
            if row["document"] not in order:
                order.append(row["document"])
            lines.setdefault(row["language"], {})[row["document"]] = row["text"].split("\n")
    return lines, order[:-held], order[-held:]


class Ids(dict):
    """Text -> its token ids, at most `limit`; those of `texts` are kept, others made when asked for."""

    def __init__(self, limit, prefix="", special=False, texts=()):
        self.tok, self.prefix, self.special = tokenizer(), prefix, special
        self.tok.enable_truncation(limit)
        self.keep(texts)

    def keep(self, texts):
        texts = [text for text in set(texts) if text not in self]
        self.update((text, e.ids) for text, e in zip(texts, self.tok.encode_batch([self.prefix + t for t in texts], add_special_tokens=self.special)))

    def __missing__(self, text):
        return self.tok.encode(self.prefix + text, add_special_tokens=self.special).ids


def pad(rows):
    """Lists of token ids -> ids and mask, both [rows, longest] int64."""
    lengths = np.array([len(row) for row in rows])
    ids = np.ones((len(rows), lengths.max()), np.int64)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = row
    mask = np.arange(ids.shape[1]) < lengths[:, None]
    return torch.tensor(ids).to(DEVICE), torch.tensor(mask).long().to(DEVICE)


class Clock:
    """Share of the training budget that is used up; seconds spent before a restart count."""

    def __init__(self, minutes, spent=0.0):
        self.budget, self.start = max(minutes * 60, 1e-9), time.time() - spent

    def spent(self):
        return time.time() - self.start

    def share(self):
        return self.spent() / self.budget


def save(model, path, **extra):
    """Weights without the token table, written to a side file and renamed."""
    state = {k: v.detach().cpu() for k, v in model.state_dict().items() if "word_embeddings" not in k}
    torch.save({**state, **extra} if extra else state, path + ".part")
    os.replace(path + ".part", path)
