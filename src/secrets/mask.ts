/**
 * Takes secrets out of text before it is stored, shown or logged (DESIGN "Secrets"). Every expression here is
 * linear: character classes do not overlap with what follows them and repetitions are bounded.
 */

const MASK = '******';

type Rule = readonly [RegExp, string | ((...parts: string[]) => string)];

/** Names whose value is a secret, as they stand in properties, flags, JSON, XML, environments and forms. */
const NAME =
  '(?:[A-Za-z0-9_.$-]{0,60}?(?:password|passwd|passphrase|passwort|pwd|secret|token|api[_-]?key|apikey|access[_-]?key(?:[_-]?(?:id|secret))?|accesskeyid|accesskeysecret|secret[_-]?key|private[_-]?key|credential|credentials|auth[_-]?key|encrypt[_-]?key|aes[_-]?key|signing[_-]?key|jsessionid|phpsessid|session[_-]?id|sessionid|sid[_-]?token|client[_-]?secret|app[_-]?secret|webhook[_-]?secret|connect\\.sid)|pass|ak|sk|mysql_pwd|pgpassword|redisauth|requirepass|masterauth)';
const ZH_NAME = '(?:数据库)?(?:登录|初始|管理员|用户)?(?:密码|口令|密钥|令牌)(?:是|为)?';

/** Words that follow a secret's name and are no secret: diagnosis needs `password authentication failed` whole. */
const NOT_A_VALUE =
  '(?!(?:authentication|for|is|was|are|has|have|had|will|must|may|can|cannot|and|or|not|from|of|to|in|on|at|the|a|an|required|expired|incorrect|invalid|wrong|missing|denied|rejected|failed|failure|null|none|true|false|undefined|empty|错误|不正确|已过期|过期|失效|不能|不符|为空|无效|验证|校验|认证)(?![\\w-]))';

const RULES: readonly Rule[] = [
  [
    /-----BEGIN ([A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?)-----[^-]{0,20000}(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?/g,
    (_, kind = '') => `-----BEGIN ${kind}-----${MASK}-----END ${kind}-----`,
  ],
  // Password hashes of LDAP-style stores and of admin-keyfile; crypt(3), bcrypt and WebLogic's own ciphers.
  [
    /\{(S?SHA\d{0,3}|SMD5|MD5|CRYPT|PBKDF2[\w-]{0,20}|AES(?:256)?|3DES|DES|bcrypt|scrypt|argon2\w{0,3})\}[\w+/=$.,:-]{8,2000}/gi,
    `{$1}${MASK}`,
  ],
  [/\$(?:2[abxy]|[156]|y|argon2(?:id|i|d))\$[\w./$=,+-]{16,300}/g, MASK],
  [/\bENC\([\w+/=]{4,1000}\)/g, `ENC(${MASK})`],
  // Tokens known by their shape.
  [/\beyJ[\w-]{8,4000}\.[\w-]{2,8000}(?:\.[\w-]{0,4000})?/g, MASK],
  [
    /\b(?:ghp|gho|ghu|ghs|ghr|github_pat|glpat|xox[abeoprs]|xapp|sk-ant|sk-proj|sk|rk|pk_live|sk_live|rk_live|npm|dop_v1|hvs|pypi|AIza|ya29|SG|key)[-_.][\w.-]{16,400}/g,
    MASK,
  ],
  [/\bAIza[\w-]{30,60}/g, MASK],
  [/\b(?:AKIA|ASIA|AROA|LTAI|AKID|AKLT|HPUA)[A-Za-z0-9]{12,48}\b/g, MASK],
  // URLs: user:password@host, and Oracle's user/password@.
  [/([a-z][a-z0-9+.-]{1,30}:\/\/[^\s:/@"'<>]{0,200}):[^\s/@"'<>]{1,300}@/gi, `$1:${MASK}@`],
  [/(jdbc:oracle:(?:thin|oci8?):[^\s/@"'<>]{1,100})\/[^\s@"'<>]{1,200}@/gi, `$1/${MASK}@`],
  [
    /\b((?:sqlplus|exp|imp|expdp|impdp|rman|sqlldr|disql|isql|ksql|gsql)(?:\s{1,4}-[A-Za-z]{1,8}){0,4}\s{1,4}["']?[\w$#.]{1,60})\/[^\s@"'/]{1,200}(?=[@\s"']|$)/gi,
    `$1/${MASK}`,
  ],
  // Authentication headers.
  [/\b(Bearer|Basic|Digest|Negotiate|NTLM|ApiKey|Token)([ :]{1,4})[\w+/=.~-]{8,8000}/g, `$1$2${MASK}`],
  [
    /((?:^|[\s"'[{(,;])(?:proxy-)?authorization["']?\s{0,8}[:=]\s{0,8}["']?)(?!Bearer|Basic|Digest|Negotiate|NTLM|ApiKey|Token)[^\s"'<>\]})]{4,8000}/gi,
    `$1${MASK}`,
  ],
  [/((?:^|[\s"'[{(,;])(?:set-)?cookie2?["']?\s{0,8}[:=]\s{0,8})[^\r\n"'\]}]{4,8000}/gi, `$1${MASK}`],
  [/(;jsessionid=)[\w!.:-]{4,400}/gi, `$1${MASK}`],
  [
    /((?:^|[\s"'[{(,;])(?:x-[a-z-]{0,30}(?:token|key|secret|auth|signature)[a-z-]{0,20})["']?\s{0,8}[:=]\s{0,8}["']?)[^\s"'<>,;\]})]{4,4000}/gi,
    `$1${MASK}`,
  ],
  // <password>x</password>, <Property name="password" value="x"/>
  [
    /(<(?:[\w.:-]{0,60}?(?:password|passwd|pwd|secret|token|credential)[\w.:-]{0,40})(?:\s[^<>]{0,300})?>)[^<]{1,2000}(?=<)/gi,
    `$1${MASK}`,
  ],
  [
    /(name\s{0,4}=\s{0,4}["'][\w.:-]{0,60}?(?:password|passwd|pwd|secret|token)["']\s{1,8}value\s{0,4}=\s{0,4}["'])[^"']{1,1000}/gi,
    `$1${MASK}`,
  ],
  // Flags: --password x, -Dx.password=x, -pX of the database clients.
  [
    /((?:^|\s)--?(?:password|passwd|pass|pwd|token|secret|api-key|apikey|access-key|secret-key|client-secret|auth)\s{1,4}["']?)(?!-)[^\s"'&;|]{1,400}/gi,
    `$1${MASK}`,
  ],
  [
    /((?:^|[\s/])(?:mysql|mysqldump|mysqladmin|mysqlimport|mariadb|mycli)(?:\s{1,4}[^\s|;&]{1,100}){0,12}?\s{1,4}-p)(?=[^\s"'-])[^\s"';|&]{1,200}/g,
    `$1${MASK}`,
  ],
  [
    /((?:^|[\s/])redis-cli(?:\s{1,4}[^\s|;&]{1,100}){0,10}?\s{1,4}-a\s{0,4})["']?[^\s"';|&]{1,200}/g,
    `$1${MASK}`,
  ],
  [
    /((?:^|[\s/])(?:curl|wget|http)(?:\s{1,4}[^\s|;&]{1,300}){0,12}?\s{1,4}(?:-u|--user)[ =]{0,4}["']?[^\s:"']{1,100}:)[^\s"']{1,300}/g,
    `$1${MASK}`,
  ],
  [/(sshpass\s{1,4}-p\s{0,4}["']?)[^\s"']{1,200}/g, `$1${MASK}`],
  [
    /((?:^|\s)AUTH\s{1,4}(?:[\w-]{1,40}\s{1,4})?)(?!failed|error|required|denied|method|type|plugin)[^\s"'<>]{6,200}(?=\s*$)/gm,
    `$1${MASK}`,
  ],
  [/(identified\s{1,4}by\s{1,4}(?:values\s{1,4}|password\s{1,4})?["']?)[^\s"';]{1,200}/gi, `$1${MASK}`],
  // Names with a value: key=value, key: value, "key":"value", key => value; quoted first, since quotes may hold blanks.
  [
    new RegExp(
      `((?:^|[^A-Za-z0-9_])["']?${NAME}\\\\?["']?\\s{0,8}(?:=>|[:=])\\s{0,8}\\\\?)(["'])(?:(?!\\\\?\\2)[^\\r\\n]){1,2000}`,
      'gi',
    ),
    `$1$2${MASK}`,
  ],
  [
    new RegExp(
      `((?:^|[^A-Za-z0-9_])["']?${NAME}["']?\\s{0,8}(?:=>|[:=])\\s{0,8})${NOT_A_VALUE}(?!["'*\\\\]|${'\\*'.repeat(3)})[^\\s"'<>,;&|)\\]}]{1,2000}`,
      'gi',
    ),
    `$1${MASK}`,
  ],
  [
    new RegExp(`(${ZH_NAME}\\s{0,8}[:：=＝]\\s{0,8}["'“]?)${NOT_A_VALUE}[^\\s"'”,，。;；、)）]{2,400}`, 'g'),
    `$1${MASK}`,
  ],
  [
    new RegExp(
      `(${ZH_NAME.replace('(?:是|为)?', '(?:是|为)')}\\s{0,4})(?![\\u4e00-\\u9fff])[^\\s"'”,，。;；、)）]{3,400}`,
      'g',
    ),
    `$1${MASK}`,
  ],
];

export interface Masked {
  text: string;
  /** How many secrets were masked. */
  count: number;
}

/** Quick test that spares ordinary lines the whole list: every rule needs one of these. */
const WORTH_A_LOOK =
  /pass|pwd|secret|token|key|credential|session|sid|auth|cookie|bearer|basic|digest|negotiate|ntlm|:\/\/|jdbc:|\{[a-z]|\$[0-9a-z]|ENC\(|eyJ|gh[opsur]_|glpat|xox|xapp|npm_|hvs|pypi|AIza|ya29|AKIA|ASIA|AROA|LTAI|AKID|AKLT|HPUA|SG\.|\bs?[ar]?k[\s"'_:=-]|sqlplus|expdp|impdp|\bexp |\bimp |rman|sqlldr|sql |mysql|maria|mycli|redis|curl|wget|http|identified|密码|口令|密钥|令牌/i;

/**
 * Masks passwords, tokens, keys, hashes, cookies and session ids. Idempotent: masked text masks to itself.
 * Line breaks outside private keys stay, so line numbers hold.
 */
export function maskSecrets(text: string): Masked {
  let count = 0;
  let result = text;
  if (!WORTH_A_LOOK.test(text)) return { text, count };
  for (const [pattern, replacement] of RULES)
    result = result.replace(pattern, (...args: unknown[]) => {
      const whole = String(args[0]);
      if (whole.includes(MASK)) return whole;
      count += 1;
      const parts = args.map((part) => (typeof part === 'string' ? part : ''));
      if (typeof replacement === 'function') return keepBreaks(whole, replacement(...parts));
      return keepBreaks(
        whole,
        replacement.replace(/\$(\d)/g, (_, index: string) => parts[Number(index)] ?? ''),
      );
    });
  return { text: result, count };
}

/** A private key spans lines; its mask spans as many, so that the lines after it keep their numbers. */
function keepBreaks(before: string, after: string): string {
  const missing = before.split('\n').length - after.split('\n').length;
  return missing > 0 ? after + '\n'.repeat(missing) : after;
}

const MOBILE = /(^|[^\d.])((?:\+?86[- ]?)?1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?![\d.])/g;
const IDENTITY =
  /(^|[^\dA-Za-z])([1-9]\d{5})((?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx])(?![\dA-Za-z])/g;

/**
 * Masks Chinese mobile and identity-card numbers, for logs and files; people's own words keep theirs.
 * A card number must carry its right check digit, and epoch milliseconds are no telephone numbers.
 */
export function maskPersonal(text: string): Masked {
  let count = 0;
  const cards = text.replace(IDENTITY, (whole, before: string, region: string, rest: string) => {
    if (!rightCheckDigit(region + rest)) return whole;
    count += 1;
    return `${before}${region}********${rest.slice(-4)}`;
  });
  const phones = cards.replace(MOBILE, (_, before: string, head: string, _middle: string, tail: string) => {
    count += 1;
    return `${before}${head}****${tail}`;
  });
  return { text: phones, count };
}

/** GB 11643: weights 2^(17-i) mod 11. */
function rightCheckDigit(number: string): boolean {
  let sum = 0;
  for (let i = 0; i < 17; i++) sum += Number(number[i]) * (2 ** (17 - i) % 11);
  return '10X98765432'[sum % 11] === number[17]?.toUpperCase();
}
