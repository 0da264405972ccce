import { afterEach, describe, expect, it } from 'vitest';
import type { RoomSpec, Rooms } from '../../src/chat/port.ts';
import { DUTY, type FeishuRoom, feishuRoom, OPS, PLACE } from './room.ts';

let room: FeishuRoom;
afterEach(() => room.close());

async function rooms(more: Parameters<typeof feishuRoom>[0] = {}): Promise<Rooms> {
  room = await feishuRoom(more);
  if (!room.platform.rooms) throw new Error('it makes no rooms');
  return room.platform.rooms;
}
const SPEC: RoomSpec = {
  key: 'i1',
  code: 'INC-20261124-01',
  name: 'INC-20261124-01-社保核心系统',
  topic: '🚨 待定级 · 处理中',
  people: [
    { id: 'ops', address: OPS },
    { id: 'duty', address: DUTY },
  ],
  from: PLACE,
};
const made = () => [...room.feishu.chats.values()].filter((one) => one.name.includes(SPEC.code));

describe('a group for each incident', () => {
  it('is made with its name, its description and its people', async () => {
    const opened = await (await rooms()).open(SPEC);
    expect(opened).toMatchObject({ ok: true, name: SPEC.name });
    expect(made()).toMatchObject([{ name: SPEC.name, description: SPEC.topic }]);
    expect([...(made()[0]?.members ?? [])]).toEqual([OPS, DUTY]);
  });

  it.each(['the answer was lost', 'the desk asks twice'])('%s: one group all the same', async (how) => {
    const group = await rooms();
    if (how === 'the answer was lost') {
      room.feishu.lose('POST /open-apis/im/v1/chats');
      expect(await group.open(SPEC)).toMatchObject({ ok: false, permanent: false });
    } else await group.open(SPEC);
    expect(await group.open(SPEC)).toMatchObject({ ok: true });
    expect(made()).toHaveLength(1);
  });

  it('one who cannot come keeps nobody else out', async () => {
    const group = await rooms();
    room.feishu.unreachable.add(OPS);
    expect(await group.open(SPEC)).toMatchObject({ ok: true });
    expect([...(made()[0]?.members ?? [])]).toEqual([DUTY]);
  });

  it('more than Feishu takes in one call are invited in several', async () => {
    const group = await rooms();
    const many = Array.from({ length: 120 }, (_, at) => ({ id: `p${at}`, address: `ou_p${at}` }));
    for (const one of many) room.feishu.user(one.address, one.id);
    await group.open({ ...SPEC, people: many });
    expect(made()[0]?.members.size).toBe(120);
  });

  it('a long name and a long topic are cut, not refused', async () => {
    const group = await rooms();
    const opened = await group.open({ ...SPEC, name: '很长的系统名'.repeat(30), topic: '很长'.repeat(200) });
    expect(opened).toMatchObject({ ok: true, name: expect.stringContaining(SPEC.code) });
    const place = opened.ok ? opened.place : PLACE;
    expect(await group.topic(place, '更长'.repeat(200))).toEqual({ ok: true });
  });

  it('at the end it keeps its talk under a name that says so, as often as that is asked', async () => {
    const group = await rooms();
    const opened = await group.open(SPEC);
    if (!opened.ok) throw new Error(opened.error);
    const place = { ...opened.place, own: { name: opened.name, from: PLACE.conversation } };
    expect(await group.archive(place)).toEqual({ ok: true });
    expect(await group.archive(place)).toEqual({ ok: true });
    expect(made()).toMatchObject([{ name: `【已关闭】${SPEC.name}`, dissolved: false }]);
  });

  it('or is dissolved, where that is wished; what is dissolved already is a success', async () => {
    const group = await rooms({ archive: 'dissolve' });
    const opened = await group.open(SPEC);
    if (!opened.ok) throw new Error(opened.error);
    expect(await group.archive(opened.place)).toEqual({ ok: true });
    expect(await group.archive(opened.place)).toEqual({ ok: true });
    expect(made()[0]?.dissolved).toBe(true);
  });

  it('the missing permission is named', async () => {
    const group = await rooms();
    room.feishu.revoke('im:chat', 'im:chat:create');
    expect(await group.open(SPEC)).toMatchObject({
      ok: false,
      permanent: true,
      error: expect.stringMatching(/im:chat .*权限管理/),
    });
  });

  it('none are made where they are not wished', async () => {
    room = await feishuRoom({ rooms: 'here' });
    expect(room.platform.rooms).toBeUndefined();
    expect(room.platform.capabilities.createsRooms).toBe(false);
  });
});
