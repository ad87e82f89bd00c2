"""A ROS 2 node in Python for the tests of our nodes: it tells what it hears and does what it is told, in lines of JSON.

Arguments: the topic of expressions (empty: none is heard) and the topic of images. Each received message is a line on
stdout. Each line on stdin is one command: {"publish": {encoding, width, height, step, size, value, reliable, stamped}} or
{"set": {"node": ..., "name": ..., "value": ...}}, {"describe": {node, name}}, {"change": {node, label}},
{"call": {package, kind, name, request}}, {"listen": {topic, type}}, {"ignore": {topic}} or {"count": {topic}}, answered by a
line.
"""

import array
import importlib
import json
import queue
import struct
import sys
import threading

import rclpy
from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState, GetState
from rcl_interfaces.msg import Parameter, ParameterType, ParameterValue
from rcl_interfaces.srv import DescribeParameters, SetParameters
from rclpy.node import Node
from rclpy.qos import QoSProfile, ReliabilityPolicy
from sensor_msgs.msg import Image

from facial_expression_recognition.msg import FacialExpressions


def plain(value):
    """A message or response as JSON knows it."""
    if hasattr(value, 'get_fields_and_field_types'):
        return {field: plain(getattr(value, field)) for field in value.get_fields_and_field_types()}
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def tell(**what):
    print(json.dumps(what), flush=True)


def stamp(header):
    return header.stamp.sec * 1_000_000_000 + header.stamp.nanosec


def nanoseconds(time):
    return time.sec * 1_000_000_000 + time.nanosec


def plain(value):
    """A message, or what is in one, as dicts, lists and values."""
    if hasattr(value, 'get_fields_and_field_types'):
        return {field: plain(getattr(value, field)) for field in value.get_fields_and_field_types()}
    if isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, bytes):
        return list(value)
    return [plain(element) for element in value]


class Probe(Node):
    def __init__(self, expressions_topic, image_topic):
        super().__init__('probe')
        self.commands = queue.Queue()
        self.image_topic = image_topic
        self.image_publishers = {}
        self.service_clients = {}
        self.listeners = {}
        if expressions_topic:
            self.create_subscription(FacialExpressions, expressions_topic, self.on_expressions, 50)
        # Raw: to decode whole images takes Python so long that it would miss some.
        self.create_subscription(Image, image_topic, self.on_image, 50, raw=True)
        self.create_timer(0.02, self.obey)
        threading.Thread(target=self.read_commands, daemon=True).start()

    def read_commands(self):
        for line in sys.stdin:
            self.commands.put(json.loads(line))

    def obey(self):
        while not self.commands.empty():
            command = self.commands.get()
            if 'publish' in command:
                self.publish(**command['publish'])
            elif 'set' in command:
                self.set_parameter(**command['set'])
            elif 'describe' in command:
                self.describe_parameter(**command['describe'])
            elif 'call' in command:
                self.call_service(**command['call'])
            elif 'change' in command:
                self.change_state(**command['change'])
            elif 'listen' in command:
                self.listen(**command['listen'])
            elif 'ignore' in command:
                self.ignore(**command['ignore'])
            elif 'count' in command:
                self.count(**command['count'])

    def listen(self, topic, type):
        package, _, name = type.split('/')
        message_class = getattr(importlib.import_module(f'{package}.msg'), name)
        self.listeners[topic] = self.create_subscription(
            message_class, topic, lambda message: tell(on=topic, message=plain(message)), 50)
        tell(listening=topic)

    def ignore(self, topic):
        self.destroy_subscription(self.listeners.pop(topic))
        tell(ignoring=topic)

    def count(self, topic):
        tell(counted=topic, publishers=self.count_publishers(topic), subscribers=self.count_subscribers(topic))

    def publisher_of(self, reliable):
        if reliable not in self.image_publishers:
            reliability = ReliabilityPolicy.RELIABLE if reliable else ReliabilityPolicy.BEST_EFFORT
            self.image_publishers[reliable] = self.create_publisher(
                Image, self.image_topic, QoSProfile(depth=5, reliability=reliability))
        return self.image_publishers[reliable]

    def publish(self, encoding, width, height, step, size, value=128, reliable=True, frame_id='probe', stamped=True):
        image = Image(encoding=encoding, width=width, height=height, step=step)
        if stamped:
            image.header.stamp = self.get_clock().now().to_msg()
        image.header.frame_id = frame_id
        image.data = array.array('B', [value]) * size
        self.publisher_of(reliable).publish(image)
        tell(published=stamp(image.header))

    def set_parameter(self, node, name, value):
        kind, field = {
            bool: (ParameterType.PARAMETER_BOOL, 'bool_value'),
            int: (ParameterType.PARAMETER_INTEGER, 'integer_value'),
            float: (ParameterType.PARAMETER_DOUBLE, 'double_value'),
            str: (ParameterType.PARAMETER_STRING, 'string_value'),
        }[type(value)]
        given = ParameterValue(type=kind)
        setattr(given, field, value)
        request = SetParameters.Request(parameters=[Parameter(name=name, value=given)])
        self.call(SetParameters, f'{node}/set_parameters', request, lambda answer: tell(
            set=name, successful=answer.results[0].successful, reason=answer.results[0].reason))

    def describe_parameter(self, node, name):
        def describe(answer):
            descriptor = answer.descriptors[0]
            ranges = [*descriptor.integer_range, *descriptor.floating_point_range]
            tell(described=name, type=descriptor.type, description=descriptor.description,
                 read_only=descriptor.read_only, range=[[r.from_value, r.to_value] for r in ranges])
        self.call(DescribeParameters, f'{node}/describe_parameters', DescribeParameters.Request(names=[name]), describe)

    def call_service(self, package, kind, name, request):
        service = getattr(importlib.import_module(f'{package}.srv'), kind)
        self.call(service, name, service.Request(**request), lambda answer: tell(answered=name, **plain(answer)))

    def change_state(self, node, label):
        request = ChangeState.Request(transition=Transition(label=label))
        self.call(ChangeState, f'{node}/change_state', request, lambda answer: self.tell_state(node, answer.success))

    def tell_state(self, node, success):
        self.call(GetState, f'{node}/get_state', GetState.Request(), lambda answer: tell(
            changed=success, state=answer.current_state.label))

    def call(self, kind, name, request, then):
        if name not in self.service_clients:
            self.service_clients[name] = self.create_client(kind, name)
        client = self.service_clients[name]
        if not client.wait_for_service(timeout_sec=10.0):
            tell(missing=name)
            return
        client.call_async(request).add_done_callback(lambda done: then(done.result()))

    def on_image(self, serialized):
        # CDR, little-endian: 4 bytes of preamble, then the header's stamp and the length and text of its frame_id.
        seconds, fraction, length = struct.unpack_from('<iII', serialized, 4)
        frame_id = serialized[16:16 + length - 1].decode()
        tell(image=seconds * 1_000_000_000 + fraction, frame_id=frame_id)

    def on_expressions(self, message):
        received = self.get_clock().now().nanoseconds
        tell(expressions=stamp(message.header), frame_id=message.header.frame_id, received=received, faces=[{
            'stamp': stamp(face.header),
            'frame_id': face.header.frame_id,
            'track_id': face.track_id,
            'category': face.category,
            'category_index': face.category_index,
            'confidence': face.confidence,
            'classes': [[c.name, c.mean, c.std] for c in face.classes],
            'predictive_entropy': face.predictive_entropy,
            'mutual_information': face.mutual_information,
            'repeats': face.repeats,
            'box': [face.box.x, face.box.y, face.box.width, face.box.height],
            'landmarks': [[point.x, point.y] for point in face.landmarks],
            'window': [nanoseconds(face.window_start), nanoseconds(face.window_end), nanoseconds(face.window_span)],
            'milliseconds': [face.perception_ms, face.inference_ms, face.latency_ms],
        } for face in message.faces])


def main():
    rclpy.init()
    probe = Probe(*sys.argv[1:3])
    tell(ready=True)
    try:
        rclpy.spin(probe)
    except (KeyboardInterrupt, rclpy.executors.ExternalShutdownException):
        pass


main()
