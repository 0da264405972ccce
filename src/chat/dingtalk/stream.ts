import { EventEmitter } from 'node:events';
import { DWClient, TOPIC_CARD, TOPIC_ROBOT } from 'dingtalk-stream';
import { parseJson } from '../json.ts';
import { type Frame, readFrame } from './payloads.ts';

export interface StreamOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly now: () => number;
  /** A connection on which nothing came for so long is taken for dead, however open it looks. */
  readonly idleMs: number;
  /** The first wait before another attempt; it doubles up to thirty times as much. */
  readonly retryMs: number;
  /**
   * Answers once what came is kept. DingTalk sends again what is not acknowledged within a minute, so that a
   * rejection, or a crash before the answer, loses nothing.
   */
  readonly handle: (frame: Frame) => Promise<unknown>;
  readonly log: (what: string, detail: Readonly<Record<string, unknown>>) => void;
}

interface Told {
  readonly frame: (line: Line, frame: Frame) => void;
  /** DingTalk is about to close this connection, and sends nothing more on it. */
  readonly leaving: (line: Line) => void;
  readonly malformed: () => void;
}

/** One connection by the SDK; its frames are read with care, since the SDK throws on what is not JSON. */
class Line extends DWClient {
  lastFrame: number;
  readonly pending = new Set<Promise<void>>();
  private readonly told: Told;
  private readonly clock: () => number;

  constructor(options: StreamOptions, told: Told) {
    const settings = {
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      // Both of the SDK's own watches leave half-open sockets behind (its issues 13 and 14).
      keepAlive: false,
      autoReconnect: false,
      ua: 'warroom',
      subscriptions: [
        { type: 'CALLBACK', topic: TOPIC_ROBOT },
        { type: 'CALLBACK', topic: TOPIC_CARD },
      ],
    };
    super(settings);
    this.told = told;
    this.clock = options.now;
    this.lastFrame = options.now();
  }

  override onDownStream(data: string): void {
    this.lastFrame = this.clock();
    const text = String(data);
    const frame = readFrame(text);
    if (!frame) {
      this.told.malformed();
      return;
    }
    switch (frame.type) {
      case 'SYSTEM':
        super.onDownStream(text);
        if (frame.headers.topic === 'disconnect') this.told.leaving(this);
        return;
      case 'CALLBACK':
        this.told.frame(this, frame);
        return;
      case 'EVENT':
        return;
      default: {
        const unknown: never = frame.type;
        throw new Error(`unknown frame ${JSON.stringify(unknown)}`);
      }
    }
  }

  onClosed(closed: () => void): void {
    const socket: unknown = Reflect.get(this, 'socket');
    if (socket instanceof EventEmitter) socket.once('close', closed);
  }
}

export function createStream(options: StreamOptions) {
  let current: Line | null = null;
  let running = false;
  let attempts = 0;
  let opening: Promise<void> | null = null;
  let watch: NodeJS.Timeout | undefined;
  let again: NodeJS.Timeout | undefined;

  const told: Told = {
    frame(line, frame) {
      const work = answer(line, frame).finally(() => line.pending.delete(work));
      line.pending.add(work);
    },
    leaving(line) {
      // Nothing more comes on it, though it stays open for seconds: the next one is opened before it is closed.
      if (line === current) void renew('disconnect');
    },
    malformed: () => options.log('dingtalk: a frame of no known shape', {}),
  };

  async function answer(line: Line, frame: Frame): Promise<void> {
    try {
      const response = await options.handle(frame);
      line.socketCallBackResponse(frame.headers.messageId, response);
    } catch (error) {
      options.log('dingtalk: a delivery failed and will come again', { error: describe(error) });
    }
  }

  async function open(): Promise<Line> {
    const line = new Line(options, told);
    await quietly(async () => {
      await line.getEndpoint();
      await line._connect();
    });
    line.lastFrame = options.now();
    line.onClosed(() => {
      if (line === current) {
        current = null;
        if (running) void renew('closed');
      }
    });
    return line;
  }

  /** Opens another connection and then lets go of the one there is, once what came on it is answered. */
  function renew(why: string): Promise<void> {
    opening ??= replace(why).finally(() => {
      opening = null;
    });
    return opening;
  }

  async function replace(why: string): Promise<void> {
    clearTimeout(watch);
    clearTimeout(again);
    try {
      const next = await open();
      const old = current;
      if (!running) {
        await release(next);
        return;
      }
      current = next;
      attempts = 0;
      if (why !== 'start') options.log('dingtalk: connected again', { why });
      look(next);
      if (old) void release(old);
    } catch (error) {
      options.log('dingtalk: not connected', { why, error: describe(error) });
      if (!running) return;
      const wait = options.retryMs * 2 ** Math.min(attempts, 5);
      attempts += 1;
      again = setTimeout(() => void renew(why), wait);
    }
  }

  function look(line: Line): void {
    clearTimeout(watch);
    const left = line.lastFrame + options.idleMs - options.now();
    watch = setTimeout(
      () => {
        if (!running || line !== current) return;
        if (line.lastFrame + options.idleMs > options.now()) return look(line);
        void renew('silent');
      },
      Math.max(left, 1),
    );
    watch.unref();
  }

  async function release(line: Line): Promise<void> {
    await Promise.all(line.pending);
    await quietly(async () => line.disconnect());
  }

  return {
    /** Never rejects: without a connection it keeps trying. */
    async start(): Promise<void> {
      running = true;
      await renew('start');
    },
    async stop(): Promise<void> {
      running = false;
      clearTimeout(watch);
      clearTimeout(again);
      await opening;
      const line = current;
      current = null;
      if (line) await release(line);
    },
  };
}

let quiet = 0;
const loud = { info: console.info, warn: console.warn };

/** The SDK speaks on standard output, where the login link and nothing else belongs. */
async function quietly(work: () => Promise<void>): Promise<void> {
  // Two connections overlap when one follows the other: the first to begin mutes, the last to end unmutes.
  if (quiet === 0) {
    loud.info = console.info;
    loud.warn = console.warn;
    console.info = () => {};
    console.warn = () => {};
  }
  quiet += 1;
  try {
    await work();
  } finally {
    quiet -= 1;
    if (quiet === 0) Object.assign(console, loud);
  }
}

/** An error of the SDK's HTTP client holds the whole request, the secret included: only what DingTalk said is kept. */
function describe(error: unknown): string {
  const response: unknown = error instanceof Error ? Reflect.get(error, 'response') : null;
  if (typeof response !== 'object' || response === null)
    return error instanceof Error ? error.message.slice(0, 200) : String(error).slice(0, 200);
  const status: unknown = Reflect.get(response, 'status');
  const data: unknown = Reflect.get(response, 'data');
  const said = typeof data === 'string' ? parseJson(data) : data;
  const code: unknown = typeof said === 'object' && said !== null ? Reflect.get(said, 'code') : null;
  return `HTTP ${String(status)} ${typeof code === 'string' ? code : ''}`.trim();
}
