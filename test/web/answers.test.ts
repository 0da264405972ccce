import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WebDesk, webDesk } from '../support/web-desk.ts';
import { type Member, member } from './member.ts';

describe('what answers what in the web room', () => {
  let here: WebDesk;
  let room: string;
  let duty: Member;
  let ops: Member;
  beforeEach(async () => {
    here = await webDesk();
    await here.desk.say('ops', '/应急 开启 社保核心系统全部节点报错');
    room = `/i/${(await here.desk.incident()).code}`;
    duty = await member(here.web, 'duty');
    ops = await member(here.web, 'ops');
  });
  afterEach(() => here.desk.close());

  const said = async (who: Member, text: string, more: Record<string, string> = {}): Promise<string> => {
    await who.post(`${room}/say`, { text, audience: 'joint', ...more });
    const { id } = await here.desk.incident();
    const all = await here.desk.desk.store.talk(id, [
      'joint',
      'customer+vendor',
      'org:customer',
      'org:apusic',
    ]);
    return all.findLast((one) => one.text === text)?.message ?? '';
  };
  const quotations = (html: string): readonly string[] =>
    [...html.matchAll(/<p class="quotation">(.*?)<\/p>/gs)].map(([, inner = '']) =>
      inner
        .replace(/<[^>]*>/g, '')
        .replace(/\s+/g, ' ')
        .trim(),
    );

  it('stands over the words, with who said it, and leads there', async () => {
    const first = await said(ops, '两台都重启过');
    await said(duty, '几点重启的？', { replyTo: first });
    const html = await ops.text(room);
    expect(quotations(html)).toEqual(['↩ 客户运维 两台都重启过']);
    const [, anchor = ''] = /<p class="quotation"><a href="#([^"]+)"/.exec(html) ?? [];
    expect(html).toContain(`id="${anchor}"`);
    const { id } = await here.desk.incident();
    const kept = (await here.desk.desk.store.talk(id, ['joint'])).find((one) => one.text === '几点重启的？');
    expect(kept?.replyTo).toBe(first);
  });

  it('goes with the words it quotes, changed or taken back', async () => {
    const first = await said(ops, '两台都重启过');
    await said(duty, '几点重启的？', { replyTo: first });
    await ops.post(`${room}/say`, { text: '三台都重启过', audience: 'joint', edit: first });
    expect(quotations(await duty.text(room))).toEqual(['↩ 客户运维 三台都重启过']);
    await ops.post(`${room}/delete`, { message: first });
    const html = await duty.text(room);
    expect(quotations(html)).toEqual(['↩ 客户运维 此消息已删除']);
    expect(html).not.toContain('台都重启过');
  });

  it('shows nothing of a note that the reader may not see, nor takes it for an answer', async () => {
    const note = await said(duty, '我方内部判断', { audience: 'own' });
    await said(duty, '先按这个方向查', { replyTo: note });
    expect(quotations(await duty.text(room))).toHaveLength(1);
    expect(quotations(await ops.text(room))).toEqual([]);
    await said(ops, '猜一个编号', { replyTo: note });
    const { id } = await here.desk.incident();
    const kept = (await here.desk.desk.store.talk(id, ['joint'])).find((one) => one.text === '猜一个编号');
    expect(kept?.replyTo).toBeUndefined();
  });
});
