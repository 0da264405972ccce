import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, launchBrowser, WITHOUT_CHROMIUM } from '../support/browser.ts';
import { actor, createFixture, type Fixture, NOTHING } from './fixture.ts';
import { dropOf, FAINT_TEXTS, FOCUSED_ID, pasteOf, SIDEWAYS, UNSEEN_FOCUS } from './in-page.ts';
import { LOG, stories, yellowStory } from './story.ts';
import { type Visitor, visit } from './visitor.ts';

const ROOM = '/i/INC-20261124-03';
/** How long something that is about to happen may take on a busy machine. */
const PATIENCE = { timeout: 10_000 };
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

describe.skipIf(CHROMIUM === null)(`in a real browser (${CHROMIUM ?? WITHOUT_CHROMIUM})`, () => {
  let browser: Browser;
  let visitor: Visitor | null = null;
  beforeAll(async () => {
    browser = await launchBrowser();
  }, 60_000);
  afterAll(() => browser.close());
  afterEach(async () => {
    await visitor?.close();
    visitor = null;
  });

  async function enter(fixture: Fixture, path = ROOM, person = 'duty', options = {}): Promise<Visitor> {
    visitor = await visit(browser, fixture.web, person, path, options);
    return visitor;
  }

  it('every page renders without a complaint, light and dark', async () => {
    const fixture = createFixture(stories());
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, url, complaints, close } = await enter(fixture, '/', 'duty', { colorScheme });
      for (const path of [
        '/new',
        '/identity',
        ROOM,
        `${ROOM}/timeline`,
        `${ROOM}/print`,
        `${ROOM}/report/handling`,
      ]) {
        await page.goto(url + path);
        expect(await page.locator('h1').first().isVisible()).toBe(true);
      }
      expect(complaints).toEqual([]);
      await close();
      visitor = null;
    }
  });

  it('severity and the most urgent clock are large, and the clock counts', async () => {
    const fixture = createFixture(stories(), { ticking: true });
    const { page } = await enter(fixture);
    const size = (selector: string) =>
      page.evaluate<number>(
        `Number.parseFloat(getComputedStyle(document.querySelector('${selector}')).fontSize)`,
      );
    expect(await size('.status-sev .sev-word')).toBeGreaterThanOrEqual(30);
    expect(await size('.status-clock .count')).toBeGreaterThanOrEqual(40);
    const digits = page.locator('.status-clock .count');
    const before = (await digits.textContent()) ?? '';
    await expect.poll(() => digits.textContent(), PATIENCE).not.toBe(before);
    expect(await digits.textContent()).toMatch(/^\d\d:\d\d$/);
  });

  it('text in every colour keeps its contrast, in both themes', async () => {
    const fixture = createFixture(stories());
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, close } = await enter(fixture, ROOM, 'duty', { colorScheme });
      const { faint, texts } = await page.evaluate<{ faint: string[]; texts: number }>(FAINT_TEXTS);
      expect(texts).toBeGreaterThan(500);
      expect(faint).toEqual([]);
      await close();
      visitor = null;
    }
  });

  it('what others say appears by itself at the bottom, and waits below while one reads above', async () => {
    const room = yellowStory();
    const fixture = createFixture([room]);
    const { page, complaints } = await enter(fixture);
    fixture.say(room, { text: '窗口能办了', author: actor('ops') });
    await page.getByText('窗口能办了').waitFor();
    const scroll = page.locator('#scroll');
    const gap = () => scroll.evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight);
    expect(await gap()).toBeLessThan(5);
    await scroll.evaluate((box) => {
      box.scrollTop = 0;
    });
    await expect.poll(() => scroll.evaluate((box) => box.scrollTop), PATIENCE).toBe(0);
    fixture.say(room, { text: '又一条', author: actor('ops') });
    await page.locator('#new-below').click();
    expect(await gap()).toBeLessThan(5);
    expect(complaints).toEqual([]);
  });

  it('a changed card is replaced where it stands, and an opened fold stays open', async () => {
    const room = yellowStory();
    const fixture = createFixture([room]);
    const { page, complaints } = await enter(fixture);
    const items = await page.locator('#messages > article').count();
    await page.locator('#clocks-ended > summary').click();
    room.incident = { ...room.incident, severity: 'orange' };
    fixture.bot(room, { headline: '已获双人批准', blocks: [], tone: 'good', card: 'action:A1' });
    await page.getByText('已获双人批准').waitFor();
    await page.locator('.status-sev', { hasText: '橙色' }).waitFor();
    expect(await page.locator('#messages > article').count()).toBe(items);
    expect(await page.locator('#clocks-ended').getAttribute('open')).not.toBeNull();
    expect(complaints).toEqual([]);
  });

  it('everything common is on a key, and ? lists the keys', async () => {
    const fixture = createFixture(stories());
    const { page, complaints } = await enter(fixture);
    const focused = () => page.evaluate<string>(FOCUSED_ID);
    await page.keyboard.press('?');
    expect(await page.locator('#keys').isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await page.locator('#keys').isVisible()).toBe(false);
    await page.keyboard.press('i');
    expect(await focused()).toBe('say');
    await page.keyboard.type('第一行');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('第二行 ? n');
    await page.keyboard.press('Enter');
    await page.getByText('第二行 ? n').waitFor();
    expect(fixture.received).toMatchObject([{ kind: 'text', text: '第一行\n第二行 ? n' }]);
    expect(await page.inputValue('#say')).toBe('');
    await page.keyboard.press('ArrowUp');
    expect(await page.inputValue('#say')).toBe('第一行\n第二行 ? n');
    await page.keyboard.press('Escape');
    expect(await page.inputValue('#say')).toBe('');
    await page.keyboard.press('Escape');
    await page.keyboard.press('t');
    expect(await focused()).toBe('clocks-title');
    await page.keyboard.press('g');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('j');
    await page.waitForURL((url) => !url.pathname.endsWith('-03'));
    await page.keyboard.press('n');
    await page.waitForURL('**/new');
    expect(complaints).toEqual([]);
  });

  it('every element that can be pressed shows where the focus is', async () => {
    const fixture = createFixture(stories());
    const { page } = await enter(fixture);
    const unseen: string[] = [];
    for (let step = 0; step < 60; step += 1) {
      await page.keyboard.press('Tab');
      const found = await page.evaluate<string | null>(UNSEEN_FOCUS);
      if (found !== null) unseen.push(found);
    }
    expect(unseen).toEqual([]);
  });

  it('a stroke offers the commands, in both languages', async () => {
    const fixture = createFixture(stories());
    const { page } = await enter(fixture);
    await page.keyboard.press('/');
    expect(await page.locator('#palette [role=option]:visible').count()).toBeGreaterThan(20);
    await page.keyboard.type('arr');
    expect(await page.locator('#palette [role=option]:visible').allTextContents()).toEqual([
      expect.stringContaining('到场'),
    ]);
    await page.keyboard.press('Enter');
    expect(await page.inputValue('#say')).toBe('/应急 到场 ');
    expect(fixture.received).toEqual([]);
    await page.keyboard.type('10 分钟前');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.inputValue('#say'), PATIENCE).toBe('');
    expect(fixture.received).toMatchObject([{ text: '/应急 到场 10 分钟前' }]);
  });

  it('a private note is seen to be one before it is sent', async () => {
    const fixture = createFixture(stories());
    const { page } = await enter(fixture);
    await page.fill('#say', '//只有我们知道');
    expect(await page.locator('.hint-own').isVisible()).toBe(true);
    expect(await page.locator('.hint-own').textContent()).toContain('金蝶天燕');
    await page.fill('#say', '//+客户也能看');
    expect(await page.locator('.hint-own').isVisible()).toBe(false);
    expect(await page.locator('.hint-shared').isVisible()).toBe(true);
  });

  it('whom a note is for is chosen with the keyboard, in words, and kept until it is changed', async () => {
    const fixture = createFixture(stories());
    const { page } = await enter(fixture);
    const everyone = page.getByRole('radio', { name: '所有人' });
    expect(await everyone.isChecked()).toBe(true);
    await everyone.focus();
    await page.keyboard.press('ArrowLeft');
    expect(await page.getByRole('radio', { name: '仅 金蝶天燕' }).isChecked()).toBe(true);
    expect(await page.locator('.hint-own').isVisible()).toBe(true);
    await page.locator('#say').focus();
    await page.keyboard.type('换备件要等两小时');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.inputValue('#say'), PATIENCE).toBe('');
    expect(fixture.received).toMatchObject([{ kind: 'text', text: '换备件要等两小时', audience: 'own' }]);
    const note = page.locator('.item.private', { hasText: '换备件要等两小时' });
    await note.waitFor();
    expect(await note.locator('.badge.private').textContent()).toBe('仅 金蝶天燕');
    expect(await page.locator('.hint-own').isVisible()).toBe(true);
    // What a command does is for all, whatever was chosen: it says so.
    await page.keyboard.type('/应急 到场');
    expect(await page.locator('.hint-command').isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await page.fill('#say', '');
    await page.keyboard.press('ArrowUp');
    expect(await page.inputValue('#say')).toBe('换备件要等两小时');
    expect(await page.locator('.audience').isVisible()).toBe(false);
    await page.fill('#say', '换备件要等三小时');
    await page.keyboard.press('Enter');
    await page.locator('.item.private', { hasText: '换备件要等三小时' }).waitFor();
  });

  it('a message is answered: the composer says whom, Escape lets go, and the answer stands under it', async () => {
    const fixture = createFixture(stories());
    const { page, complaints } = await enter(fixture);
    const other = page.locator('.item.other', { has: page.locator('.said') }).last();
    await other.scrollIntoViewIfNeeded();
    await other.hover();
    const author = await other.locator('.author').first().textContent();
    await other.getByRole('button', { name: '回复' }).click();
    expect(await page.locator('.hint-answer').textContent()).toContain(`正在回复 ${author}`);
    await page.keyboard.press('Escape');
    expect(await page.locator('.hint-answer').isVisible()).toBe(false);
    await other.hover();
    await other.getByRole('button', { name: '回复' }).click();
    await page.keyboard.type('几点开始的？');
    await page.keyboard.press('Enter');
    const answer = page.locator('.item.own', { hasText: '几点开始的？' });
    await answer.locator('.quotation').waitFor();
    // What answers a private note is as private.
    expect(await other.evaluate((one) => one.classList.contains('private'))).toBe(true);
    expect(await answer.evaluate((one) => one.classList.contains('private'))).toBe(true);
    expect(await answer.locator('.quotation').textContent()).toContain(author);
    expect(await page.locator('.hint-answer').isVisible()).toBe(false);
    expect(complaints).toEqual([]);
  });

  it('a button acts, a form opens as a dialog, a refusal stays in it, an answer closes it', async () => {
    const fixture = createFixture(stories());
    const { page, complaints } = await enter(fixture);
    fixture.reply = {
      ...NOTHING,
      form: {
        title: '驳回 A1',
        command: 'reject',
        args: { action: 'A1' },
        submit: '驳回',
        fields: [{ name: 'reason', label: '为什么', type: 'paragraph', required: true }],
      },
    };
    await page.locator('#approvals').getByRole('button', { name: '驳回…' }).click();
    const field = page.locator('#dialog textarea');
    await field.waitFor();
    await page.locator('#dialog textarea:focus').waitFor();
    await field.fill('风险太大');
    fixture.reply = {
      ...NOTHING,
      toAsker: { headline: '您不是批准人', blocks: [], tone: 'warn', card: null },
    };
    await page.locator('#dialog').getByRole('button', { name: '驳回' }).click();
    await page.locator('#dialog-note').getByText('您不是批准人').waitFor();
    expect(await field.inputValue()).toBe('风险太大');
    fixture.reply = NOTHING;
    await page.locator('#dialog').getByRole('button', { name: '驳回' }).click();
    await page.locator('#dialog').waitFor({ state: 'hidden' });
    expect(fixture.received.at(-1)).toMatchObject({
      command: 'reject',
      args: { action: 'A1', reason: '风险太大' },
    });
    expect(complaints).toEqual([]);
  });

  it('a large paste becomes an attachment that is seen, can be removed, and arrives', async () => {
    const fixture = createFixture(stories());
    const { page, complaints } = await enter(fixture);
    await page.focus('#say');
    await page.evaluate(pasteOf(`${LOG}\n`, 300));
    await page.locator('#attachments li').waitFor();
    expect(await page.locator('#composer-note').textContent()).toContain('已转为附件');
    await page.keyboard.press('Enter');
    await page.locator('#attachments li').waitFor({ state: 'detached' });
    const [file] = fixture.received;
    if (file?.kind !== 'file') throw new Error('a file was expected');
    expect(Buffer.from(file.bytes).toString()).toBe(`${LOG}\n`.repeat(300));
    expect(complaints).toEqual([]);
  });

  it('a paste of more than 50 MB is kept, compressed, and named', async () => {
    const fixture = createFixture(stories());
    const { page } = await enter(fixture);
    await page.evaluate(pasteOf(`${LOG}\n`, Math.ceil((52 * 1024 * 1024) / LOG.length)));
    const chip = page.locator('#attachments li');
    await chip.waitFor();
    expect(await chip.textContent()).toMatch(/\.log\.gz · /);
    expect(await page.locator('#composer-note').textContent()).toMatch(/5\d\.\d MB/);
    await page.locator('.send').click();
    await page.locator('#attachments li').waitFor({ state: 'detached' });
    expect(fixture.received).toMatchObject([{ kind: 'file', name: expect.stringMatching(/\.log\.gz$/) }]);
  });

  it('a file that is too large is refused in words before it travels', async () => {
    const fixture = createFixture(stories());
    const { page } = await enter(fixture);
    await page.fill('#say', '日志太大了');
    await page.evaluate(dropOf('server.log', 51 * 1024 * 1024));
    await page.locator('#composer-note.bad').waitFor();
    expect(await page.locator('#composer-note').textContent()).toMatch(/51\.0 MB.*50\.0 MB/);
    expect(await page.inputValue('#say')).toBe('日志太大了');
  });

  it('words that could not be sent stay in the box, and a reload keeps them', async () => {
    const fixture = createFixture(stories());
    const { page } = await enter(fixture);
    await page.fill('#say', '这句话不能丢');
    await page.context().setOffline(true);
    await page.focus('#say');
    await page.keyboard.press('Enter');
    await page.locator('#composer-note.bad').waitFor();
    expect(await page.inputValue('#say')).toBe('这句话不能丢');
    await page.context().setOffline(false);
    await page.reload();
    expect(await page.inputValue('#say')).toBe('这句话不能丢');
  });

  it('a server that was away is found again, and what was said meanwhile is shown once', async () => {
    const room = yellowStory();
    const fixture = createFixture([room]);
    const { page, restart } = await enter(fixture);
    await restart(async () => {
      await page.locator('.link-state.lost').waitFor();
      fixture.say(room, { text: '断线之中说的', author: actor('ops') });
    });
    await page.locator('.link-state.live').waitFor({ state: 'attached' });
    await page.getByText('断线之中说的').waitFor();
    fixture.say(room, { text: '之后说的', author: actor('ops') });
    await page.getByText('之后说的').waitFor();
    expect(await page.getByText('断线之中说的').count()).toBe(1);
  });

  it('a page whose session became somebody else shows that person, and nothing typed is sent as the other', async () => {
    const fixture = createFixture(stories());
    const { page, url } = await enter(fixture);
    const other = await page.context().newPage();
    await other.goto(`${url}/identity`);
    await other.click('button[value="owner"]');
    fixture.changed();
    await page.locator('.identity-name', { hasText: '系统主管' }).waitFor();
  });

  it('the evidence in the side column leads to the line in the log, even inside a fold', async () => {
    const fixture = createFixture(stories());
    const { page } = await enter(fixture);
    await page.locator('#diagnosis a', { hasText: 'L9' }).click();
    expect(await page.locator('.ln:target').textContent()).toContain('Connection refused');
    await page.locator('#timeline-fold > summary').click();
    await page.locator('#timeline-fold .entry').first().waitFor();
  });

  it('a phone shows one column at a time and never scrolls sideways', async () => {
    const fixture = createFixture(stories());
    const { page, url, complaints } = await enter(fixture, ROOM, 'duty', PHONE);
    const wide = () => page.evaluate<number>(SIDEWAYS);
    const shown = async () =>
      Promise.all(
        ['.column.list', '.column.talk', '.column.side'].map((one) => page.locator(one).isVisible()),
      );
    expect(await shown()).toEqual([false, true, false]);
    expect(await wide()).toBeLessThanOrEqual(0);
    await page.locator('.tabs [data-tab=side]').tap();
    expect(await shown()).toEqual([false, false, true]);
    expect(await wide()).toBeLessThanOrEqual(0);
    await page.locator('.tabs [data-tab=list]').tap();
    expect(await shown()).toEqual([true, false, false]);
    for (const path of ['/', '/new', '/identity', `${ROOM}/timeline`, `${ROOM}/print`]) {
      await page.goto(url + path);
      expect([path, await wide()]).toEqual([path, 0]);
    }
    expect(complaints).toEqual([]);
  });

  it('hostile text runs nothing, not even when it arrives live', async () => {
    const room = yellowStory();
    const fixture = createFixture([room]);
    const hostile = `"><img src=x onerror=alert(1)><script>alert(2)</script><svg/onload=alert(3)><a href="javascript:alert(4)" hx-get="/logout" hx-trigger="load">x</a>`;
    fixture.say(room, { text: hostile });
    const { page, complaints } = await enter(fixture);
    fixture.say(room, { text: `${hostile} 之后` });
    fixture.say(room, { text: hostile, form: 'log' });
    fixture.bot(room, {
      headline: hostile,
      blocks: [{ block: 'code', code: hostile, startLine: 1, marked: [] }],
      tone: 'bad',
      card: 'action:A1',
    });
    await page.getByText('之后').waitFor();
    fixture.say(room, { text: '最后一条' });
    await page.getByText('最后一条').waitFor();
    expect(
      await page.locator('#messages img, #messages script, #messages svg, #messages [hx-get]').count(),
    ).toBe(0);
    expect(complaints).toEqual([]);
  });
});
