"""Writes the tensors of a state_dict into .pt files of many kinds, and one with what they hold, for the test to compare.

    python pytorch_variants.py FOLDER
"""

import io
import json
import sys
import zipfile
from collections import OrderedDict
from pathlib import Path

import torch
from torch import nn

folder = Path(sys.argv[1])
torch.manual_seed(3)
plain = OrderedDict(
    [
        ("a.weight", torch.randn(3, 4)),
        ("a.bias", torch.randn(4)),
        ("empty", torch.zeros(0, 2)),
        ("scalar", torch.tensor(0.25)),
        ("count", torch.tensor(12345678901, dtype=torch.int64)),
    ]
)


def cast(dtype):
    return OrderedDict((key, value if key == "count" else value.to(dtype)) for key, value in plain.items())


def strided():
    """Transposed, cut out, and all out of one storage."""
    storage = torch.zeros(200)
    at = 7
    result = OrderedDict()
    for key, value in plain.items():
        if key == "count":
            result[key] = value
            continue
        view = storage[at : at + 2 * value.numel() : 2].view(value.T.shape if value.dim() == 2 else value.shape)
        view = view.T if value.dim() == 2 else view
        view.copy_(value)
        at += 2 * value.numel() + 1
        result[key] = view
    return result


def module_with_metadata():
    module = nn.Module()
    for key, value in plain.items():
        if "." not in key:
            module.register_buffer(key, value)
    module.a = nn.Linear(3, 4)
    module.a.weight = nn.Parameter(plain["a.weight"].T.contiguous().T)
    module.a.bias = nn.Parameter(plain["a.bias"])
    state = module.state_dict()
    assert state._metadata
    return OrderedDict((key, state[key]) for key in plain), state


def big_endian(path):
    """What a big-endian machine writes: the elements of every storage turned, and said so."""
    source = io.BytesIO()
    torch.save(plain, source)
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(path, "w") as turned:
        for name in archive.namelist():
            data = archive.read(name)
            if "/data/" in name and len(data) > 0:
                width = 8 if len(data) == 8 else 4
                data = b"".join(data[i : i + width][::-1] for i in range(0, len(data), width))
            turned.writestr(name, b"big" if name.endswith("byteorder") else data)


reordered, with_metadata = module_with_metadata()
parameters = OrderedDict((key, nn.Parameter(value, requires_grad=value.is_floating_point())) for key, value in plain.items())
files = {
    "plain": plain,
    "half": cast(torch.float16),
    "bfloat16": cast(torch.bfloat16),
    "double": cast(torch.float64),
    "strided": strided(),
    "metadata": with_metadata,
    "parameters": parameters,
    "dict": dict(plain),
    "state_dict": {"epoch": 3, "state_dict": plain, "optimizer": {"state": {}, "param_groups": [{"lr": 0.1, "params": [0]}]}},
    "model_state_dict": {"model_state_dict": plain, "best": 0.5, "names": ("a", None, True)},
    "model": {"model": plain},
}
for name, value in files.items():
    torch.save(value, folder / f"{name}.pt")
big_endian(folder / "big_endian.pt")
torch.save(plain, folder / "legacy.pt", _use_new_zipfile_serialization=False)
torch.save(nn.Linear(2, 2), folder / "module.pt")
torch.save({"epoch": 3}, folder / "no_tensors.pt")
torch.save(OrderedDict(a=torch.zeros(2, dtype=torch.int32)), folder / "integers.pt")
torch.jit.script(nn.Linear(2, 2)).save(folder / "torchscript.pt")
with zipfile.ZipFile(folder / "plain.pt") as stored, zipfile.ZipFile(folder / "compressed.pt", "w", zipfile.ZIP_DEFLATED) as packed:
    for entry in stored.namelist():
        packed.writestr(entry, stored.read(entry))

assert all(torch.equal(torch.load(folder / "big_endian.pt")[key], value) for key, value in plain.items())
expected = {
    "plain": plain, "half": cast(torch.float16), "bfloat16": cast(torch.bfloat16),
}
print(
    json.dumps(
        {
            name: {key: [list(value.shape), value.double().flatten().tolist()] for key, value in tensors.items()}
            for name, tensors in expected.items()
        }
    )
)
