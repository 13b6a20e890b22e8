"""Packs trained weights into the folder that the program ships: int8 layers, the compressed token table, the tokenizer.

usage: pack.py --name NAME --encoder W --judge W --card CARD.json [--calibration C] [--table T] [--base DIR] --out DIR

W is a state dict, `.pt` or `.safetensors`, without the token table: `encoder` with BertModel's names; `judge` with the
trunk under `b.`, the dense layer `d`, the relation head `c` and, if trained, the conflict type head `t`.
CARD.json gives `licence`, `base_model`, `training_data`, `scores`, `conflict_types`; it goes into the manifest.

DIR/NAME then holds (all little-endian; every tensor starts at a multiple of 64 bytes where its size allows):
  manifest.json         what the model is, its shape, every file with its size and SHA-256
  table.safetensors     codes [tokens, groups] uint8, books [groups, 256, width] float16 (see table.py)
  encoder.safetensors   layers as below
  judge.safetensors     layers as below, dense.* and heads
  tokenizer.zst         Zstandard over a safetensors file: pieces, their lengths, scores [8, pieces] (the bytes of float64,
                        first the lowest byte of all), charsmap (SentencePiece's normalization)
  calibration.json      how the judge's logits become probabilities (see calibrate.py)
  expected.json         sentences and pairs with the float32 outputs of PyTorch, for the tests of the int8 inference

Layer i: `layer.i.{qkv,attention_output,intermediate,output}` with
  .weight int8 [out/16, in/4, 16, 4]: w[n, k] lies at [n/16, k/4, n%16, k%4]; .scale float32 [out]; .bias float32 [out];
  .sum int32 [out]: the sum of a row's int8 weights. `qkv` stacks query, key and value.
"""
import argparse
import hashlib
import json
import os
import random
import struct

import numpy as np
import torch
import zstandard
from safetensors.torch import load_file

import common
import pairs
import rounding
import train_encoder
import train_judge

KINDS = {"int8": "I8", "uint8": "U8", "int32": "I32", "float16": "F16", "float32": "F32"}
SENTENCES = [
    "The flood killed fifteen people in the valley on Monday, the ministry said.",
    "Powódź zabiła w poniedziałek piętnaście osób w dolinie, podało ministerstwo.",
    "Poplava je u ponedjeljak usmrtila petnaest ljudi u dolini, priopćilo je ministarstvo.",
    "Η πλημμύρα σκότωσε δεκαπέντε ανθρώπους στην κοιλάδα τη Δευτέρα, ανακοίνωσε το υπουργείο.",
    "Bei dem Hochwasser kamen am Montag im Tal fünfzehn Menschen ums Leben, teilte das Ministerium mit.",
    "Forty people died in the valley.",
    "W dolinie zginęło czterdzieści osób.",
    "Središnja banka snizila je kamatnu stopu na 3,25 posto.",
    "Η κεντρική τράπεζα διατήρησε αμετάβλητα τα επιτόκια, παρά τις προβλέψεις των αναλυτών.",
    "Die Zentralbank senkte den Leitzins um einen Viertelpunkt.",
    "Parliament voted against the bill by 212 votes to 198, after a debate that lasted until three in the morning.",
    "Nein.",
]
PAIRS = [(0, 5), (4, 5), (1, 6), (0, 1), (2, 3), (7, 9), (8, 9), (10, 11), (3, 8), (5, 0), (9, 7), (6, 4)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("name", "encoder", "judge", "card", "out"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--base", default=common.BASE)
    parser.add_argument("--table", default=os.path.join(common.WORK, "table.safetensors"))
    parser.add_argument("--calibration", help="of calibrate.py; without it probabilities are the judge's own")
    given = parser.parse_args()
    folder = os.path.join(given.out, given.name)
    os.makedirs(folder, exist_ok=True)

    encoder, judge = state(given.encoder), state(given.judge)
    heads = {k: v for k, v in judge.items() if not k.startswith("b.")}
    judge = {k[2:]: v for k, v in judge.items() if k.startswith("b.")}
    parts = {k: v.numpy() for k, v in load_file(given.table).items()}
    models = [model(given.base, load_file(given.table), weights) for weights in (encoder, judge)]
    inputs = [sentence_inputs(), pair_inputs()]
    files = {
        "table.safetensors": safetensors(parts),
        "encoder.safetensors": safetensors(trunk(encoder, rounding.grams(models[0], inputs[0]))),
        "judge.safetensors": safetensors({**trunk(judge, rounding.grams(models[1], inputs[1])), **head_tensors(heads)}),
    }
    files["tokenizer.zst"], tokenizer = pack_tokenizer(os.path.join(given.base, "tokenizer.json"))
    files["expected.json"] = expected(given.base, models, heads)
    if given.calibration:
        files["calibration.json"] = open(given.calibration, "rb").read()
    for name, data in files.items():
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)

    config = json.load(open(os.path.join(given.base, "config.json"), encoding="utf8"))
    manifest = dict(format=2, name=given.name, **json.load(open(given.card, encoding="utf8")))
    manifest["shape"] = dict(
        hidden=config["hidden_size"], layers=config["num_hidden_layers"], heads=config["num_attention_heads"],
        intermediate=config["intermediate_size"], positions=config["max_position_embeddings"],
        tokens=len(parts["codes"]), epsilon=config["layer_norm_eps"])
    manifest["encoder"] = dict(prefix="query: ")
    manifest["tokenizer"] = tokenizer
    manifest["files"] = {n: dict(bytes=len(d), sha256=hashlib.sha256(d).hexdigest()) for n, d in files.items()}
    if "t.weight" in heads and len(manifest.get("conflict_types", [])) != len(heads["t.weight"]):
        raise SystemExit(f"the card names {len(manifest.get('conflict_types', []))} conflict types, the head has {len(heads['t.weight'])}")
    with open(os.path.join(folder, "manifest.json"), "w", encoding="utf8") as file:
        json.dump(manifest, file, indent=1, ensure_ascii=False)
        file.write("\n")
    for name, data in files.items():
        print(f"{len(data) / 1e6:8.2f} MB  {name}")
    print(f"{sum(map(len, files.values())) / 1e6:8.2f} MB  together")


def state(path):
    weights = load_file(path) if path.endswith(".safetensors") else torch.load(path, map_location="cpu")
    return {k: v.float() for k, v in weights.items() if torch.is_tensor(v) and "word_embeddings" not in k}


def model(base, table, weights):
    """BertModel in float32 with the compressed token table."""
    from transformers import BertConfig, BertModel

    made = BertModel(BertConfig.from_pretrained(base), add_pooling_layer=False).eval()
    made.load_state_dict({**weights, "embeddings.word_embeddings.weight": common.decode_table(table)}, strict=False)
    return made


def sentence_inputs(size=40):
    """Batches (arguments, mask) of sentences in many languages, for the rounding of the encoder."""
    lines, documents, _ = common.ntrex()
    rng, tok = random.Random(11), common.tokenizer()
    texts = [rng.choice(lines[lang][rng.choice(documents)]) for lang in train_encoder.WIDE for _ in range(6)]
    texts += [text for event in rng.sample(common.events()[0], 60) for _, _, text in rng.sample(event["lines"], 6)]
    rows = sorted((encoded.ids for encoded in tok.encode_batch(["query: " + text for text in texts])), key=len)
    for k in range(0, len(rows), size):
        ids, mask = common.pad(rows[k : k + size])
        yield dict(input_ids=ids.cpu()), mask.bool().cpu()


def pair_inputs(count=600):
    """The same of pairs of the events, for the rounding of the judge."""
    events, rng = common.events()[0], random.Random(12)
    rows = [pairs.event_pair(events, rng) for _ in range(count)]
    for items in train_judge.batches(train_judge.encode(train_judge.token_ids(), rows), tokens=1500):
        ids, types = train_judge.batch(items)[:2]
        yield dict(input_ids=ids, token_type_ids=types), torch.ones_like(ids, dtype=torch.bool)


def trunk(weights, grams):
    """A BertModel's state -> the tensors of the pack, without the token table; `grams` as `rounding.grams` gives them."""
    get = lambda name: weights[name].numpy()
    tensors, layer = {}, 0
    while f"encoder.layer.{layer}.output.dense.weight" in weights:
        old, new = f"encoder.layer.{layer}.", f"layer.{layer}."
        stacked = [old + f"attention.self.{part}." for part in ("query", "key", "value")]
        for name, sources in (
            ("qkv", stacked),
            ("attention_output", [old + "attention.output.dense."]),
            ("intermediate", [old + "intermediate.dense."]),
            ("output", [old + "output.dense."]),
        ):
            weight = np.concatenate([get(s + "weight") for s in sources])
            bias = np.concatenate([get(s + "bias") for s in sources])
            tensors.update(quantize(new + name, weight, bias, grams[sources[0][:-1]]))
        for name, source in (("attention_norm", "attention.output.LayerNorm."), ("output_norm", "output.LayerNorm.")):
            tensors[new + name + ".weight"] = get(old + source + "weight")
            tensors[new + name + ".bias"] = get(old + source + "bias")
        layer += 1
    tensors["embeddings.positions"] = get("embeddings.position_embeddings.weight").astype(np.float16)
    tensors["embeddings.types"] = get("embeddings.token_type_embeddings.weight").astype(np.float16)
    tensors["embeddings.norm.weight"] = get("embeddings.LayerNorm.weight")
    tensors["embeddings.norm.bias"] = get("embeddings.LayerNorm.bias")
    return tensors


def quantize(name, weight, bias, gram):
    """weight [out, in] float32 -> int8 with one scale per row of the matrix, in the order that the kernels read."""
    whole, scale = rounding.compensated(weight, gram)
    rows, columns = whole.shape
    blocks = whole.reshape(rows // 16, 16, columns // 4, 4).transpose(0, 2, 1, 3)
    return {name + ".weight": blocks, name + ".scale": scale, name + ".bias": bias.astype(np.float32),
            name + ".sum": whole.sum(1, dtype=np.int32)}


def head_tensors(heads):
    """Dense layer [in, out] float16, heads [classes, in] float32."""
    tensors = {"dense.weight": heads["d.weight"].numpy().T.astype(np.float16), "dense.bias": heads["d.bias"].numpy()}
    for old, new in (("c", "relation"), ("t", "conflict")):
        if old + ".weight" in heads:
            tensors[new + ".weight"] = heads[old + ".weight"].numpy()
            tensors[new + ".bias"] = heads[old + ".bias"].numpy()
    return tensors


def safetensors(tensors):
    """The bytes of a safetensors file: largest alignment first, the header padded so that the data start at 64."""
    order = sorted(tensors, key=lambda name: (tensors[name].nbytes % 64 != 0, tensors[name].dtype.name != "int8", name))
    header, at = {}, 0
    for name in order:
        tensor = tensors[name]
        header[name] = dict(dtype=KINDS[tensor.dtype.name], shape=list(tensor.shape), data_offsets=[at, at + tensor.nbytes])
        at += tensor.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-(len(text) + 8) % 64)
    return struct.pack("<Q", len(text)) + text + b"".join(np.ascontiguousarray(tensors[name]).tobytes() for name in order)


def pack_tokenizer(path):
    """tokenizer.json of an XLM-RoBERTa unigram model -> compressed file, entry of the manifest."""
    import base64

    data = json.load(open(path, encoding="utf8"))
    model, steps = data["model"], data["normalizer"]["normalizers"]
    plain = [model["type"] == "Unigram", not model.get("byte_fallback"), steps[0]["type"] == "Precompiled",
             [(s["type"], s.get("pattern"), s.get("content")) for s in steps[1:]] == [("Replace", {"Regex": " {2,}"}, " ")],
             data["pre_tokenizer"]["type"] == "Metaspace", data["pre_tokenizer"].get("prepend_scheme", "always") == "always"]
    if not all(plain):
        raise SystemExit(f"{path}: not a tokenizer of XLM-RoBERTa's kind")
    pieces = [piece.encode() for piece, _ in model["vocab"]]
    tensors = dict(
        pieces=np.frombuffer(b"".join(pieces), np.uint8),
        lengths=np.array([len(piece) for piece in pieces], np.uint8),
        scores=np.array([score for _, score in model["vocab"]], "<f8").view(np.uint8).reshape(-1, 8).T,
        charsmap=np.frombuffer(base64.b64decode(steps[0]["precompiled_charsmap"]), np.uint8))
    added = {token["content"]: token["id"] for token in data["added_tokens"]}
    entry = dict(unknown=model["unk_id"], start=added["<s>"], end=added["</s>"], added=added)
    return zstandard.ZstdCompressor(level=19).compress(safetensors(tensors)), entry


@torch.no_grad()
def expected(base, models, heads):
    """Float32 vectors of SENTENCES and logits of PAIRS, with the compressed token table."""
    from tokenizers import Tokenizer

    tok = Tokenizer.from_file(os.path.join(base, "tokenizer.json"))
    vectors, logits, types = [], [], []
    for sentence in SENTENCES:
        ids = tok.encode("query: " + sentence).ids
        mean = models[0](input_ids=torch.tensor([ids])).last_hidden_state[0].mean(0)
        vectors.append((mean / mean.norm()).tolist())
    for left, right in PAIRS:
        left, right = tok.encode(SENTENCES[left]).ids, [2] + tok.encode(SENTENCES[right]).ids[1:]
        kinds = torch.tensor([[0] * (len(left) + 1) + [1] * (len(right) - 1)])
        hidden = models[1](input_ids=torch.tensor([left + right]), token_type_ids=kinds).last_hidden_state[0]
        dense = torch.tanh(torch.cat([hidden[0], hidden.mean(0)]) @ heads["d.weight"].T + heads["d.bias"])
        logits.append((dense @ heads["c.weight"].T + heads["c.bias"]).tolist())
        if "t.weight" in heads:
            types.append((dense @ heads["t.weight"].T + heads["t.bias"]).tolist())
    pairs = [[SENTENCES[left], SENTENCES[right]] for left, right in PAIRS]
    rounded = lambda rows: [[round(x, 6) for x in row] for row in rows]
    data = dict(sentences=SENTENCES, vectors=rounded(vectors), pairs=pairs, logits=rounded(logits), conflict_logits=rounded(types))
    return (json.dumps(data, ensure_ascii=False) + "\n").encode()


if __name__ == "__main__":
    main()
