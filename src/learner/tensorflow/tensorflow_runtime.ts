import type { TensorFlow } from './tensorflow_operations.js';

/** A TensorFlow.js that is loaded, on one of its backends. */
export class TensorFlowRuntime {
  /**
   * @param packageName such as @tensorflow/tfjs-node
   * @param backend as TensorFlow.js calls it: 'tensorflow' (libtensorflow), 'wasm' or 'cpu'
   * @param description library, version, device and threads, for people
   */
  constructor(
    private readonly tf: TensorFlow,
    readonly packageName: string,
    readonly backend: string,
    readonly description: string,
  ) {}

  /**
   * Runs work that leaves no tensor behind on this backend.
   *
   * All copies of TensorFlow.js in a process share one state and one active backend, and the networks that find faces
   * use another one: so it is chosen for the work and given back.
   */
  tidy<T>(work: (tf: TensorFlow) => T): T {
    const { tf } = this;
    const active = tf.getBackend();
    this.activate(this.backend);
    try {
      let result: T | undefined;
      tf.tidy(() => {
        result = work(tf);
      });
      return result as T;
    } finally {
      if (active !== this.backend) this.activate(active);
    }
  }

  /** How many tensors are alive: constant from call to call. */
  tensorCount(): number {
    return this.tf.memory().numTensors;
  }

  /** A backend that has been started becomes the active one before the promise is given. */
  private activate(backend: string): void {
    void this.tf.setBackend(backend);
  }
}
