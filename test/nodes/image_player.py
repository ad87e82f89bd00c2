"""Publishes images as it is told to, in lines of JSON, for the tests of our nodes.

{"publish": {topic, kind, data, ...}}: a message of the type kind (Image or CompressedImage) whose bytes are in the file data; stamp
is [sec, nanosec] (default: the clock's); what else there is are fields. {"clock": [sec, nanosec]}: the simulated time.
{"leave": topic}: ends the publisher. Each is answered by a line once it is done; {"ready": true} says that it listens.
"""

import array
import json
import sys

import rclpy
from rclpy.qos import QoSProfile, ReliabilityPolicy
from builtin_interfaces.msg import Time
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import CompressedImage, Image

KINDS = {'Image': Image, 'CompressedImage': CompressedImage}


class Player:
    def __init__(self):
        self.node = rclpy.create_node('image_player')
        self.publishers = {}
        self.clock = None
        self.contents = {}

    def publisher_of(self, topic, kind, reliable):
        if topic not in self.publishers:
            reliability = ReliabilityPolicy.RELIABLE if reliable else ReliabilityPolicy.BEST_EFFORT
            self.publishers[topic] = self.node.create_publisher(
                KINDS[kind], topic, QoSProfile(depth=10, reliability=reliability))
        return self.publishers[topic]

    def publish(self, topic, kind, data, stamp=None, reliable=True, frame_id='player', **fields):
        if data not in self.contents:
            with open(data, 'rb') as file:
                self.contents[data] = array.array('B', file.read())
        message = KINDS[kind](**fields)
        message.header.stamp = self.node.get_clock().now().to_msg() if stamp is None else Time(sec=stamp[0], nanosec=stamp[1])
        message.header.frame_id = frame_id
        message.data = self.contents[data]
        self.publisher_of(topic, kind, reliable).publish(message)
        return message.header.stamp.sec * 1_000_000_000 + message.header.stamp.nanosec

    def set_clock(self, seconds, fraction):
        if self.clock is None:
            self.clock = self.node.create_publisher(Clock, '/clock', 10)
        self.clock.publish(Clock(clock=Time(sec=seconds, nanosec=fraction)))

    def leave(self, topic):
        self.node.destroy_publisher(self.publishers.pop(topic))


def main():
    rclpy.init()
    player = Player()
    print(json.dumps({'ready': True}), flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        stamp = None
        if 'publish' in command:
            stamp = player.publish(**command['publish'])
        elif 'clock' in command:
            player.set_clock(*command['clock'])
        elif 'leave' in command:
            player.leave(command['leave'])
        print(json.dumps({'done': stamp}), flush=True)


main()
