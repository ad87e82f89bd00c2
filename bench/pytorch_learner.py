"""A work of the learner, done with PyTorch: see learner_work.ts.

    python pytorch_learner.py WORK.json-as-text        prints the measurement as JSON
"""

import json
import resource
import sys
import time
from pathlib import Path

import torch
from torch import nn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "test" / "learner" / "checkpoint"))
from pytorch_network import Network  # noqa: E402

IN_CHANNELS = 2
WARM_UP = 2
LEAST = 3


def initialise(network):
    """As the reference does it; what it leaves to PyTorch, as PyTorch does it."""
    for name, parameter in network.named_parameters():
        if name.endswith("rand_graph") or name.endswith("bln.bn.weight"):
            nn.init.constant_(parameter, 1e-6)


def training_step(network, data, labels):
    optimizer = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9, nesterov=True, weight_decay=1e-4)
    network.train()

    def once():
        loss = nn.functional.cross_entropy(network(data), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    return once


def passes(network, data, repeats):
    """`repeats` passes with dropout, one after the other, as the reference does them; one without where it is 0."""
    network.eval()
    if repeats > 0:
        for module in network.modules():
            if isinstance(module, nn.Dropout):
                module.train()

    def once():
        with torch.no_grad():
            return [network(data) for _ in range(max(1, repeats))]

    return once


def prepare(work):
    torch.manual_seed(1)
    torch.set_num_threads(work["threads"])
    network = Network(
        {
            "topology": work["topology"],
            "blockSize": work["blockSize"],
            "inChannels": IN_CHANNELS,
            "numPoint": work["points"],
            "numPerson": 1,
            "numClass": work["classes"],
            "dropoutRate": work["dropoutRate"],
        }
    )
    initialise(network)
    data = torch.randn(work["samples"], IN_CHANNELS, work["frames"], work["points"], 1)
    if work["kind"] == "training_step":
        return training_step(network, data, torch.arange(work["samples"]) % work["classes"])
    return passes(network, data, work["repeats"] if work["kind"] == "monte_carlo" else 0)


def main(work):
    once = prepare(work)
    for _ in range(WARM_UP):
        once()
    milliseconds = []
    start = time.perf_counter()
    while len(milliseconds) < LEAST or time.perf_counter() - start < work["seconds"]:
        before = time.perf_counter()
        once()
        milliseconds.append(1000 * (time.perf_counter() - before))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"milliseconds": milliseconds, "peakMegabytes": peak}))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
