"""Times dlib's own shape predictor: milliseconds for each run over the boxes of an image, as JSON.

Usage: dlib_predictor.py PREDICTOR IMAGE WIDTH HEIGHT BOXES ROUNDS; IMAGE has the bytes of grey pixels, BOXES is JSON.
"""

import json
import sys
import time

import dlib
import numpy as np


def main():
    path, image_file, width, height, boxes, rounds = sys.argv[1:]
    predictor = dlib.shape_predictor(path)
    image = np.fromfile(image_file, np.uint8).reshape(int(height), int(width))
    rectangles = [dlib.rectangle(*box) for box in json.loads(boxes)]
    times = []
    points = []
    for _ in range(int(rounds)):
        start = time.perf_counter()
        shapes = [predictor(image, rectangle) for rectangle in rectangles]
        times.append(1000 * (time.perf_counter() - start) / len(rectangles))
        points = [[value for part in shape.parts() for value in (part.x, part.y)] for shape in shapes]
    json.dump({"times": times, "points": points}, sys.stdout)


main()
