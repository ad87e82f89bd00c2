#!/usr/bin/env node
// node scripts/with_ros.mjs COMMAND ARGUMENTS...: runs a command with ROS 2, our messages and our nodes in its environment.
import { spawn } from 'node:child_process';
import { rosEnvironment } from './setup/ros_environment.mjs';

const [command, ...args] = process.argv.slice(2);
if (!command) {
  console.error('Usage: node scripts/with_ros.mjs COMMAND [ARGUMENTS...]');
  process.exit(2);
}
const child = spawn(command, args, { stdio: 'inherit', env: rosEnvironment() });
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  // A terminal's Ctrl-C reaches the child by itself; this process only waits for it.
  process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
}
child.on('error', (error) => {
  console.error(`${command} cannot be run: ${error.message}`);
  process.exitCode = 127;
});
child.on('exit', (code, signal) => {
  if (signal) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }
  process.exitCode = code ?? 1;
});
