import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import type { AnnotatedImage, AnnotationWish } from '../../../pipeline/annotation.js';
import type { ManagedNode } from '../../lifecycle/managed_node.js';
import type { HeaderMessage } from '../../messages.js';
import type { ExpressionParameters } from '../expression_parameters.js';
import type { ExpressionOutput, ImageAnswer, OutputKind } from './expression_output.js';

interface OpenOutput {
  readonly kind: OutputKind;
  /** The parameters that it was made with. */
  readonly key: string;
  readonly output: ExpressionOutput | undefined;
}

/** The outputs of a node. An error of one of them is a failure of the node, and does not keep the others from their work. */
export class OutputSet {
  readonly #node: ManagedNode;
  #open: readonly OpenOutput[] = [];
  /** Those that have published since they were paused last. */
  readonly #atWork = new Set<ExpressionOutput>();

  private constructor(node: ManagedNode) {
    this.#node = node;
  }

  /**
   * Makes the outputs, with a turn of the event loop for each: the first time, what rclnodejs knows of their messages is
   * loaded, which for all of them together would hold the thread up for 30 ms.
   *
   * @throws what the first one that cannot be made throws; the others are released then
   */
  static async open(node: ManagedNode, kinds: readonly OutputKind[], parameters: ExpressionParameters) {
    const outputs = new OutputSet(node);
    try {
      for (const kind of kinds) {
        await turnOfEventLoop();
        outputs.#open = [...outputs.#open, outputs.#make(kind, parameters)];
      }
      return outputs;
    } catch (error) {
      outputs.release();
      throw error;
    }
  }

  /** Whether somebody listens to any of them. */
  get wanted(): boolean {
    return this.#open.some(({ output }) => output?.wanted);
  }

  /** Makes those anew whose parameters have changed. */
  update(parameters: ExpressionParameters): void {
    this.#open = this.#open.map((open) => {
      const { kind, key, output } = open;
      if (key === keyOf(kind, parameters)) return open;
      this.#release(output);
      let made: OpenOutput = { kind, key: keyOf(kind, parameters), output: undefined };
      this.#node.guard(() => {
        made = this.#make(kind, parameters);
      });
      return made;
    });
  }

  /** Publishes what came of an image, on those that somebody listens to; the others pause. */
  publish(answer: ImageAnswer): void {
    for (const { output } of this.#open) {
      this.#node.guard(() => {
        if (output?.wanted) {
          this.#atWork.add(output);
          output.publish(answer);
        } else if (output) {
          this.#pause(output);
        }
      });
    }
  }

  /** The pictures that are to be drawn of an image that has just come; undefined for none. */
  annotation(parameters: ExpressionParameters): AnnotationWish | undefined {
    const wishes = this.#open.flatMap(({ output }) => output?.annotation?.(parameters) ?? []);
    return wishes.find(({ pixels, jpegQuality }) => pixels || jpegQuality !== undefined);
  }

  /** Publishes what was drawn of an image. @param header the image's */
  publishAnnotated(header: HeaderMessage, annotated: AnnotatedImage): void {
    for (const { output } of this.#open) this.#node.guard(() => output?.publishAnnotated?.(header, annotated));
  }

  /** No more images are processed for now. */
  pause(): void {
    for (const output of this.#atWork) this.#node.guard(() => this.#pause(output));
  }

  /** Destroys all publishers. */
  release(): void {
    for (const { output } of this.#open) this.#release(output);
    this.#open = [];
  }

  #release(output: ExpressionOutput | undefined): void {
    if (!output) return;
    this.#atWork.delete(output);
    this.#node.guard(() => output.release());
  }

  #pause(output: ExpressionOutput): void {
    if (this.#atWork.delete(output)) output.pause?.();
  }

  #make(kind: OutputKind, parameters: ExpressionParameters): OpenOutput {
    return { kind, key: keyOf(kind, parameters), output: kind.open(this.#node, parameters) };
  }
}

function keyOf({ parameters: names }: OutputKind, parameters: ExpressionParameters): string {
  return JSON.stringify(names.map((name) => parameters[name]));
}
