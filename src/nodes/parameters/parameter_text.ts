import type { Changeable, ParameterSpecs } from './parameter_spec.js';

const CHANGES: Readonly<Record<Changeable, string>> = {
  always: 'any time',
  'unless active': 'not active',
  never: 'at start',
};

/** A node's parameters as a table in Markdown, for its documentation. */
export function parameterTable(specs: ParameterSpecs): string {
  const rows = Object.entries(specs).map(([name, spec]) => {
    const { type, defaultValue, changeable, more } = spec;
    const link = more === undefined ? '' : ` ([more](${more}))`;
    const cells = [`\`${name}\``, type, `\`${valueText(type, defaultValue)}\``, CHANGES[changeable]];
    return [...cells, `${meaning(spec)}${link}`];
  });
  return markdownTable([['parameter', 'type', 'default', 'changes', 'meaning'], ...rows]);
}

/** A node's parameters with their defaults as a parameter file, for whoever wants others. */
export function parameterFile(node: string, specs: ParameterSpecs): string {
  const entries = Object.entries(specs).map(([name, spec]) => {
    const { type, defaultValue } = spec;
    return `    # ${meaning(spec)}\n    ${name}: ${valueText(type, defaultValue)}\n`;
  });
  return [
    `# Parameters of ${node}, in whichever namespace it runs. ros2 param describe tells the same of them.\n`,
    `/**/${node}:\n  ros__parameters:\n`,
    ...entries,
  ].join('');
}

function meaning({ description, range }: ParameterSpecs[string]): string {
  if (range === undefined) return description;
  return `${description.replace(/\.$/, '')} (${range[0]} to ${range[1]}).`;
}

function valueText(type: string, value: string | number | boolean): string {
  return type === 'double' && Number.isInteger(value) ? `${value}.0` : String(value);
}

function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at]!)).join(' | ')} |`;
  const [head, ...body] = rows;
  return [line(head!), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join('\n');
}
