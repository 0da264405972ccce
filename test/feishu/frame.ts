/**
 * The frames of the long connection as the SDK speaks them (its `pbbp2.Frame`): protobuf with SeqID 1, LogID 2,
 * service 3, method 4, headers 5 (key 1, value 2), payload 8. The SDK keeps its codec to itself.
 */
export interface Frame {
  /** 0 control, 1 data. */
  readonly method: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Uint8Array;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

const tagged = (field: number, type: number): Buffer => varint(field * 8 + type);
const number = (field: number, value: number): Buffer => Buffer.concat([tagged(field, 0), varint(value)]);
const bytes = (field: number, value: Uint8Array): Buffer =>
  Buffer.concat([tagged(field, 2), varint(value.byteLength), value]);

export function encodeFrame({ method, headers, payload }: Frame): Buffer {
  return Buffer.concat([
    number(1, 1),
    number(2, 1),
    number(3, 1),
    number(4, method),
    ...Object.entries(headers).map(([key, value]) =>
      bytes(5, Buffer.concat([bytes(1, Buffer.from(key)), bytes(2, Buffer.from(value))])),
    ),
    bytes(8, payload),
  ]);
}

export function decodeFrame(data: Uint8Array): Frame {
  const headers: Record<string, string> = {};
  let method = 0;
  let payload = new Uint8Array();
  for (const [field, value] of fields(data)) {
    if (field === 4 && typeof value === 'number') method = value;
    if (typeof value === 'number') continue;
    if (field === 8) payload = new Uint8Array(value);
    if (field !== 5) continue;
    const pair = new Map(fields(value));
    headers[text(pair.get(1))] = text(pair.get(2));
  }
  return { method, headers, payload };
}

function text(value: number | Uint8Array | undefined): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : '';
}

function fields(data: Uint8Array): [number, number | Uint8Array][] {
  const found: [number, number | Uint8Array][] = [];
  let at = 0;
  const read = (): number => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = data[at] ?? 0;
      at += 1;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  };
  while (at < data.byteLength) {
    const tag = read();
    const field = Math.floor(tag / 8);
    if (tag % 8 === 0) found.push([field, read()]);
    else if (tag % 8 === 2) {
      const size = read();
      found.push([field, data.subarray(at, at + size)]);
      at += size;
    } else throw new Error(`a frame of the SDK has no fields of type ${tag % 8}`);
  }
  return found;
}
