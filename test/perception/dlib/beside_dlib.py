"""Landmarks of dlib's own shape predictor: reads requests from a JSON file, prints the answers as JSON.

Usage: beside_dlib.py PREDICTOR REQUESTS. A request is {file, width, height, channels, boxes, detect}: `file` has the bytes of
the pixels, `boxes` are [left, top, right, bottom]; with `detect`, those of dlib's frontal detector are put before them. The
answer is {boxes, points}.
"""

import json
import sys

import dlib
import numpy as np


def main():
    predictor = dlib.shape_predictor(sys.argv[1])
    detector = dlib.get_frontal_face_detector()
    answers = []
    for request in json.load(open(sys.argv[2])):
        height, width, channels = request["height"], request["width"], request["channels"]
        shape = (height, width) if channels == 1 else (height, width, channels)
        image = np.fromfile(request["file"], np.uint8).reshape(shape)
        boxes = request["boxes"]
        if request["detect"]:
            found = detector(image, 1)
            boxes = [[box.left(), box.top(), box.right(), box.bottom()] for box in found] + boxes
        points = []
        for box in boxes:
            parts = predictor(image, dlib.rectangle(*box)).parts()
            points.append([value for part in parts for value in (part.x, part.y)])
        answers.append({"boxes": boxes, "points": points})
    json.dump(answers, sys.stdout)


main()
