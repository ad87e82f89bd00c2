import { clipFiles } from './clips.js';
import { Probe, ROS_DOMAIN, startNode, type TestProcess } from './ros_processes.js';

/** How a NodeOnClip is started. */
export interface NodeOnClipOptions {
  /** Of the expression node, such as `mcdo_repeats:=10`. */
  readonly parameters?: readonly string[];
  /** Of all processes, beside that of ROS 2. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Of the expression node alone. */
  readonly nodeEnvironment?: NodeJS.ProcessEnv;
  /** The topic of expressions that the probe listens to from the start: the node's, or '' for none. */
  readonly expressions?: string;
}

/** The real expression node, the camera node that plays a clip of one face for it again and again, and a probe that hears images. */
export class NodeOnClip {
  readonly node: TestProcess;
  readonly probe: Probe;
  readonly camera: TestProcess;

  /** Starts the processes, and waits for none of them. */
  constructor({ parameters = [], environment, nodeEnvironment, expressions }: NodeOnClipOptions = {}) {
    const shared = { ...environment, ROS_DOMAIN_ID: ROS_DOMAIN };
    const given = parameters.flatMap((text) => ['-p', text]);
    this.node = startNode('expression_node', ['-r', 'image:=image_raw', ...given], { ...shared, ...nodeEnvironment });
    this.probe = new Probe(expressions ?? '/expression_node/expressions', 'image_raw', shared);
    const clip = clipFiles('asl', '.mkv')[0]!;
    const source = [`source:=${clip}`, 'loop:=true', 'frame_id:=head'].flatMap((text) => ['-p', text]);
    this.camera = startNode('camera_node', source, shared);
  }

  async stop(): Promise<void> {
    await Promise.all([this.camera, this.probe, this.node].map((process) => process.stop()));
  }
}
