import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type WebDesk, webDesk } from '../support/web-desk.ts';
import { type Member, member } from './member.ts';
import { OpenPage } from './open-page.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe('whom a note or a file is for', () => {
  let here: WebDesk;
  let room: string;
  let duty: Member;
  let ops: Member;
  let dba: Member;
  beforeEach(async () => {
    here = await webDesk();
    await here.desk.say('ops', '/应急 开启 社保核心系统全部节点报错');
    await here.desk.press('duty', 'page', { who: 'senior-dba' });
    room = `/i/${(await here.desk.incident()).code}`;
    [duty, ops, dba] = await Promise.all(
      ['duty', 'ops', 'dba'].map((one) => member(here.web, one)) as [
        Promise<Member>,
        Promise<Member>,
        Promise<Member>,
      ],
    );
  });
  afterEach(() => here.desk.close());

  const readers = async (text: string): Promise<readonly string[]> => {
    const pages = [
      ['duty', await duty.text(room)],
      ['ops', await ops.text(room)],
      ['dba', await dba.text(room)],
    ] as const;
    return pages.flatMap(([name, html]) => (html.includes(text) ? [name] : []));
  };

  it.each([
    ['joint', '', ['duty', 'ops', 'dba']],
    ['shared', '//+', ['duty', 'ops']],
    ['own', '//', ['duty']],
  ] as const)('chosen as %s or typed with "%s", the same people read it', async (audience, sign, who) => {
    await duty.post(`${room}/say`, { text: `${audience} 按钮选的`, audience });
    await duty.post(`${room}/say`, { text: `${sign}${audience} 打字选的`, audience: 'joint' });
    expect(await readers(`${audience} 按钮选的`)).toEqual(who);
    expect(await readers(`${audience} 打字选的`)).toEqual(who);
  });

  it('a company without part in the customer’s and our talk keeps such a note to itself', async () => {
    expect(await dba.text(room)).not.toContain('value="shared"');
    await dba.post(`${room}/say`, { text: '绕过界面的', audience: 'shared' });
    expect(await readers('绕过界面的')).toEqual(['dba']);
    const invented = await dba.post(`${room}/say`, { text: '编造的范围', audience: 'org:customer' });
    expect(invented.status).toBe(400);
    expect(await readers('编造的范围')).toEqual([]);
  });

  it('a long text, a log and a file go where the note beside them goes', async () => {
    const long = `很长的内部记录 ${'字'.repeat(30_000)}`;
    await duty.post(`${room}/say`, { text: long, audience: 'own' });
    await duty.post(`${room}/say`, {
      text: '',
      audience: 'own',
      file: new File([PNG], '内部截图.png', { type: 'image/png' }),
    });
    await duty.post(`${room}/say`, {
      text: '',
      audience: 'shared',
      file: new File(
        ['2026-11-24 03:10:00,000 ERROR java.io.IOException: Too many open files\n'],
        '共享.log',
      ),
    });
    await here.desk.advance(0);
    expect(await readers('很长的内部记录')).toEqual(['duty']);
    expect(await readers('内部截图.png')).toEqual(['duty']);
    expect(await readers('共享.log')).toEqual(['duty', 'ops']);
  });

  it('one’s own private note is changed and taken back where it was said, and heard by nobody else', async () => {
    await duty.post(`${room}/say`, { text: '内部第一版', audience: 'own' });
    const message = /data-message="([^"]+)"/.exec(await duty.text(room))?.[1] ?? '';
    expect((await duty.post(`${room}/say`, { text: '内部第二版', edit: message })).status).toBe(200);
    expect(await readers('内部第二版')).toEqual(['duty']);
    expect(await readers('内部第一版')).toEqual([]);
    const colleague = await member(here.web, 'duty2');
    expect((await colleague.post(`${room}/say`, { text: '冒名', edit: message })).status).toBe(403);
    expect((await ops.post(`${room}/say`, { text: '冒名', edit: message })).status).toBe(403);
    expect((await duty.post(`${room}/delete`, { message })).status).toBe(200);
    expect(await readers('内部第二版')).toEqual([]);
    expect(await readers('此消息已删除')).toEqual(['duty']);
  });
});

describe('an open page', () => {
  it('of another organisation hears of a private note neither words nor that there was one', async () => {
    const here = await webDesk();
    await here.desk.say('ops', '/应急 开启 社保核心系统全部节点报错');
    await here.desk.press('duty', 'page', { who: 'senior-dba' });
    await here.desk.advance(0);
    const room = `/i/${(await here.desk.incident()).code}`;
    const duty = await member(here.web, 'duty');
    const dba = await member(here.web, 'dba');
    const cursor = /cursor=([\w-]+)/.exec(await dba.text(room))?.[1] ?? '';
    const page = new OpenPage(await dba.get(`${room}/live?cursor=${cursor}`));
    await page.until((one) => one.event === 'reports');
    const before = page.heard.length;
    await duty.post(`${room}/say`, { text: '内部一', audience: 'own' });
    await duty.post(`${room}/say`, { text: '只给客户', audience: 'shared' });
    const own = /data-message="([^"]+)"/.exec(await duty.text(room))?.[1] ?? '';
    await duty.post(`${room}/say`, { text: '内部一改', edit: own });
    await duty.post(`${room}/delete`, { message: own });
    await duty.post(`${room}/say`, { text: '大家好' });
    await page.until((one) => one.data.includes('大家好'));
    await page.close();
    expect(page.heard.slice(before).map((one) => one.event)).toEqual(['said']);
    await here.desk.close();
  });
});

describe('a file in the room', () => {
  let here: WebDesk;
  let room: string;
  let duty: Member;
  beforeEach(async () => {
    here = await webDesk();
    await here.desk.say('ops', '/应急 开启 社保核心系统全部节点报错');
    room = `/i/${(await here.desk.incident()).code}`;
    duty = await member(here.web, 'duty');
  });
  afterEach(() => here.desk.close());

  const drop = async (name: string, content: Uint8Array<ArrayBuffer> | string): Promise<Response> => {
    await duty.post(`${room}/say`, { text: '', file: new File([content], name) });
    await here.desk.advance(0);
    const path = [...(await duty.text(room)).matchAll(/href="(\/i\/[^"]+\/files\/[0-9a-f]{64})"/g)].at(
      -1,
    )?.[1];
    if (path === undefined) throw new Error('no file is offered');
    return duty.get(path);
  };

  it('is saved, whatever it is; a picture is shown as well', async () => {
    const text = await drop('值班表.txt', '张三 周一');
    expect(text.headers.get('content-disposition')).toMatch(/^attachment; .*filename\*=UTF-8''%E5%80%BC/);
    expect(text.headers.get('content-type')).toBe('application/octet-stream');
    expect(text.headers.get('x-content-type-options')).toBe('nosniff');
    expect(text.headers.get('cache-control')).toBe('no-store');
    expect(await text.text()).toBe('张三 周一');
    const picture = await drop('拓扑.png', new Uint8Array(PNG));
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect(picture.headers.get('content-disposition')).toMatch(/^inline;/);
    expect(await duty.text(room)).toMatch(/<img src="\/i\/[^"]+\/files\/[0-9a-f]{64}" alt="拓扑.png"/);
  });

  it.each([
    ['a page', 'x.html', '<!doctype html><script>alert(document.cookie)</script>'],
    ['a vector picture', 'x.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['a page that calls itself a picture', 'x.png', '<html><script>alert(1)</script>'],
  ])('%s is never shown as such', async (_what, name, content) => {
    const file = await drop(name, content);
    expect(file.headers.get('content-type')).toBe('application/octet-stream');
    expect(file.headers.get('content-disposition')).toMatch(/^attachment;/);
    expect(file.headers.get('content-security-policy')).toContain('sandbox');
    expect(await duty.text(room)).not.toContain('<img src="/i/');
  });

  it('whose message was taken back is gone', async () => {
    const kept = await drop('拓扑.png', new Uint8Array(PNG));
    expect(kept.status).toBe(200);
    const html = await duty.text(room);
    const path = /href="(\/i\/[^"]+\/files\/[0-9a-f]{64})"/.exec(html)?.[1] ?? '';
    const message = /data-message="([^"]+)"/.exec(html)?.[1] ?? '';
    await duty.post(`${room}/delete`, { message });
    expect((await duty.get(path)).status).toBe(404);
    expect(await duty.text(room)).not.toContain('拓扑.png');
  });
});
