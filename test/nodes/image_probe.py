"""Collects the images of a topic in a process of its own, and tells what they were, in lines of JSON.

Arguments: the topic; after how many seconds without an image to end. Says {"ready": true} once it listens. Images are
kept as they come and decoded at the end: to decode them as they come would take so long that some were missed.
"""

import hashlib
import json
import sys
import time

import rclpy
from rclpy.qos import QoSProfile, ReliabilityPolicy
from rclpy.serialization import deserialize_message
from sensor_msgs.msg import Image


def main():
    topic, silence = sys.argv[1], float(sys.argv[2])
    rclpy.init()
    node = rclpy.create_node('image_probe')
    clock = node.get_clock()
    received = []
    node.create_subscription(
        Image, topic, lambda serialized: received.append((clock.now().nanoseconds, serialized)),
        QoSProfile(depth=100, reliability=ReliabilityPolicy.RELIABLE), raw=True)
    print(json.dumps({'ready': True}), flush=True)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        before = len(received)
        rclpy.spin_once(node, timeout_sec=0.1)
        if len(received) > before:
            deadline = time.monotonic() + silence
    for arrival, serialized in received:
        image = deserialize_message(serialized, Image)
        print(json.dumps({
            'stamp': image.header.stamp.sec * 1_000_000_000 + image.header.stamp.nanosec,
            'received': arrival,
            'frame_id': image.header.frame_id,
            'width': image.width,
            'height': image.height,
            'encoding': image.encoding,
            'is_bigendian': image.is_bigendian,
            'step': image.step,
            'bytes': len(image.data),
            'sha256': hashlib.sha256(image.data.tobytes()).hexdigest(),
        }), flush=True)


main()
