"""Finds landmarks of images as OpenDR's script does, by dlib's own frontal face detector and shape predictor: each image to
a width of 500 pixels, grey, enlarged UPSAMPLE times by 2. Prints how many images show a face, as JSON.

Usage: dlib_landmarks.py PREDICTOR FOLDER UPSAMPLE PROCESSES
"""

import json
import multiprocessing
import pathlib
import sys

import dlib
import numpy as np

WIDTH = 500
tools = {}


def load(predictor):
    tools["detector"] = dlib.get_frontal_face_detector()
    tools["predictor"] = dlib.shape_predictor(predictor)


def landmarks(task):
    path, upsample = task
    image = dlib.load_grayscale_image(path)
    rows, columns = image.shape
    image = dlib.resize_image(image, round(rows * WIDTH / columns), WIDTH)
    faces = tools["detector"](image, upsample)
    shapes = [tools["predictor"](image, face) for face in faces]
    points = [[(part.x, part.y) for part in shape.parts()] for shape in shapes]
    np.asarray(points, np.float32)
    return len(points) > 0


def main():
    predictor, folder, upsample, processes = sys.argv[1:]
    tasks = [(str(path), int(upsample)) for path in sorted(pathlib.Path(folder).rglob("*.jpg"))]
    if int(processes) == 1:
        load(predictor)
        found = [landmarks(task) for task in tasks]
    else:
        with multiprocessing.Pool(int(processes), load, [predictor]) as pool:
            found = pool.map(landmarks, tasks, chunksize=4)
    json.dump({"images": len(found), "found": sum(found)}, sys.stdout)


main()
