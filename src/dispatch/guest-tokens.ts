import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Store } from '../store/port.ts';

/** Which link of which incident a token stands for. Whether it still holds is told by the incident. */
const target = z.object({ incident: z.string(), link: z.string() });
export type GuestTarget = z.infer<typeof target>;

/** A token of 192 random bits; only its digest is kept. */
export async function issueToken(store: Pick<Store, 'putNote'>, link: GuestTarget): Promise<string> {
  const token = randomBytes(24).toString('base64url');
  await store.putNote(keyOf(token), JSON.stringify(link));
  return token;
}

export async function targetOf(store: Pick<Store, 'getNote'>, token: string): Promise<GuestTarget | null> {
  const kept = await store.getNote(keyOf(token));
  const read = kept === null ? null : target.safeParse(JSON.parse(kept));
  return read?.success === true ? read.data : null;
}

function keyOf(token: string): string {
  return `guest:${createHash('sha256').update(token).digest('hex')}`;
}
