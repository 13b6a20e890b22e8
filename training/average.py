"""Averages the weights of models that were trained one from the other ("model soup", Wortsman et al. 2022).

usage: average.py work/judge.pt work/judge-2.pt --out work/judge-mean.pt
"""
import argparse

import torch


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", nargs="+")
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    states = [torch.load(path, map_location="cpu") for path in args.weights]
    mean = lambda key: sum(state[key] for state in states) / len(states)
    torch.save({key: mean(key) if value.is_floating_point() else value for key, value in states[0].items()}, args.out)


if __name__ == "__main__":
    main()
