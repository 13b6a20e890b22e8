"""The network that hears what the pairs of an event tell of one another; `src/judge/network.rs` computes the same.

A pair's state comes from its own features. In each round it hears triangles (two other pairs that close one with it), rivals (pairs of one
of its claims with the other's article) and support (pairs of its claims with further articles): message passing (Gilmer et al. 2017).
"""
import collections

import numpy as np
import torch

WIDTH, ROUNDS, FARTHEST, LEAST = 24, 2, 6.0, -11.5


def graph(claims, articles):
    """Claims and articles of pairs [pairs, 2] -> triangles [3, n], rivals [2, n], support [2, n]: the pair that hears, and whom."""
    near, triangles, rivals, support = collections.defaultdict(list), [], [], []
    for i, ((a, b), (home_a, home_b)) in enumerate(zip(claims.tolist(), articles.tolist())):
        near[a].append((b, i, home_b))
        near[b].append((a, i, home_a))
    for i, ((a, b), (home_a, home_b)) in enumerate(zip(claims.tolist(), articles.tolist())):
        to = {claim: k for claim, k, _ in near[b]}
        triangles += [(i, k, to[claim]) for claim, k, _ in near[a] if claim in to]
        for own, partner, other_home in ((a, b, home_b), (b, a, home_a)):
            for claim, k, home in near[own]:
                if claim != partner:
                    (rivals if home == other_home else support).append((i, k))
    columns = lambda rows, width: torch.tensor(np.array(rows, int).reshape(-1, width).T)
    return columns(triangles, 3), columns(rivals, 2), columns(support, 2)


def root(x):
    return torch.sqrt(x + 1) - 1


class Round(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.link, self.product, self.rival, self.support = (torch.nn.Linear(width, width) for _ in range(4))
        self.update = mlp(6 * width + 1, 2 * width, width)

    def forward(self, state, triangles, rivals, support):
        own = state / (1 + state.abs())
        link, product = self.link(own), self.product(own)
        rival, other = torch.relu(self.rival(own))[rivals[1]], torch.relu(self.support(own))[support[1]]
        message = torch.relu(link[triangles[1]] + link[triangles[2]] + product[triangles[1]] * product[triangles[2]])
        total = lambda rows, values: root(torch.zeros(len(own), values.shape[1]).index_add(0, rows, values))
        most = lambda rows, values: torch.zeros_like(own).scatter_reduce(0, rows[:, None].expand_as(values), values, "amax")
        heard = [own, total(triangles[0], message), most(triangles[0], message), most(rivals[0], rival)]
        heard += [most(support[0], other), total(support[0], other), total(triangles[0], torch.ones(triangles.shape[1], 1))]
        return state + self.update(torch.cat(heard, 1))


class Network(torch.nn.Module):
    def __init__(self, features, mean, spread, width=WIDTH, rounds=ROUNDS):
        super().__init__()
        self.features = features
        self.register_buffer("mean", torch.as_tensor(mean, dtype=torch.float32))
        self.register_buffer("spread", torch.as_tensor(spread, dtype=torch.float32))
        self.input, self.skip = mlp(len(features), 2 * width, width), torch.nn.Linear(len(features), 3)
        self.rounds, self.output = torch.nn.ModuleList(Round(width) for _ in range(rounds)), torch.nn.Linear(width, 3)
        self.early = torch.nn.ModuleList(torch.nn.Linear(width, 3) for _ in range(rounds))  # only for training

    def forward(self, x, edges):
        """x [pairs, features] and their `graph` -> logits [pairs, 3] before each round and after the last."""
        x = ((x - self.mean) / self.spread).clamp(-FARTHEST, FARTHEST)
        state, skip, out = self.input(x), self.skip(x), []
        for early, step in zip(self.early, self.rounds):
            out.append(early(state) + skip)
            state = step(state, *edges)
        return [*out, self.output(state) + skip]

    def log_probabilities(self, x, claims, articles):
        """[pairs, 3] float64, cut off as the program does."""
        self.eval()
        with torch.inference_mode():
            logits = self(torch.as_tensor(x, dtype=torch.float32), graph(claims, articles))[-1]
        return torch.log_softmax(logits.double(), 1).clamp(min=LEAST).numpy()

    def to_json(self):
        number = lambda v: [number(w) for w in v] if isinstance(v, list) else float(f"{v:.6g}")
        dense = lambda layer: dict(weight=number(layer.weight.tolist()), bias=number(layer.bias.tolist()))
        two = lambda layers: [dense(layers[0]), dense(layers[-1])]
        rounds = [
            {**{name: dense(getattr(r, name)) for name in ("link", "product", "rival", "support")}, "update": two(r.update)} for r in self.rounds
        ]
        parts = dict(features=self.features, mean=number(self.mean.tolist()), spread=number(self.spread.tolist()))
        return dict(**parts, input=two(self.input), skip=dense(self.skip), rounds=rounds, output=dense(self.output))

    @classmethod
    def from_json(cls, parts):
        made = cls(parts["features"], parts["mean"], parts["spread"], len(parts["output"]["weight"][0]), len(parts["rounds"]))

        def fill(layer, values):
            layer.weight.data, layer.bias.data = torch.tensor(values["weight"]), torch.tensor(values["bias"])

        fill(made.skip, parts["skip"])
        fill(made.output, parts["output"])
        for layers, values in [(made.input, parts["input"])] + [(r.update, v["update"]) for r, v in zip(made.rounds, parts["rounds"])]:
            fill(layers[0], values[0])
            fill(layers[-1], values[1])
        for step, values in zip(made.rounds, parts["rounds"]):
            for name in ("link", "product", "rival", "support"):
                fill(getattr(step, name), values[name])
        return made


def mlp(inputs, hidden, outputs):
    return torch.nn.Sequential(torch.nn.Linear(inputs, hidden), torch.nn.ReLU(), torch.nn.Dropout(0.1), torch.nn.Linear(hidden, outputs))
