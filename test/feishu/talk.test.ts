import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { DUTY, type FeishuRoom, feishuRoom, GROUP, GUEST, OPS } from './room.ts';
import { BOT, TENANT } from './standin.ts';

let room: FeishuRoom;
afterEach(() => room.close());

const texts = () => room.received.flatMap((one) => (one.kind === 'text' ? [one.text] : []));

describe('what is heard from Feishu', () => {
  it('without im:message.group_msg only what mentions the bot, and the platform says so', async () => {
    room = await feishuRoom({ hears: 'addressed' });
    room.feishu.revoke('im:message.group_msg');
    await room.feishu.says(OPS, GROUP, '现场两台都重启过');
    await room.feishu.says(OPS, GROUP, '应答', { mention: true });
    await room.until(() => room.received.length === 1);
    expect(texts()).toEqual(['@战情室 应答']);
    expect(room.platform.capabilities).toMatchObject({ hears: 'addressed', followsEdits: false });
  });

  it('in the direct conversation nobody writes the name of the bot', async () => {
    room = await feishuRoom();
    const chat = room.feishu.directChat(OPS);
    for (const line of ['应急 开启 报错', '/帮助', 'help', '开启 窗口打不开'])
      await room.feishu.says(OPS, chat, line);
    await room.until(() => room.received.length === 4);
    expect(texts()).toEqual([
      '@战情室 开启 报错',
      '@战情室 /帮助',
      '@战情室 help',
      '@战情室 开启 窗口打不开',
    ]);
  });

  it('a log pasted to the bot is talk, not a command', async () => {
    room = await feishuRoom();
    const log = 'java.lang.OutOfMemoryError: Java heap space\n\tat com.example.Fee.pay(Fee.java:10)';
    await room.feishu.says(OPS, GROUP, log, { mention: true });
    await room.until(() => room.received.length === 1);
    expect(texts()).toEqual([log]);
  });

  it('rich text is read as its reader saw it', async () => {
    room = await feishuRoom();
    const content = {
      title: '现场',
      content: [
        [
          { tag: 'at', user_id: '@_user_2', user_name: '值班工程师' },
          { tag: 'text', text: ' 请看 ' },
          { tag: 'a', href: 'https://example.com', text: '链接' },
        ],
        [{ tag: 'code_block', language: 'JAVA', text: 'ERROR 连接池耗尽' }],
      ],
    };
    await room.feishu.deliver('im.message.receive_v1', {
      sender: { sender_id: { open_id: OPS }, sender_type: 'user', tenant_key: TENANT },
      message: {
        message_id: `om_${randomUUID()}`,
        create_time: '1764000000000',
        chat_id: GROUP,
        chat_type: 'group',
        message_type: 'post',
        content: JSON.stringify(content),
        mentions: [{ key: '@_user_2', id: { open_id: DUTY }, name: '值班工程师' }],
      },
    });
    await room.until(() => room.received.length === 1);
    expect(texts()).toEqual(['现场\n@值班工程师 请看 链接\nERROR 连接池耗尽']);
  });

  it('the author is the person of the roster, a guest by the name in the address book, asked for once', async () => {
    room = await feishuRoom();
    await room.feishu.says(OPS, GROUP, '一');
    await room.feishu.says(GUEST, GROUP, '二');
    await room.feishu.says(GUEST, GROUP, '三');
    await room.until(() => room.received.length === 3);
    expect(room.received.map((one) => one.author)).toEqual([
      { id: 'ops', name: '客户运维', org: 'apusic' },
      { id: 'feishu:ou_guest', name: '路人', org: 'feishu' },
      { id: 'feishu:ou_guest', name: '路人', org: 'feishu' },
    ]);
    expect(room.feishu.calls.filter((one) => one.call.includes('contact'))).toHaveLength(1);
  });

  it('without the permission for names the message still counts', async () => {
    room = await feishuRoom();
    room.feishu.revoke('contact:user.base:readonly', 'contact:contact:readonly_as_app');
    await room.feishu.says(GUEST, GROUP, '二');
    await room.until(() => room.received.length === 1);
    expect(room.received[0]?.author.name).toContain(GUEST);
  });

  it('a recalled message is taken back in the name of its author, also after a restart', async () => {
    room = await feishuRoom();
    const said = await room.feishu.says(OPS, GROUP, '说错了');
    await room.until(() => room.received.length === 1);
    await room.feishu.recalls(said);
    await room.until(() => room.received.length === 2);
    expect(room.received[1]).toMatchObject({ kind: 'deleted', messageId: said.id, author: { id: 'ops' } });

    const before = { ...said, id: 'om_before' };
    room.feishu.messages.set(before.id, before);
    await room.feishu.recalls(before);
    await room.until(() => room.received.length === 3);
    expect(room.received[2]).toMatchObject({ messageId: 'om_before', author: { id: 'ops' } });
  });

  it('files and pictures are fetched whole, a file too large is not, and its sender is told', async () => {
    room = await feishuRoom({ maxFileBytes: 2000 });
    const bytes = new Uint8Array(1500).map((_, at) => at % 251);
    await room.feishu.says(OPS, GROUP, '', { file: { name: 'server.log', bytes } });
    await room.feishu.says(OPS, GROUP, '', { picture: { name: 'x', bytes } });
    await room.until(() => room.received.length === 2);
    expect(room.received).toMatchObject([
      { kind: 'file', name: 'server.log', bytes },
      { kind: 'file', bytes },
    ]);
    await room.feishu.says(OPS, GROUP, '', { file: { name: 'huge.log', bytes: new Uint8Array(5000) } });
    await room.until(() => room.shown(OPS).includes('huge.log'));
    expect(room.received).toHaveLength(2);
    expect(room.shown(DUTY)).not.toContain('huge.log');
  });

  it('a screenshot among words is fetched too', async () => {
    room = await feishuRoom();
    const said = await room.feishu.says(OPS, GROUP, '', {
      picture: { name: 'x', bytes: new Uint8Array([7, 7]) },
    });
    await room.until(() => room.received.length === 1);
    const { image_key: key } = JSON.parse(said.content);
    const content = JSON.stringify({
      title: '',
      content: [[{ tag: 'text', text: '控制台截图' }], [{ tag: 'img', image_key: key }]],
    });
    room.feishu.messages.set('om_post', { ...said, id: 'om_post', type: 'post', content });
    await room.feishu.deliver('im.message.receive_v1', {
      sender: { sender_id: { open_id: OPS }, sender_type: 'user' },
      message: {
        message_id: 'om_post',
        create_time: '1764000000000',
        chat_id: GROUP,
        chat_type: 'group',
        message_type: 'post',
        content,
      },
    });
    await room.until(() => room.received.length === 3);
    expect(room.received.slice(1)).toMatchObject([
      { kind: 'text', text: '控制台截图' },
      { kind: 'file', name: 'om_post.png', bytes: new Uint8Array([7, 7]) },
    ]);
  });

  it('a file sent to the bot alone goes to the group its sender spoke in last, and they are told', async () => {
    room = await feishuRoom();
    await room.feishu.says(OPS, GROUP, '日志马上发');
    await room.feishu.says(OPS, room.feishu.directChat(OPS), '', {
      file: { name: 'server.log', bytes: new Uint8Array([1]) },
    });
    await room.until(() => room.received.some((one) => one.kind === 'file'));
    expect(room.received.at(-1)?.place.conversation).toBe(GROUP);
    await room.until(() => room.feishu.visible(OPS, `oc_p2p_${OPS}`).some((one) => one.card));
  });

  it('a form that was sent is taken away, and the one after a mistake is a new one', async () => {
    room = await feishuRoom();
    const form = {
      title: '定级',
      command: 'severity',
      args: { incident: 'INC-1' },
      fields: [
        {
          name: 'level',
          label: '级别',
          type: 'choice',
          required: true,
          options: [{ value: 'red', label: '红' }],
        },
        { name: 'reason', label: '理由', type: 'paragraph', required: false },
      ],
      submit: '提交',
    } as const;
    room.answer({ form });
    await room.feishu.says(OPS, GROUP, '定级', { mention: true });
    await room.until(() => room.feishu.form(OPS, GROUP).length === 2);
    expect(room.feishu.form(DUTY, GROUP)).toEqual([]);
    room.answer({});
    await room.feishu.submit(OPS, GROUP, { level: 'red' });
    expect(room.received.at(-1)).toMatchObject({
      kind: 'action',
      command: 'severity',
      args: { incident: 'INC-1', level: 'red' },
    });
    await room.until(() => room.feishu.form(OPS, GROUP).length === 0);
  });

  it('what takes longer than Feishu waits is answered at once, and again when it is done', async () => {
    room = await feishuRoom({ patienceMs: 1 });
    const slow = { headline: '很久之后', blocks: [], tone: 'plain', card: null } as const;
    await room.platform.post(
      { platform: 'feishu', workspace: '', conversation: GROUP, language: 'zh', org: 'x' },
      {
        ...slow,
        blocks: [
          { block: 'buttons', buttons: [{ label: '查', command: 'status', args: {}, style: 'plain' }] },
        ],
      },
      { key: 'i1:1' },
    );
    room.answer({ toAsker: { ...slow, blocks: [{ block: 'text', text: '详情' }] } });
    await room.feishu.press(OPS, GROUP, '查');
    expect(room.feishu.toasts.at(-1)?.text).toMatch(/正在处理|答复见/);
    await room.until(() => room.shown(OPS).split('很久之后').length > 2);
  });
});

describe('a delivery that comes again', () => {
  it.each(['socket', 'http'] as const)('by %s: an event, a callback and a reading act once', async (mode) => {
    room = await feishuRoom({ mode });
    const message = {
      message_id: 'om_again',
      create_time: '1764000000000',
      chat_id: GROUP,
      chat_type: 'group',
      message_type: 'text',
      content: JSON.stringify({ text: '@_user_1 应答' }),
      mentions: [{ key: '@_user_1', id: { open_id: BOT }, name: '战情室' }],
    };
    const sender = { sender_id: { open_id: OPS }, sender_type: 'user' };
    // The same event again, and another event about the same message.
    for (const id of ['e1', 'e1', 'e2'])
      await room.feishu.deliver('im.message.receive_v1', { sender, message }, id);
    const press = {
      operator: { open_id: OPS },
      action: { tag: 'button', value: { press: { command: 'ack', args: {}, incident: 'i1', place: null } } },
      context: { open_message_id: 'om_1', open_chat_id: GROUP },
    };
    const told = [];
    for (const id of ['c1', 'c1', 'c1'])
      told.push(await room.feishu.deliver('card.action.trigger', press, id));
    const reading = {
      reader: { reader_id: { open_id: OPS }, read_time: '1764000000000' },
      message_id_list: ['om_1'],
    };
    for (const id of ['r1', 'r1']) await room.feishu.deliver('im.message.message_read_v1', reading, id);
    await room.until(() => room.received.length >= 3);
    await room.platform.stop();
    expect(room.received.map((one) => one.kind).sort()).toEqual(['action', 'seen', 'text']);
    // Whoever repeats a press gets the answer to it again.
    expect(told.map((one) => JSON.stringify(one?.body))).toEqual(
      Array(3).fill(JSON.stringify(told[0]?.body)),
    );
    expect(JSON.stringify(told[0]?.body)).toContain('toast');
  });

  it.each(['socket', 'http'] as const)(
    'by %s: what could not be kept is not acknowledged, and comes again',
    async (mode) => {
      room = await feishuRoom({ mode });
      const event = {
        sender: { sender_id: { open_id: OPS }, sender_type: 'user' },
        message: {
          message_id: 'om_kept',
          create_time: '1764000000000',
          chat_id: GROUP,
          chat_type: 'group',
          message_type: 'text',
          content: JSON.stringify({ text: '磁盘满的时候说的话' }),
        },
      };
      room.fail();
      expect(await room.feishu.deliver('im.message.receive_v1', event, 'e1')).toMatchObject({ status: 500 });
      expect(await room.feishu.deliver('im.message.receive_v1', event, 'e1')).toMatchObject({ status: 200 });
      expect(texts()).toEqual(['磁盘满的时候说的话']);
    },
  );
});
