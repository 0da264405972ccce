export interface Heard {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

/** An open page: reads events until one fits. */
export class OpenPage {
  private readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  private buffer = '';
  private readonly decoder = new TextDecoder();
  readonly heard: Heard[] = [];

  constructor(response: Response) {
    if (!response.body) throw new Error('no stream');
    this.reader = response.body.getReader();
  }

  async until(fits: (one: Heard) => boolean): Promise<Heard> {
    for (;;) {
      const next = await this.next();
      if (next === null) throw new Error('the stream ended');
      if (fits(next)) return next;
    }
  }

  /** Null when the server has ended the stream. */
  async next(): Promise<Heard | null> {
    for (;;) {
      const end = this.buffer.indexOf('\n\n');
      if (end >= 0) {
        const lines = this.buffer.slice(0, end).split('\n');
        this.buffer = this.buffer.slice(end + 2);
        const part = (name: string) =>
          lines.flatMap((line) =>
            line.startsWith(`${name}:`) ? [line.slice(name.length + 1).trimStart()] : [],
          );
        const one = { event: part('event').join(''), id: part('id').join(''), data: part('data').join('\n') };
        this.heard.push(one);
        return one;
      }
      const { done, value } = await this.reader.read();
      if (done) return null;
      this.buffer += this.decoder.decode(value, { stream: true });
    }
  }

  close(): Promise<void> {
    return this.reader.cancel();
  }
}
