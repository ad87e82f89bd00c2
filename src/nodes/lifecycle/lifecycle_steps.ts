/** What a managed node does in its transitions. Each may throw; the error is logged, and the node goes on. */
export interface LifecycleSteps {
  /** From unconfigured to inactive; where it throws it has freed what it made, and the node stays unconfigured. */
  configure(): Promise<void>;
  /** From inactive to active; where it throws it has freed what it made, and the node stays inactive. */
  activate(): Promise<void>;
  /** From active to inactive. */
  deactivate(): Promise<void>;
  /** From inactive, or wherever an error has left the node, to unconfigured: frees all that there is. */
  cleanup(): Promise<void>;
}
