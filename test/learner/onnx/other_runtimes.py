"""Checks .onnx files with ONNX's own checker and runs them in its reference implementation and in Python's onnxruntime.

    python other_runtimes.py CASE.json    {"files": [...], "runs": [{"data": TENSOR, ...}, ...]}, TENSOR: {"type", "dims", "values"}

Prints, by file and runtime, the logits of each run.
"""

import json
import sys

import numpy as np
import onnx
from onnx.reference import ReferenceEvaluator

import onnxruntime

with open(sys.argv[1], encoding="utf-8") as file:
    case = json.load(file)


def feeds(run):
    return {name: np.array(t["values"], dtype=t["type"]).reshape(t["dims"]) for name, t in run.items()}


answers = {}
for path in case["files"]:
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    reference = ReferenceEvaluator(model)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    answers[path] = {
        "reference": [reference.run(["logits"], feeds(run))[0].tolist() for run in case["runs"]],
        "onnxruntime": [session.run(["logits"], feeds(run))[0].tolist() for run in case["runs"]],
        "required": [value.name for value in session.get_inputs()],
        "metadata": session.get_modelmeta().custom_metadata_map,
    }
print(json.dumps(answers))
