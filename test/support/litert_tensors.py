"""MODEL INPUT OUTPUT results|all: runs a .tflite on raw float32, writes the tensors one after the other, lists them as JSON."""

import json
import sys

import numpy
from ai_edge_litert.interpreter import Interpreter, OpResolverType

model, source, target, which = sys.argv[1:]
options = {}
if which == "all":
    # With its delegate, LiteRT shows none of the tensors between.
    options["experimental_preserve_all_tensors"] = True
    options["experimental_op_resolver_type"] = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
interpreter = Interpreter(model, num_threads=1, **options)
interpreter.allocate_tensors()
given = interpreter.get_input_details()[0]
interpreter.set_tensor(given["index"], numpy.fromfile(source, numpy.float32).reshape(given["shape"]))
interpreter.invoke()
details = interpreter.get_tensor_details() if which == "all" else interpreter.get_output_details()
listing = []
with open(target, "wb") as file:
    for detail in details:
        if detail["dtype"] != numpy.float32:
            continue
        try:
            values = interpreter.get_tensor(detail["index"])
        except ValueError:
            continue
        values.astype(numpy.float32).tofile(file)
        shape = [int(size) for size in values.shape]
        listing.append({"index": int(detail["index"]), "name": detail["name"], "shape": shape})
print(json.dumps(listing))
