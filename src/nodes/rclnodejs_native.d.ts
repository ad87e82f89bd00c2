/** The part of rclnodejs' addon that its own types leave out. */
declare module 'rclnodejs/lib/native_loader.js' {
  interface NativeParameter {
    readonly name: string;
    /** rcl_interfaces/msg/ParameterType. */
    readonly type: number;
    readonly value: unknown;
  }
  interface LifecycleLabel {
    readonly id: number;
    readonly label: string;
  }
  /** lifecycle_msgs/msg/TransitionDescription. */
  export interface TransitionDescription {
    readonly transition: LifecycleLabel;
    readonly start_state: LifecycleLabel;
    readonly goal_state: LifecycleLabel;
  }
  interface NativeAddon {
    /** All parameters on the command line and in its files, by the pattern of node names that they are for. */
    getParameterOverrides(
      contextHandle: unknown,
    ): readonly { readonly name: string; readonly parameters: readonly NativeParameter[] }[] | undefined;
    /** Makes a transition of rcl's state machine and publishes it; throws where there is none from the current state. */
    triggerLifecycleTransitionByLabel(stateMachineHandle: unknown, label: string): LifecycleLabel;
    /** All transitions of rcl's state machine. */
    getLifecycleTransitions(stateMachineHandle: unknown): TransitionDescription[];
    /** Those from the current state. */
    getAvailableLifecycleTransitions(stateMachineHandle: unknown): TransitionDescription[];
  }
  const addon: NativeAddon;
  export default addon;
}
