import { z } from 'zod';
import type { Block, Form, Message } from './message.ts';

const span = z.union([
  z.string(),
  z.object({ strong: z.string() }),
  z.object({ mono: z.string() }),
  z.object({ mention: z.object({ person: z.string(), name: z.string() }) }),
  z.object({ link: z.object({ label: z.string(), path: z.string() }) }),
  z.object({ room: z.object({ platform: z.string(), conversation: z.string(), name: z.string() }) }),
]);
const text = z.union([z.string(), z.array(span)]);

const button = z.object({
  label: z.string(),
  command: z.string(),
  args: z.record(z.string(), z.string()),
  style: z.enum(['primary', 'danger', 'plain']),
  confirm: z.string().optional(),
});

const block: z.ZodType<Block> = z.lazy(() =>
  z.discriminatedUnion('block', [
    z.object({ block: z.literal('text'), text }),
    z.object({ block: z.literal('note'), text }),
    z.object({ block: z.literal('list'), ordered: z.boolean(), items: z.array(text) }),
    z.object({ block: z.literal('fields'), fields: z.array(z.object({ label: z.string(), value: text })) }),
    z.object({
      block: z.literal('code'),
      code: z.string(),
      startLine: z.number().nullable(),
      marked: z.array(z.number()),
    }),
    z.object({ block: z.literal('buttons'), buttons: z.array(button) }),
    z.object({ block: z.literal('fold'), summary: z.string(), blocks: z.array(block) }),
  ]),
);

/** A message as it comes back from the store. */
export const messageSchema: z.ZodType<Message> = z.object({
  headline: text,
  blocks: z.array(block),
  tone: z.enum(['plain', 'good', 'warn', 'bad', 'blue', 'yellow', 'orange', 'red']),
  card: z.string().nullable(),
});

/** A form that was kept aside until somebody opens it. */
export const formSchema: z.ZodType<Form> = z.object({
  title: z.string(),
  command: z.string(),
  args: z.record(z.string(), z.string()),
  fields: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      type: z.enum(['text', 'paragraph', 'choice', 'time', 'phone']),
      required: z.boolean(),
      value: z.string().optional(),
      placeholder: z.string().optional(),
      options: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
    }),
  ),
  submit: z.string(),
});
