/** Episodes as one MCAP file, in chunks with an index, for Foxglove and whatever else reads MCAP. */

import { type IWritable, McapWriter } from "@mcap/core";
import type { EpisodeHeader } from "../../../sim/episode-log.js";
import { createRobotModel } from "../../../sim/robot/model.js";
import { parseUrdf } from "../../../sim/robot/urdf.js";
import { packageVersion } from "../files/package-root.js";
import type { EpisodeSource } from "../run-folder/episode-source.js";
import { type EpisodeMessage, MCAP_CHANNELS, type McapTopic } from "./channels.js";
import { frameMessages, type Kinematics } from "./frames.js";
import { groundScene, robotScene } from "./scene.js";
import { timeOf } from "./values.js";

/** Between two episodes, so that they can be told apart on the time line, s. */
const PAUSE_S = 1;

/**
 * Writes episodes one after the other, from the time at which their run was created on. The same episodes give the same bytes.
 * Throws InputError if the run's robot.urdf is missing or describes no quadruped.
 */
export async function encodeMcap({ run, episodes }: EpisodeSource): Promise<Uint8Array> {
  const file = run.file("robot.urdf");
  const text = run.readFile("robot.urdf");
  // Tuning changes gains and limits, not the joints' names and order.
  const { jointNames } = createRobotModel({ urdf: text, tuning: undefined }, file);
  const robot: Kinematics = { urdf: parseUrdf(text, file), jointNames };
  const log = await McapLog.start();
  let startNs = BigInt(Date.parse(run.info.createdAt)) * 1_000_000n;
  for (const episode of episodes) {
    await writeEpisode(log, episode, robot, startNs);
    startNs += nanoseconds(episode.log.numFrames * episode.log.header.dtS + PAUSE_S);
  }
  return log.end();
}

async function writeEpisode(
  out: McapLog,
  { name, log }: EpisodeSource["episodes"][number],
  robot: Kinematics,
  startNs: bigint,
): Promise<void> {
  const start = timeOf(startNs);
  await out.write("/episode", describe(name, log.header), startNs);
  await out.write("/robot", robotScene(robot.urdf, start), startNs);
  await out.write("/ground", groundScene(log, start), startNs);
  for (let i = 0; i < log.numFrames; i++) {
    const timeNs = startNs + nanoseconds(i * log.header.dtS);
    const messages = Object.entries(frameMessages(log, i, robot, timeOf(timeNs)));
    for (const [topic, message] of messages) await out.write(topic as McapTopic, message, timeNs);
  }
}

function describe(name: string, header: EpisodeHeader): EpisodeMessage {
  const { label, robot, task, gait, controller, terrain, fell, durationS } = header;
  const metrics = Object.fromEntries(Object.entries(header.metrics).filter(([, value]) => Number.isFinite(value)));
  return { name, label, robot, task, gait, controller, terrain, fell, durationS, metrics };
}

function nanoseconds(seconds: number): bigint {
  return BigInt(Math.round(seconds * 1e9));
}

/** An MCAP file that grows in memory. */
class McapLog {
  private readonly channels = new Map<McapTopic, { id: number; sequence: number }>();

  static async start(): Promise<McapLog> {
    const buffer = new GrowingBuffer();
    const log = new McapLog(buffer, new McapWriter({ writable: buffer }));
    await log.writer.start({ profile: "", library: `gaitway ${packageVersion()}` });
    await log.registerChannels();
    return log;
  }

  private constructor(
    private readonly buffer: GrowingBuffer,
    private readonly writer: McapWriter,
  ) {}

  async write(topic: McapTopic, message: object, timeNs: bigint): Promise<void> {
    const channel = this.channels.get(topic)!;
    const data = encodeJson(message);
    const { id: channelId, sequence } = channel;
    await this.writer.addMessage({ channelId, sequence, logTime: timeNs, publishTime: timeNs, data });
    channel.sequence++;
  }

  /** Completes the file, and returns its bytes. */
  async end(): Promise<Uint8Array> {
    await this.writer.end();
    return this.buffer.bytes();
  }

  private async registerChannels(): Promise<void> {
    const schemaIds = new Map<string, number>();
    for (const [topic, { schemaName: name, schema }] of Object.entries(MCAP_CHANNELS)) {
      const schemaId =
        schemaIds.get(name) ??
        (await this.writer.registerSchema({ name, encoding: "jsonschema", data: encodeJson(schema) }));
      schemaIds.set(name, schemaId);
      const id = await this.writer.registerChannel({ topic, schemaId, messageEncoding: "json", metadata: new Map() });
      this.channels.set(topic as McapTopic, { id, sequence: 0 });
    }
  }
}

class GrowingBuffer implements IWritable {
  private readonly parts: Uint8Array[] = [];
  private size = 0;

  async write(part: Uint8Array): Promise<void> {
    this.parts.push(part.slice()); // the writer uses its memory again
    this.size += part.length;
  }

  position(): bigint {
    return BigInt(this.size);
  }

  bytes(): Uint8Array {
    return Buffer.concat(this.parts);
  }
}

function encodeJson(value: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
