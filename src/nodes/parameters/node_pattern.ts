/**
 * Whether a name in a parameter file means a node: a name by itself, a path, or a pattern where `*` stands for one part
 * of a path and `**` for any number of parts, as rcl and rclcpp read them.
 *
 * @param pattern such as /robot/camera_node or, for every node, `/` and two stars; without a leading slash, one is meant
 * @param fullyQualifiedName of the node, such as /robot/camera_node
 */
export function isNodeMeant(pattern: string, fullyQualifiedName: string): boolean {
  const parts = pattern.split('/').filter((part) => part !== '');
  const expression = parts.map((part) => {
    if (part === '**') return '(?:/\\w+)*';
    if (part === '*') return '/\\w+';
    return `/${part.replace(/[^\w]/g, '\\$&')}`;
  });
  return new RegExp(`^${expression.join('')}$`).test(fullyQualifiedName);
}
