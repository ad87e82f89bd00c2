"""Prints what is in a checkpoint of a training, as JSON."""

import json
import sys

import torch

checkpoint = torch.load(sys.argv[1], weights_only=True)
optimizer = checkpoint["optimizer"]
names = list(optimizer["exp_avg"])


def flat(tensors):
    return torch.cat([tensors[name].flatten() for name in names]).tolist()


print(
    json.dumps(
        {
            "epoch": checkpoint["epoch"],
            "name": optimizer["name"],
            "steps": optimizer["steps"],
            "topology": json.loads(checkpoint["inference_params"])["topology"],
            "losses": json.loads(checkpoint["progress"])["losses"],
            "parameters": flat(checkpoint["state_dict"]),
            "exp_avg_sq": flat(optimizer["exp_avg_sq"]),
        }
    )
)
