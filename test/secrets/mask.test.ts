import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskPersonal, maskSecrets } from '../../src/secrets/mask.ts';
import { HARMLESS, PASSWORD_FORMS, PASSWORDS, SHAPED, URL_FORMS } from './forms.ts';

/** `@` marks the place; in a URL the `@` before the host stays. */
const plant = (form: string, secret: string) => form.replace('@', () => secret);

describe('secrets do not survive', () => {
  test('there are two hundred forms', () => {
    expect(PASSWORD_FORMS.length + URL_FORMS.length + SHAPED.length).toBeGreaterThanOrEqual(200);
  });

  test.each(PASSWORD_FORMS)('a password in: %s', (form) => {
    for (const secret of PASSWORDS) {
      const { text, count } = maskSecrets(plant(form, secret));
      expect(text).not.toContain(secret);
      expect(count).toBeGreaterThan(0);
    }
  });

  test.each(URL_FORMS)('a password in: %s', (form) => {
    for (const secret of ['Zq7!vK2mLp', 'hunter2Blue', 'x9_Long-Pass.word'])
      expect(maskSecrets(plant(form, secret)).text).not.toContain(secret);
  });

  test.each(SHAPED)('%s', (text, secret) => {
    expect(maskSecrets(text).text).not.toContain(secret);
  });

  test.each([
    '2026-11-24 03:12:00,123 ERROR [main] c.x.Config - ',
    '> ',
    '\t',
    '<Nov 24, 2026 3:12:00 AM CST> <Error> ',
  ])('after the log prefix %j', (prefix) => {
    for (const form of PASSWORD_FORMS.filter((one) => !/^(requirepass|masterauth)/.test(one)))
      expect(maskSecrets(prefix + plant(form, 'Zq7!vK2mLp')).text).not.toContain('Zq7!vK2mLp');
    for (const [text, secret] of SHAPED.filter(([one]) => !/^AUTH/.test(one)))
      expect(maskSecrets(prefix + text).text).not.toContain(secret);
  });

  test('all forms in one text, each on its line, and every line keeps its number', () => {
    const lines = [...PASSWORD_FORMS, ...URL_FORMS].map((form) => plant(form, 'Zq7!vK2mLp'));
    const text = [...lines, ...SHAPED.map(([one]) => one)].join('\n');
    const masked = maskSecrets(text).text;
    expect(masked).not.toContain('Zq7!vK2mLp');
    expect(masked.split('\n')).toHaveLength(text.split('\n').length);
  });
});

describe('what is no secret stays', () => {
  test.each(HARMLESS)('%s', (text) => {
    expect(maskSecrets(text)).toEqual({ text, count: 0 });
  });

  test('the rest of a connection string stays readable', () => {
    const { text } = maskSecrets('mysql://root:Zq7!vK2mLp@db-1:3306/app failed');
    expect(text).toContain('mysql://root:');
    expect(text).toContain('@db-1:3306/app failed');
  });
});

describe('masking again', () => {
  test('changes nothing', () => {
    for (const form of [...PASSWORD_FORMS, ...URL_FORMS].map((one) => plant(one, 'Zq7!vK2mLp'))) {
      const once = maskSecrets(form).text;
      expect(maskSecrets(once).text).toBe(once);
    }
    for (const [text] of SHAPED) {
      const once = maskSecrets(text).text;
      expect(maskSecrets(once).text).toBe(once);
    }
  });

  test('any text: no crash, no line lost', () => {
    const pieces = fc.constantFrom(
      'password',
      '=',
      ':',
      ' ',
      '"',
      '\\',
      '\n',
      '密码',
      '-----BEGIN PRIVATE KEY-----',
      'eyJ',
      '://',
      '@',
      '*',
      '{SSHA}',
      'a',
      '\ud800',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 8 })), { maxLength: 60 }), (parts) => {
        const text = parts.join('');
        const { text: masked } = maskSecrets(text);
        expect(masked.split('\n').length).toBe(text.split('\n').length);
      }),
      { numRuns: 300 },
    );
  });
});

describe('personal numbers', () => {
  test.each([
    ['联系人 13812345678', '13812345678'],
    ['手机号：+86 139-1234-5678', '1234'],
    ['tel=18600001111,', '18600001111'],
    ['身份证 11010519491231002X', '19491231'],
    ['idCard":"440524188001010014"', '18800101'],
  ])('%s', (text, secret) => {
    const masked = maskPersonal(text);
    expect(masked.count).toBe(1);
    expect(masked.text).not.toContain(secret);
  });

  test.each(['timestamp 1584357842237', 'id 110105194912310020', 'v13812345678901', '10.138.123.45678'])(
    '%s is none',
    (text) => {
      expect(maskPersonal(text)).toEqual({ text, count: 0 });
    },
  );
});
