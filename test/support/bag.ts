import { existsSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { parse } from '@foxglove/rosmsg';
import { MessageReader, MessageWriter } from '@foxglove/rosmsg2-serialization';
import { McapIndexedReader, McapWriter } from '@mcap/core';
import { FileHandleReadable, FileHandleWritable } from '@mcap/nodejs';
import { loadDecompressHandlers } from '@mcap/support';

// Bags as rosbag2 records them: MCAP files with the profile ros2, messages in CDR, schemas as ros2msg
// (https://mcap.dev/spec/registry).

/** A message of a bag, serialized as it goes over the wire. */
export interface BagMessage {
  readonly topic: string;
  /** PACKAGE/msg/NAME. */
  readonly type: string;
  /** When it was recorded, nanoseconds. */
  readonly time: bigint;
  readonly data: Uint8Array;
}

const SEPARATOR = '='.repeat(80);

/** The definition of a message's type with those that it refers to, as rosbag2 writes them; the packages must be sourced. */
function definitionText(type: string): string {
  const parts: string[] = [];
  const seen = new Set<string>();
  const add = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    const [packageName, , messageName] = name.split('/');
    const text = readFileSync(definitionFile(packageName!, messageName!), 'utf8');
    parts.push(parts.length === 0 ? text : `${SEPARATOR}\nMSG: ${packageName}/${messageName}\n${text}`);
    for (const [, reference] of text.matchAll(/^\s*((?:\w+\/)?[A-Z]\w*)(?:\[[^\]]*\])?\s+\w+/gm)) {
      const [inPackage, ofName] = reference!.includes('/') ? reference!.split('/') : [packageName, reference];
      add(`${inPackage}/msg/${ofName}`);
    }
  };
  add(type);
  return parts.join('\n');
}

function definitionFile(packageName: string, messageName: string): string {
  const places = (process.env.AMENT_PREFIX_PATH ?? '').split(delimiter);
  const files = places.map((prefix) => join(prefix, 'share', packageName, 'msg', `${messageName}.msg`));
  const file = files.find((path) => existsSync(path));
  if (file === undefined) throw new Error(`no ${packageName}/msg/${messageName} in AMENT_PREFIX_PATH`);
  return file;
}

function definitions(type: string): ReturnType<typeof parse> {
  return parse(definitionText(type), { ros2: true });
}

/** What turns objects into messages of a type, as they go over the wire. */
export function serializerOf(type: string): (message: object) => Uint8Array {
  const writer = new MessageWriter(definitions(type));
  return (message) => writer.writeMessage(message);
}

/** What turns messages of a type, as they go over the wire, into objects. */
export function deserializerOf<Message>(type: string): (data: Uint8Array) => Message {
  const reader = new MessageReader<Message>(definitions(type));
  return (data) => reader.readMessage(data);
}

/** Writes a bag, in the order of the messages. */
export async function writeBag(path: string, messages: Iterable<BagMessage>): Promise<void> {
  const file = await open(path, 'wx');
  try {
    const writer = new McapWriter({ writable: new FileHandleWritable(file) });
    await writer.start({ profile: 'ros2', library: 'facial_expression_recognition' });
    const channels = new Map<string, number>();
    let sequence = 0;
    for (const { topic, type, time, data } of messages) {
      let channelId = channels.get(topic);
      if (channelId === undefined) {
        const schema = { name: type, encoding: 'ros2msg', data: new TextEncoder().encode(definitionText(type)) };
        const schemaId = await writer.registerSchema(schema);
        channelId = await writer.registerChannel({ schemaId, topic, messageEncoding: 'cdr', metadata: new Map() });
        channels.set(topic, channelId);
      }
      await writer.addMessage({ channelId, sequence: sequence++, logTime: time, publishTime: time, data });
    }
    await writer.end();
  } finally {
    await file.close();
  }
}

/** The messages of a bag, by the time when they were recorded. */
export async function* readBag(path: string): AsyncGenerator<BagMessage, void> {
  const file = await open(path);
  try {
    const readable = new FileHandleReadable(file);
    const reader = await McapIndexedReader.Initialize({ readable, decompressHandlers: await loadDecompressHandlers() });
    for await (const { channelId, logTime, data } of reader.readMessages()) {
      const { topic, schemaId } = reader.channelsById.get(channelId)!;
      yield { topic, type: reader.schemasById.get(schemaId)!.name, time: logTime, data };
    }
  } finally {
    await file.close();
  }
}
