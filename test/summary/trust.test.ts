import { describe, expect, it } from 'vitest';
import { disputedOf } from '../../src/summary/disputed.ts';
import { explain, summarize } from '../../src/summary/index.ts';
import { judged, scoreOf, trust } from '../../src/summary/trust.ts';
import { places, soundsLike } from '../../src/summary/wording.ts';
import { room } from './talk.ts';

describe('what a conversation states is weighed', () => {
  it('given the file of weights, then every fact has a threshold and signs that speak for and against it', () => {
    for (const fact of judged) {
      const weights = Object.values(trust()[fact].signs);
      expect(
        weights.some((weight) => weight > 0),
        fact,
      ).toBe(true);
      expect(
        weights.some((weight) => weight < 0),
        fact,
      ).toBe(true);
    }
  });

  it('given a candidate, then by itself it is worth the base and the weights of its signs and words', () => {
    const { weighed } = explain(
      room(
        ['09:00', '甲', '窗口打不开，用户都进不去'],
        ['09:10', '乙', '查明是证书过期导致的'],
        ['09:12', '乙', '换了证书'],
      ),
    );
    const [cause] = weighed.cause;
    expect(cause).toBeDefined();
    const words = places.reduce((sum, place) => sum + soundsLike('cause', place, cause?.[place] ?? ''), 0);
    expect(cause?.alone).toBeCloseTo(scoreOf('cause', cause?.signs ?? []) + words);
  });

  it('given words of a breakage that nobody acts on, then no cause is taken and they are shown', () => {
    const talk = room(
      ['09:00', '甲', '扫码没反应，排了两百多人'],
      ['09:05', '乙', '交换机昨晚升级过'],
      ['09:07', '丙', '路由那边的策略也改过'],
    );
    const explained = explain(talk);
    expect(explained.summary.cause).toBeNull();
    expect(disputedOf(explained).filter(({ about }) => about === 'cause').length).toBeGreaterThan(0);
  });

  it('given a breakage whose finder mends it and then it works, then it is the cause', () => {
    const { cause, resolved } = summarize(
      room(
        ['09:00', '甲', '取号机打不出票，大厅排长队'],
        ['09:06', '乙', '打印服务的磁盘写满了，日志没清理过'],
        ['09:09', '乙', '清理了日志，腾出 40G'],
        ['09:11', '甲', '能打了，恢复正常'],
      ),
    );
    expect(cause?.cites).toEqual([1]);
    expect(resolved?.cites).toEqual([3]);
  });

  it('given what others should do, what was asked and what was put off, then none of it was done', () => {
    const { actions } = summarize(
      room(
        ['09:00', 'amy', 'exports fail with a timeout'],
        ['09:05', 'bob', 'could you restart the workers?'],
        ['09:06', 'amy', 'you can clear the queue if it happens again'],
        ['09:20', 'bob', "I've rolled back the release and restarted the workers"],
      ),
    );
    expect(actions.map(({ cites }) => cites)).toEqual([[3]]);
  });

  it('given what somebody would do and another does, then only what was done is told', () => {
    const { actions } = summarize(
      room(
        ['09:00', '甲', '登录报错，窗口都停了'],
        ['09:02', '乙', '先把连接池从 200 扩到 400 吧，先抢通'],
        ['09:03', '丙', '不同意，扩了把库打死'],
        ['09:10', '乙', '4 个节点全部重启完'],
        ['09:12', '甲', '能登录了'],
      ),
    );
    expect(actions.some(({ cites }) => cites.includes(1))).toBe(false);
    expect(actions.some(({ cites }) => cites.includes(3))).toBe(true);
  });
});
