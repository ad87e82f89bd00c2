"""Starts the expression node, and with `source:=` a camera node that plays a clip, a webcam or a folder for it."""

from pathlib import Path

from ament_index_python.packages import get_package_share_directory
from launch import LaunchDescription
from launch.actions import DeclareLaunchArgument, OpaqueFunction
from launch.substitutions import LaunchConfiguration
from launch_ros.actions import Node
from launch_ros.parameter_descriptions import ParameterFile, ParameterValue

PACKAGE = 'facial_expression_recognition'

# Launch arguments that are parameters of expression_node by the same names.
TEXT_PARAMETERS = ('model', 'device', 'opendr_category_topic', 'opendr_description_topic')


def generate_launch_description():
    params_file = str(Path(get_package_share_directory(PACKAGE)) / 'config' / 'expression_node.yaml')
    return LaunchDescription([
        DeclareLaunchArgument(
            'image_topic', default_value='image_raw',
            description='sensor_msgs/msg/Image topic that is read (and that the camera node publishes)'),
        DeclareLaunchArgument(
            'namespace', default_value='',
            description='namespace of the nodes and of their relative topics'),
        DeclareLaunchArgument(
            'params_file', default_value=params_file,
            description='YAML file with the parameters of expression_node'),
        DeclareLaunchArgument(
            'model', default_value='',
            description='FOLDER/NAME of the model; empty: what the parameters file says'),
        DeclareLaunchArgument(
            'device', default_value='',
            description='where the model runs, such as cpu; empty: what the parameters file says'),
        DeclareLaunchArgument(
            'opendr_category_topic', default_value='',
            description="topic of OpenDR's vision_msgs/msg/ObjectHypothesis; empty: what the parameters file says"),
        DeclareLaunchArgument(
            'opendr_description_topic', default_value='',
            description="topic of OpenDR's std_msgs/msg/String; empty: what the parameters file says"),
        DeclareLaunchArgument(
            'autostart', default_value='true', choices=['true', 'false'],
            description='whether expression_node becomes active by itself; false: it waits for a lifecycle manager'),
        DeclareLaunchArgument(
            'log_level', default_value='info', choices=['debug', 'info', 'warn', 'error', 'fatal'],
            description='least severity that the nodes log'),
        DeclareLaunchArgument(
            'source', default_value='',
            description='video file, video device or folder of images for a camera node; empty: no camera node'),
        DeclareLaunchArgument(
            'loop', default_value='true', choices=['true', 'false'],
            description='whether the camera node starts again when its file or folder ends'),
        OpaqueFunction(function=start_nodes),
    ])


def start_nodes(context):
    """Builds the nodes once the arguments are known: an empty one must not become a parameter."""
    def value_of(name):
        return LaunchConfiguration(name).perform(context)

    given = {name: ParameterValue(value_of(name), value_type=str) for name in TEXT_PARAMETERS if value_of(name)}
    given['autostart'] = value_of('autostart') == 'true'
    common = {
        'package': PACKAGE,
        'namespace': value_of('namespace'),
        'output': 'screen',
        'ros_arguments': ['--log-level', value_of('log_level')],
    }
    nodes = [
        Node(
            executable='expression_node',
            name='expression_node',
            parameters=[ParameterFile(value_of('params_file')), given],
            remappings=[('image', value_of('image_topic'))],
            **common),
    ]
    if value_of('source'):
        nodes.append(Node(
            executable='camera_node',
            name='camera_node',
            parameters=[{
                'source': ParameterValue(value_of('source'), value_type=str),
                'loop': value_of('loop') == 'true',
            }],
            remappings=[('image_raw', value_of('image_topic'))],
            **common))
    return nodes
