import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../src/package_root.js';

const root = packageRoot();
const prefix = join(root, '.ros', 'install');

interface RosEnvironmentModule {
  findRos(): { readonly python: string };
  rosEnvironment(): NodeJS.ProcessEnv;
}

export const { findRos, rosEnvironment }: RosEnvironmentModule = await import(
  pathToFileURL(join(root, 'scripts', 'setup', 'ros_environment.mjs')).href
);

/** Why tests with ROS 2 cannot run here, or false where they can: for the skip of node:test. */
export const rosMissing: string | false = existsSync(join(prefix, 'lib', 'facial_expression_recognition'))
  ? false
  : `our package is not installed into ${prefix} (npm run setup does it)`;

/** Up to it no port of a domain is one that the system gives away. */
const LAST_DOMAIN = 101;

/**
 * The ROS_DOMAIN_ID of this test process, in which nothing else talks: neither another file's nodes nor those of another
 * checkout on the machine.
 */
export const ROS_DOMAIN = await takeDomain();

/** A socket of the domain's name, that only one process can listen to, is what takes it until this process ends. */
async function takeDomain(): Promise<string> {
  for (let tried = 0; tried < LAST_DOMAIN; tried++) {
    const domain = 1 + ((process.pid + tried) % LAST_DOMAIN);
    const isTaken = await new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(true));
      server.listen(`\0facial_expression_recognition/ros_domain/${domain}`, () => resolve(false));
      server.unref();
    });
    if (!isTaken) return String(domain);
  }
  throw new Error(`all ROS_DOMAIN_IDs from 1 to ${LAST_DOMAIN} are taken by other tests`);
}

const started = new Set<TestProcess>();
process.once('exit', () => {
  for (const child of started) child.kill('SIGKILL');
});

/** A process that a test started, with what it has said line by line. */
export class TestProcess {
  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  readonly #exit: Promise<number | string>;
  #wake: () => void = () => {};
  #ended = false;

  /** @param environment added to that of ROS 2 */
  constructor(command: string, args: readonly string[], environment: NodeJS.ProcessEnv) {
    const env = { ...rosEnvironment(), ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST', ...environment };
    this.#child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) {
      createInterface(stream).on('line', (line) => {
        this.lines.push(line);
        this.#wake();
      });
    }
    this.#exit = new Promise((resolve) => {
      this.#child.once('error', (error) => resolve(error.message));
      this.#child.once('close', (code, signal) => resolve(code ?? signal ?? 'nothing'));
    });
    this.#exit.then(() => {
      this.#ended = true;
      started.delete(this);
      this.#wake();
    });
    started.add(this);
  }

  /** The exit code, or the signal or the error that ended the process. */
  get exit(): Promise<number | string> {
    return this.#exit;
  }

  /** Of the process; the nodes' launchers become the node. */
  get pid(): number {
    return this.#child.pid!;
  }

  write(line: string): void {
    this.#child.stdin!.write(`${line}\n`);
  }

  /** Sends a signal to the process and to those that it started. */
  kill(signal: NodeJS.Signals): void {
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, signal);
    } catch {
      // All have ended.
    }
  }

  /** Stops the process and all that it started, whatever it takes. */
  async stop(): Promise<void> {
    this.kill('SIGTERM');
    const force = setTimeout(() => this.kill('SIGKILL'), 3000);
    await this.#exit;
    clearTimeout(force);
    this.kill('SIGKILL');
  }

  /**
   * Waits until something is found among the lines.
   *
   * @param find gets all lines; anything but undefined ends the waiting
   * @throws Error with all lines when the process ends or the time is over before
   */
  async until<Found>(
    what: string,
    find: (lines: readonly string[]) => Found | undefined,
    seconds = 30,
  ): Promise<Found> {
    const deadline = performance.now() + seconds * 1000;
    for (;;) {
      const found = find(this.lines);
      if (found !== undefined) return found;
      const left = deadline - performance.now();
      if (this.#ended || left <= 0) {
        throw new Error(`no ${what} within ${seconds} s; the last lines were:\n${this.lines.slice(-20).join('\n')}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Waits for a line that matches. */
  line(pattern: RegExp, seconds?: number): Promise<string> {
    return this.until(`line like ${pattern}`, (lines) => lines.find((line) => pattern.test(line)), seconds);
  }
}

/** Starts one of our nodes from the prefix that set-up installed, with ROS arguments. */
export function startNode(
  name: 'expression_node' | 'camera_node' | 'expression_view',
  rosArguments: readonly string[],
  environment: NodeJS.ProcessEnv,
): TestProcess {
  const launcher = join(prefix, 'lib', 'facial_expression_recognition', name);
  return new TestProcess(launcher, ['--ros-args', ...rosArguments], environment);
}

/** A face as test/nodes/rclpy_probe.py tells of it; stamps in nanoseconds. */
export interface HeardFace {
  readonly stamp: number;
  readonly frame_id: string;
  readonly track_id: number;
  readonly category: string;
  readonly category_index: number;
  readonly confidence: number;
  readonly classes: readonly (readonly [name: string, mean: number, std: number])[];
  readonly predictive_entropy: number;
  readonly mutual_information: number;
  readonly repeats: number;
  readonly box: readonly [x: number, y: number, width: number, height: number];
  readonly landmarks: readonly (readonly [x: number, y: number])[];
  readonly window: readonly [start: number, end: number, span: number];
  readonly milliseconds: readonly [perception: number, inference: number, latency: number];
}

/** A FacialExpressions message that the probe heard; nanoseconds as text would lose nothing, as numbers they are off by
 * up to 128. */
export interface HeardExpressions {
  readonly expressions: number;
  readonly frame_id: string;
  readonly received: number;
  readonly faces: readonly HeardFace[];
}

/** An image to publish: `size` bytes of `value`. */
export interface ProbeImage {
  readonly encoding: string;
  readonly width: number;
  readonly height: number;
  readonly step: number;
  readonly size: number;
  readonly value?: number;
  readonly reliable?: boolean;
  /** false: the header's stamp stays 0. */
  readonly stamped?: boolean;
}

/** A separate rclpy process that listens to expressions, images and what else it is told, and publishes images. */
export class Probe extends TestProcess {
  constructor(expressionsTopic: string, imageTopic: string, environment: NodeJS.ProcessEnv) {
    const script = join(root, 'test', 'nodes', 'rclpy_probe.py');
    super(findRos().python, [script, expressionsTopic, imageTopic], environment);
  }

  /** Every FacialExpressions message so far. */
  get heard(): HeardExpressions[] {
    return this.#told<HeardExpressions>('{"expressions"');
  }

  /** The stamp of every image so far, and its frame. */
  get images(): { image: number; frame_id: string }[] {
    return this.#told('{"image"');
  }

  /** Waits for messages that come from now on, `count` of those that are wanted. */
  async hear(count: number, wanted: (message: HeardExpressions) => boolean = () => true, seconds = 30) {
    const before = this.heard.length;
    return this.until(
      `${count} messages`,
      () => {
        const messages = this.heard.slice(before).filter(wanted);
        return messages.length >= count ? messages : undefined;
      },
      seconds,
    );
  }

  /** Publishes an image; its stamp. */
  async publish(image: ProbeImage): Promise<number> {
    const told = await this.#command<{ published: number }>({ publish: image }, '{"published"');
    return told.published;
  }

  /** Sets a node's parameter; the service's answer. */
  setParameter(
    node: string,
    name: string,
    value: number | string | boolean,
  ): Promise<{ successful: boolean; reason: string }> {
    return this.#command({ set: { node, name, value } }, '{"set"');
  }

  /** What a node says of a parameter; type is rcl_interfaces/msg/ParameterType. */
  describeParameter(
    node: string,
    name: string,
  ): Promise<{ type: number; description: string; read_only: boolean; range: [number, number][] }> {
    return this.#command({ describe: { node, name } }, '{"described"');
  }

  /** Calls a service of a package's type; its response's fields. */
  callService<Response>(type: readonly [packageName: string, kind: string], name: string, request: object) {
    const [packageName, kind] = type;
    return this.#command<Response>({ call: { package: packageName, kind, name, request } }, `{"answered": "${name}"`);
  }

  /** Asks a managed node for a transition; whether it was made, and the node's state after it. */
  changeState(node: string, label: string): Promise<{ changed: boolean; state: string }> {
    return this.#command({ change: { node, label } }, '{"changed"');
  }

  /** Subscribes to a topic of any type, such as std_msgs/msg/String; `on` gives what comes. */
  async listen(topic: string, type: string): Promise<void> {
    await this.#command({ listen: { topic, type } }, `{"listening": "${topic}"`);
  }

  /** Ends what `listen` began. */
  async ignore(topic: string): Promise<void> {
    await this.#command({ ignore: { topic } }, `{"ignoring": "${topic}"`);
  }

  /** How many publish and subscribe to a topic, as far as the probe has discovered. */
  count(topic: string): Promise<{ publishers: number; subscribers: number }> {
    return this.#command({ count: { topic } }, `{"counted": "${topic}"`);
  }

  /** Every message so far on a topic that it listens to, with ROS's names of fields. */
  on<Message>(topic: string): Message[] {
    return this.#told<{ message: Message }>(`{"on": "${topic}"`).map(({ message }) => message);
  }

  /** Waits for so many messages, from now on, that are wanted. */
  async hearOn<Message>(
    topic: string,
    count: number,
    wanted: (message: Message) => boolean = () => true,
    seconds = 30,
  ): Promise<Message[]> {
    const before = this.on(topic).length;
    return this.until(
      `${count} messages on ${topic}`,
      () => {
        const messages = this.on<Message>(topic).slice(before).filter(wanted);
        return messages.length >= count ? messages : undefined;
      },
      seconds,
    );
  }

  async #command<Answer>(command: object, start: string): Promise<Answer> {
    const before = this.#told(start).length;
    this.write(JSON.stringify(command));
    return this.until(`answer to ${JSON.stringify(command)}`, () => this.#told<Answer>(start)[before]);
  }

  #told<Message>(start: string): Message[] {
    return this.lines.filter((line) => line.startsWith(start)).map((line) => JSON.parse(line));
  }
}
