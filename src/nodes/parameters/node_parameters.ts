import type { Node, Parameter } from 'rclnodejs';
import rclnodejs from 'rclnodejs';
import { errorMessage, InvalidInputError } from '../../errors.js';
import { describeParameter, TYPE_NUMBERS } from './parameter_descriptor.js';
import { parameterOverrides } from './parameter_overrides.js';
import { answerParameterRequests } from './parameter_requests.js';
import { checkParameter, type ParameterSpecs, type ParameterValues } from './parameter_spec.js';

/** A node's parameters: declared with descriptions and ranges, checked whenever somebody sets one. */
export class NodeParameters<Specs extends ParameterSpecs> {
  readonly #node: Node;
  readonly #specs: Specs;
  readonly #isActive: () => boolean;
  readonly #listeners: ((values: ParameterValues<Specs>) => void)[] = [];
  #values: Record<string, string | number | boolean> = {};
  /** Set by the node itself, which may change what others may not. */
  #own: string | undefined;

  /**
   * Declares the parameters, with the values that the node was started with.
   *
   * @param isActive whether the node is at work, so that some cannot be changed
   * @throws InvalidInputError when it was started with a value that is not allowed
   */
  constructor(node: Node, specs: Specs, isActive: () => boolean = () => false) {
    this.#node = node;
    this.#specs = specs;
    this.#isActive = isActive;
    const overrides = new Map(parameterOverrides(node).map(({ name, value }) => [name, value]));
    const path = node.getFullyQualifiedName();
    for (const [name, { defaultValue }] of Object.entries(specs)) {
      const given = overrides.has(name) ? overrides.get(name) : defaultValue;
      this.#values[name] = checkParameter(specs, name, given, `the parameters given to ${path}`);
    }
    for (const [name, spec] of Object.entries(specs)) {
      const parameter = new rclnodejs.Parameter(name, TYPE_NUMBERS[spec.type], this.#values[name]);
      node.declareParameter(parameter, describeParameter(name, spec), true);
    }
    this.#warnOfUnknown();
    answerParameterRequests(node, specs);
    node.addPreSetParametersCallback((parameters) => parameters.map((parameter) => this.#ofDeclaredType(parameter)));
    node.addOnSetParametersCallback((parameters: Parameter[]) => this.#check(parameters));
    node.addPostSetParametersCallback((parameters) => this.#take(parameters));
  }

  /** The values as they are now. */
  get values(): ParameterValues<Specs> {
    return { ...this.#values } as ParameterValues<Specs>;
  }

  /** Has a function called with all values whenever one has changed. */
  onChange(listener: (values: ParameterValues<Specs>) => void): void {
    this.#listeners.push(listener);
  }

  /** Changes a parameter by the node's own doing, whenever it may be changed by others. */
  set<Name extends keyof Specs & string>(name: Name, value: ParameterValues<Specs>[Name]): void {
    this.#own = name;
    try {
      this.#node.setParameter(new rclnodejs.Parameter(name, TYPE_NUMBERS[this.#specs[name]!.type], value));
    } finally {
      this.#own = undefined;
    }
  }

  /** Numbers in ROS are integers or doubles: 1 is taken for 1.0 where a double is wanted, and the other way round. */
  #ofDeclaredType(parameter: Parameter): Parameter {
    const { name, value } = parameter;
    const type = Object.hasOwn(this.#specs, name) ? this.#specs[name]!.type : undefined;
    if (type === 'double' && typeof value === 'bigint') {
      return new rclnodejs.Parameter(name, TYPE_NUMBERS.double, Number(value));
    }
    if (type === 'integer' && typeof value === 'number' && Number.isSafeInteger(value)) {
      return new rclnodejs.Parameter(name, TYPE_NUMBERS.integer, BigInt(value));
    }
    return parameter;
  }

  #check(parameters: readonly Parameter[]): { successful: boolean; reason: string } {
    try {
      for (const { name, value } of parameters) this.#checkOne(name, value);
      return { successful: true, reason: '' };
    } catch (error) {
      return { successful: false, reason: errorMessage(error) };
    }
  }

  #checkOne(name: string, given: unknown): void {
    const spec = Object.hasOwn(this.#specs, name) ? this.#specs[name] : undefined;
    if (!spec) return;
    const origin = `setting a parameter of ${this.#node.getFullyQualifiedName()}`;
    const value = checkParameter(this.#specs, name, given, origin);
    if (name === this.#own || value === this.#values[name]) return;
    if (spec.changeable === 'never') {
      throw new InvalidInputError(name, value, 'no change: it is read when the node starts', origin);
    }
    if (spec.changeable === 'unless active' && this.#isActive()) {
      throw new InvalidInputError(name, value, 'no change while the node is active: deactivate it first', origin);
    }
  }

  #take(parameters: readonly Parameter[]): void {
    const own = parameters.filter(({ name }) => Object.hasOwn(this.#specs, name));
    for (const { name, value } of own) this.#values[name] = typeof value === 'bigint' ? Number(value) : value;
    if (own.length > 0) for (const listener of this.#listeners) listener(this.values);
  }

  /** Parameters that the node was started with and that it does not have: misspelt ones, likely. */
  #warnOfUnknown(): void {
    for (const { name } of parameterOverrides(this.#node)) {
      const known = Object.hasOwn(this.#specs, name) || this.#node.hasParameter(name) || name.includes('.');
      if (known || name === 'use_sim_time') continue;
      const all = Object.keys(this.#specs).join(', ');
      this.#node.getLogger().warn(`There is no parameter ${name}; it is not used. The parameters are ${all}.`);
    }
  }
}
