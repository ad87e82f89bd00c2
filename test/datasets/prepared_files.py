"""Reads prepared samples as NumPy and PyTorch do, and writes them as OpenDR's scripts would.

read FOLDER: prints of each .npy of the folder its shape, type, sum and what its labels are
write FOLDER: writes Train.npy and Val.npy (float64) with their labels
"""

import json
import pickle
import sys
from pathlib import Path

import numpy as np


def read(folder):
    import torch

    told = {}
    for path in sorted(Path(folder).glob("*.npy")):
        data = np.load(path)
        tensor = torch.from_numpy(data)
        told[path.name] = {"shape": list(tensor.shape), "type": str(tensor.dtype), "sum": float(tensor.double().sum())}
    for path in sorted(Path(folder).glob("*.pkl")):
        with open(path, "rb") as file:
            names, labels = pickle.load(file)
        told[path.name] = {"names": names, "labels": labels}
    print(json.dumps(told))


def write(folder):
    random = np.random.default_rng(1)
    for split, count in (("Train", 6), ("Val", 3)):
        np.save(f"{folder}/{split}.npy", random.normal(0, 30, (count, 2, 8, 51, 1)))
        names = [f"clip{i}" for i in range(count)]
        with open(f"{folder}/{split}_labels.pkl", "wb") as file:
            pickle.dump((names, [i % 3 for i in range(count)]), file)
    print(json.dumps({}))


{"read": read, "write": write}[sys.argv[1]](sys.argv[2])
