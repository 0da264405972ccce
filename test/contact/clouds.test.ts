import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { PROJECT } from '../../src/config.ts';
import { contactMethods } from '../../src/contact/index.ts';
import type { Call, Sent } from '../../src/contact/port.ts';
import { readReports } from '../../src/contact/reports.ts';
import { sign } from '../../src/contact/signing.ts';
import { readYaml } from '../../src/plan/yaml.ts';
import { type Gateway, gatewaySchema } from '../../src/roster/schema.ts';
import { ROSTER } from '../incident/given.ts';
import { type CloudCall, KEYS, startCloud } from '../support/clouds.ts';

const FOLDER = join(PROJECT, 'docs/gateways');
const example = (name: string): Gateway =>
  readYaml(readFileSync(join(FOLDER, `${name}.yaml`), 'utf8'), gatewaySchema, name);
const PHONE = '13800000000';
const call: Call = {
  incident: 'i1',
  code: 'INC-20261124-01',
  page: 'p-1',
  text: '红色：社保"核心"系统 100% 不可用\n请应答 (again) *now*!',
  subject: 'INC-20261124-01',
  words: { system: '社保"核心"系统', level: '红色', title: '全部节点 + 报错', until: '03:17' },
};

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function send(
  name: string,
  answer: (call: CloudCall) => { readonly status?: number; readonly body: unknown },
  keys = KEYS,
): Promise<{ readonly sent: Sent; readonly cloud: readonly CloudCall[] }> {
  const cloud = await startCloud(answer);
  closing.push(cloud.close);
  const made = example(name);
  const real = new URL(made.url);
  const gateway = { ...made, url: `${cloud.url}${real.pathname}${real.search}` };
  const environment: NodeJS.ProcessEnv = { GATEWAY_TOKEN: 't0ken', WARROOM_REPORT_TOKEN: 'r3port' };
  if (gateway.sign) {
    environment[gateway.sign.keyIdEnv] = keys.id;
    environment[gateway.sign.keySecretEnv] = keys.secret;
  }
  const method = contactMethods({ ...ROSTER, delivery: { gateways: [gateway] } }, environment, []);
  const sent = await method({ method: 'webhook', gateway: gateway.id, address: PHONE }, call);
  return { sent, cloud: cloud.calls };
}

const RIGHT: Readonly<Record<string, { readonly body: unknown; readonly id: string }>> = {
  'aliyun-sms': { body: { Code: 'OK', Message: 'OK', BizId: 'biz^0', RequestId: 'r' }, id: 'biz^0' },
  'aliyun-voice': { body: { Code: 'OK', Message: 'OK', CallId: '12^34', RequestId: 'r' }, id: '12^34' },
  'tencent-sms': {
    body: {
      Response: {
        SendStatusSet: [{ SerialNo: '5000:1', Code: 'Ok', Message: 'send success' }],
        RequestId: 'r',
      },
    },
    id: '5000:1',
  },
  'tencent-voice': {
    body: { Response: { SendStatus: { CallId: 'c-1', SessionContext: 'p-1' }, RequestId: 'r' } },
    id: 'c-1',
  },
  'huawei-sms': {
    body: {
      result: [{ smsMsgId: 'm-1', status: '000000', originTo: '+86' }],
      code: '000000',
      description: 'Success',
    },
    id: 'm-1',
  },
  'huawei-voice': { body: { resultcode: '0', resultdesc: 'Success', sessionId: 's-1' }, id: 's-1' },
  generic: { body: { ok: true, id: 'g-1' }, id: 'g-1' },
};

const WRONG: readonly (readonly [string, unknown, boolean])[] = [
  ['aliyun-sms', { Code: 'isv.BUSINESS_LIMIT_CONTROL', Message: '触发分钟级流控', RequestId: 'r' }, false],
  ['aliyun-sms', { Code: 'isv.MOBILE_NUMBER_ILLEGAL', Message: '非法手机号', RequestId: 'r' }, true],
  ['aliyun-voice', { Code: 'isv.OUT_OF_SERVICE', Message: '业务停机', RequestId: 'r' }, true],
  [
    'tencent-sms',
    { Response: { SendStatusSet: [{ Code: 'LimitExceeded.DeliveryFrequencyLimit', Message: '频率' }] } },
    false,
  ],
  [
    'tencent-sms',
    { Response: { SendStatusSet: [{ Code: 'InvalidParameterValue.IncorrectPhoneNumber', Message: 'x' }] } },
    true,
  ],
  ['tencent-voice', { Response: { Error: { Code: 'InternalError', Message: '内部错误' } } }, false],
  ['huawei-sms', { result: [{ status: 'E200028' }], code: 'E000510', description: 'fail' }, true],
  ['huawei-sms', { result: [{ status: 'E200015' }], code: 'E000510', description: 'fail' }, false],
  ['huawei-voice', { resultcode: '1010002', resultdesc: 'Invalid request.' }, true],
  ['generic', { ok: false, error: 'no-such-number' }, true],
];

describe('the ready examples for the usual gateways', () => {
  it('are all tried here', () => {
    const files = readdirSync(FOLDER).map((name) => name.replace(/\.yaml$/, ''));
    expect(files.sort()).toEqual(Object.keys(RIGHT).sort());
  });

  it.each(Object.keys(RIGHT))('%s: the cloud accepts signature and content', async (name) => {
    const right = RIGHT[name];
    const { sent, cloud } = await send(name, () => ({ body: right?.body }));
    expect(sent).toEqual({ ok: true, detail: right?.id, messageId: right?.id });
    expect(cloud.map((one) => one.wrong)).toEqual([name === 'generic' ? 'unsigned' : null]);
    const [first] = cloud;
    const body = first?.body ?? '';
    const said = [...(first?.url.searchParams.values() ?? []), body, ...new URLSearchParams(body).values()];
    expect(said.join(' ')).toContain(PHONE);
  });

  it.each(WRONG)('%s: HTTP 200 with %j inside is an error', async (name, body, permanent) => {
    const { sent } = await send(name, () => ({ body }));
    expect(sent).toMatchObject({ ok: false, permanent });
  });

  it('template parameters are valid JSON whatever the words are', async () => {
    const { cloud } = await send('aliyun-sms', () => ({ body: RIGHT['aliyun-sms']?.body }));
    const parameters = JSON.parse(cloud[0]?.url.searchParams.get('TemplateParam') ?? '');
    expect(parameters).toEqual({
      code: call.code,
      system: call.words.system,
      title: call.words.title,
      until: '03:17',
    });
    const huawei = await send('huawei-sms', () => ({ body: RIGHT['huawei-sms']?.body }));
    const form = new URLSearchParams(huawei.cloud[0]?.body);
    expect(JSON.parse(form.get('templateParas') ?? '')).toEqual([call.code, call.words.system, '03:17']);
    expect(form.get('statusCallback')).toContain('/reports/huawei-sms/r3port');
  });

  it.each(['aliyun-sms', 'tencent-sms', 'huawei-sms', 'huawei-voice'])(
    '%s: with the wrong secret the cloud finds the signature false',
    async (name) => {
      const { cloud } = await send(name, () => ({ body: {} }), { ...KEYS, secret: 'another' });
      expect(cloud[0]?.wrong).toMatch(/Signature|E000105/);
    },
  );

  it('a missing key is named and nothing is sent', async () => {
    const { sent, cloud } = await send('aliyun-sms', () => ({ body: {} }), { ...KEYS, secret: '' });
    expect(sent).toMatchObject({ ok: false, permanent: true, detail: 'ALIYUN_ACCESS_KEY_SECRET is empty' });
    expect(cloud).toEqual([]);
  });

  it('an answer that is none of the expected is an error, tried again', async () => {
    const { sent } = await send('aliyun-sms', () => ({ body: '<html>maintenance</html>' }));
    expect(sent).toMatchObject({ ok: false, permanent: false });
  });
});

describe('signatures are those of the published examples', () => {
  it('ACS3-HMAC-SHA256', () => {
    const url =
      'https://ecs.cn-shanghai.aliyuncs.com/?ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai';
    const signed = sign(
      { scheme: 'aliyun', action: 'RunInstances', version: '2014-05-26', keyIdEnv: 'A', keySecretEnv: 'B' },
      { method: 'POST', url: new URL(url), headers: {}, body: '' },
      { id: 'YourAccessKeyId', secret: 'YourAccessKeySecret' },
      { now: Date.parse('2023-10-26T10:22:32Z'), nonce: '3156853299f313e23d1673dc12e1703d' },
    );
    expect(signed.authorization).toContain(
      'Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0',
    );
  });

  it('TC3-HMAC-SHA256', () => {
    const body = String.raw`{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`;
    const signed = sign(
      {
        scheme: 'tencent',
        service: 'cvm',
        action: 'DescribeInstances',
        version: '2017-03-12',
        region: 'ap-guangzhou',
        keyIdEnv: 'A',
        keySecretEnv: 'B',
      },
      { method: 'POST', url: new URL('https://cvm.tencentcloudapi.com/'), headers: {}, body },
      { id: 'AKID', secret: '*'.repeat(32) },
      { now: 1_551_113_065_000, nonce: '' },
    );
    expect(signed.authorization).toContain(
      'Signature=10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f',
    );
  });
});

describe('what gateways report later', () => {
  const of = (name: string, body: unknown): readonly string[] | undefined => {
    const { reports } = example(name);
    if (!reports) throw new Error(`${name} reports nothing`);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return readReports(reports, text)?.map((one) => `${one.id} ${one.outcome} ${one.detail}`);
  };

  it.each<readonly [string, unknown, readonly string[]]>([
    [
      'aliyun-sms',
      [
        { phone_number: PHONE, success: true, err_code: 'DELIVERED', biz_id: '12', out_id: 'p-1' },
        { phone_number: PHONE, success: false, err_code: 'MT:1:12', biz_id: '13', out_id: 'p-2' },
      ],
      ['p-1 delivered DELIVERED', 'p-2 undelivered MT:1:12'],
    ],
    ['aliyun-voice', [{ status_code: '200102', out_id: 'p-1', call_id: '1^2' }], ['p-1 seen 200102']],
    ['aliyun-voice', [{ status_code: '200101', out_id: 'p-1', call_id: '1^2' }], []],
    ['tencent-sms', [{ report_status: 'SUCCESS', errmsg: 'DELIVRD', sid: '5:1' }], ['5:1 delivered DELIVRD']],
    ['tencent-voice', { voiceprompt_callback: { result: '0', callid: 'c-1' } }, ['c-1 seen 0']],
    ['tencent-voice', { voiceprompt_callback: { result: '1', callid: 'c-1' } }, ['c-1 undelivered 1']],
    ['huawei-sms', 'sequence=1&total=1&smsMsgId=m-1&status=DELIVRD', ['m-1 delivered DELIVRD']],
    [
      'huawei-voice',
      { eventType: 'answer', statusInfo: { sessionId: 's-1', userData: 'p-1' } },
      ['p-1 seen answer'],
    ],
    ['generic', { ref: 'p-1', state: 'read' }, ['p-1 seen read']],
  ])('%s: %j', (name, body, expected) => {
    expect(of(name, body)).toEqual(expected);
  });

  it('what cannot be read is refused', () => {
    expect(of('generic', '<xml/>')).toBeUndefined();
  });
});
