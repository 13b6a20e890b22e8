"""What 8 bits cost: outputs of a pack, computed by the program, beside those of the weights it was made from, in float32;
with the weights that `unpack.py` takes from the pack, what computing in 8 bits costs and not the rounding of the weights.

usage: crossclaim evaluate --set judge.sure=1 --features work/features.jsonl ...
       precision.py --program ../target/release/crossclaim --encoder work/encoder.pt --judge work/judge.pt [--features work/features.jsonl --thirds work/thirds.json]

Prints the cosine of 10,000 NTREX sentences in 20 languages, and for the judged pairs of the features file the difference of the
probabilities and the quality of both, by the calibration that is fitted to the pack's outputs.
"""
import argparse
import json
import os
import subprocess
import tempfile

import numpy as np
import torch

import calibrate
import common
import train_judge
from thirds import Network
from train_encoder import Encoder

LANGUAGES = "en de hr pl el cs uk ru fr it es tr hu ro fi arb zh-CN ja hi vi".split()
SENTENCES = 500  # of each language


def vectors(args):
    lines, _, _ = common.ntrex()
    texts = [text for lang in LANGUAGES for text in [t for document in lines[lang].values() for t in document][:SENTENCES]]
    encoder = Encoder(args.encoder)
    encoder.model.float().eval()
    encoder.ids.tok.enable_truncation(512)  # as the program, not as in training
    exact, order = np.zeros((len(texts), 384), np.float32), sorted(range(len(texts)), key=lambda i: len(texts[i]))
    with torch.inference_mode():
        for k in range(0, len(order), 64):
            rows = order[k : k + 64]
            exact[rows] = encoder.vectors([texts[i] for i in rows]).cpu().numpy()
    with tempfile.TemporaryDirectory() as folder:
        source, out = os.path.join(folder, "texts"), os.path.join(folder, "vectors.npy")
        with open(source, "w", encoding="utf8") as file:
            file.write("".join(text.replace("\r", " ") + "\n" for text in texts))
        command = [os.path.abspath(args.program), "embed", source, "--out", out]
        subprocess.run(command, check=True, cwd=os.path.join(common.HERE, ".."))
        packed = np.load(out)
    cosine = (exact * packed).sum(1)
    print(f"vectors: cosine of 8 bits with float32: mean {cosine.mean():.4f}, worst {cosine.min():.4f} ({len(texts)} sentences, {len(LANGUAGES)} languages)")


def judgements(args):
    pairs, ids = calibrate.Pairs(args.features), train_judge.token_ids()
    ids.tok.enable_truncation(508)  # as the program, not as in training
    rows = [json.loads(line) for line in open(args.features, encoding="utf8")]
    judge = train_judge.Judge(args.judge)
    both = []
    for a, b in (("left", "right"), ("right", "left")):
        items = train_judge.encode(ids, [(r[a], r[b], 0, -1) for r in rows])
        common.autocast = lambda: torch.autocast(common.DEVICE, enabled=False)
        both.append(np.log(np.maximum(train_judge.probabilities(judge, items)[:, :3], 1e-7)))
    forth, back = both
    column = lambda name: pairs.names.index(name)
    exact = pairs.x.copy()
    for k, name in enumerate(calibrate.RELATIONS):
        exact[:, column(name)] = (forth[:, k] + back[:, k]) / 2
    exact[:, column("one_way_agreement")] = np.abs(forth[:, 0] - back[:, 0])
    exact[:, column("one_way_contradiction")] = np.abs(forth[:, 2] - back[:, 2])
    names = [column(r) for r in calibrate.RELATIONS]
    p, q = calibrate.softmax(pairs.x[:, names]), calibrate.softmax(exact[:, names])
    print(f"judge: difference of probabilities, mean {np.abs(p - q).mean():.4f}, of 99 in 100 below {np.quantile(np.abs(p - q), 0.99):.3f}; "
          f"the same relation in {(p.argmax(1) == q.argmax(1)).mean():.4f} of {len(p)} pairs")
    counted, y = pairs.counted, pairs.y
    one = calibrate.Logistic(pairs.x[counted], y[counted], calibrate.PENALTY)
    network = args.thirds and Network.from_json(json.load(open(args.thirds, encoding="utf8")))
    two = None
    for name, x in (("8 bits", pairs.x), ("float32", exact)):
        pairs.x = x
        evidence = calibrate.Thirds(pairs, np.arange(len(y)), network).evidence(one(x))[counted]
        two = two or calibrate.Logistic(evidence, y[counted], calibrate.PENALTY)
        calibrate.report(name, two(evidence), y[counted])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("program", "encoder", "judge"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--features")
    parser.add_argument("--thirds", help="network of train_thirds.py")
    given = parser.parse_args()
    vectors(given)
    if given.features:
        judgements(given)
