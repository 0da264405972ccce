import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commandNamed } from '../../commands/index.ts';
import { EVENTS, SHORTCUTS, SLASH_COMMAND } from '../../src/chat/slack/platform.ts';
import { DELIVERY_SCOPES, METHOD_SCOPES, NEEDED_SCOPES } from '../../src/chat/slack/scopes.ts';
import { PROJECT } from '../../src/config.ts';

/** docs.slack.dev/reference/app-manifest: the parts used, with their limits. */
const manifest = z
  .object({
    display_information: z.object({
      name: z.string().max(35),
      description: z.string().max(140),
      long_description: z.string().min(175).max(4000),
      background_color: z.string().regex(/^#[0-9a-f]{6}$/),
    }),
    features: z.object({
      bot_user: z.object({ display_name: z.string().max(80) }),
      slash_commands: z
        .array(
          z.object({
            command: z.string().regex(/^\/[a-z0-9_-]{1,31}$/),
            description: z.string().max(2000),
            usage_hint: z.string().max(1000),
            should_escape: z.literal(true),
          }),
        )
        .max(50),
      shortcuts: z
        .array(
          z.object({
            name: z.string().max(24),
            type: z.enum(['message', 'global']),
            callback_id: z.string(),
            description: z.string().max(150),
          }),
        )
        .max(10),
    }),
    oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()).max(255) }) }),
    settings: z.object({
      event_subscriptions: z.object({ bot_events: z.array(z.string()).max(100) }),
      interactivity: z.object({ is_enabled: z.literal(true) }),
      socket_mode_enabled: z.literal(true),
    }),
  })
  .parse(JSON.parse(readFileSync(join(PROJECT, 'manifest.json'), 'utf8')));

const folder = join(PROJECT, 'src/chat/slack');
const source = readdirSync(folder)
  .map((file) => readFileSync(join(folder, file), 'utf8'))
  .join('\n');

describe('manifest.json', () => {
  it('has the commands, shortcuts and events the code listens to, no more and no less', () => {
    expect(manifest.features.slash_commands.map((one) => one.command)).toEqual([SLASH_COMMAND]);
    expect(manifest.features.shortcuts.map((one) => one.callback_id)).toEqual([...SHORTCUTS]);
    const events = new Set(
      manifest.settings.event_subscriptions.bot_events.map((one) => one.split('.', 1)[0] ?? ''),
    );
    expect([...events].sort()).toEqual([...EVENTS].sort());
  });

  it('every shortcut and every word of the usage hint is a command', () => {
    for (const name of SHORTCUTS) expect(commandNamed(name)?.name).toBe(name);
    const hint = manifest.features.slash_commands[0]?.usage_hint ?? '';
    for (const part of hint.split('|'))
      expect(commandNamed(part.trim().split(' ', 1)[0] ?? '')).not.toBeNull();
  });

  it('asks for the scopes of the methods called and of the events heard, no more and no less', () => {
    const called = [...source.matchAll(/client\.([a-z]+)\.([a-zA-Z]+)\(/g)].map(
      (match) => `${match[1]}.${match[2]}`,
    );
    // The SDK's one call for an upload makes these two.
    if (source.includes('client.filesUploadV2('))
      called.push('files.getUploadURLExternal', 'files.completeUploadExternal');
    expect([...new Set(called)].sort()).toEqual(Object.keys(METHOD_SCOPES).sort());
    const heard = ['slash commands', ...manifest.settings.event_subscriptions.bot_events];
    expect(heard.sort()).toEqual(Object.keys(DELIVERY_SCOPES).sort());
    expect([...manifest.oauth_config.scopes.bot].sort()).toEqual([...NEEDED_SCOPES]);
  });

  it.each(['slack.md', 'slack.zh-CN.md'])('every scope is explained in docs/%s, and no other', (name) => {
    const guide = readFileSync(join(PROJECT, 'docs', name), 'utf8');
    const table =
      guide
        .split('\n## ')
        .find((part) => part.includes('`channels:manage`') && part.includes('`pins:write`')) ?? '';
    const explained = [...table.matchAll(/`([a-z_]+:[a-z]+|commands)`/g)].map((match) => match[1]);
    expect([...new Set(explained)].sort()).toEqual([...manifest.oauth_config.scopes.bot].sort());
  });
});
