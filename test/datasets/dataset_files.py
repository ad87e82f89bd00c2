"""Writes files of labels and arrays with Python and NumPy, and reads those that were written here.

write FOLDER: pickles of the same labels in every protocol and form; prints their paths
arrays FOLDER: .npy files of the same array in every type and order; prints their paths
read FILE: prints the pair in a pickle as JSON
"""

import json
import pickle
import sys

import numpy as np

NAMES = ["S005_001", "S010 'é\"\n\\", "名前", ""]
LABELS = [0, 6, 2, 300]


def write(folder):
    forms = {
        "names_first": (NAMES, LABELS),
        "labels_first": (LABELS, NAMES),
        "lists": [list(NAMES), list(LABELS)],
        "tuples": (tuple(NAMES), tuple(LABELS)),
        "bare": LABELS,
        "bare_array": np.array(LABELS),
    }
    for name in ("int16", "int32", "int64", "uint16", "uint64", ">i4", "float32", "object"):
        forms["array_" + name.strip(">")] = (NAMES, np.array(LABELS, name))
    forms["numpy_numbers"] = (NAMES, list(np.array(LABELS)))
    forms["numpy_texts"] = (np.array(NAMES), np.array(LABELS))
    forms["numpy_text_list"] = (list(np.array(NAMES)), LABELS)
    forms["bytes"] = ([name.encode() for name in NAMES], LABELS)
    paths = []
    for protocol in range(6):
        for form, value in forms.items():
            path = f"{folder}/{form}.{protocol}.pkl"
            with open(path, "wb") as file:
                pickle.dump(value, file, protocol)
            paths.append(path)
    print(json.dumps({"names": NAMES, "labels": LABELS, "paths": paths}))


def arrays(folder):
    values = (np.arange(3 * 2 * 5 * 7 * 1) % 250).reshape(3, 2, 5, 7, 1)
    paths = []
    for kind in ("<f4", ">f4", "<f8", ">f8", "<i4", ">i4", "<i8", ">i8", "u1"):
        for order in ("C", "F"):
            path = f"{folder}/{kind.replace('<', 'l').replace('>', 'b')}{order}.npy"
            np.save(path, np.asarray(values, kind, order=order))
            paths.append(path)
    for version in ((1, 0), (2, 0), (3, 0)):
        path = f"{folder}/version{version[0]}.npy"
        with open(path, "wb") as file:
            np.lib.format.write_array(file, values.astype("f4"), version)
        paths.append(path)
    np.save(f"{folder}/objects.npy", np.array([{}, []], object), allow_pickle=True)
    print(json.dumps({"paths": paths, "objects": f"{folder}/objects.npy"}))


def read(path):
    with open(path, "rb") as file:
        names, labels = pickle.load(file)
    print(json.dumps({"names": names, "labels": labels, "types": [type(names).__name__, type(labels).__name__]}))


{"write": write, "arrays": arrays, "read": read}[sys.argv[1]](sys.argv[2])
