/**
 * What a secret looks like. Every expression is linear over hostile text: repetitions are bounded, neighbours do not
 * overlap, and a key's name is found by the word in it, so that no prefix is searched from every position.
 */

export const MASK = '******';

/** An expression and its replacement; `$1`… are the parts that stay. */
export type SecretRule = readonly [RegExp, string];

/** Words whose value is a secret wherever they end a name: `spring.datasource.password`, `keyStorePassword`. */
const NAME =
  '(?:pass(?:word|wd|phrase|code|wort)|pwd|secret(?![-_]?id\\b)|token|api[-_]?key|access[-_]?key|secret[-_]?key|private[-_]?key|auth[-_]?key|account[-_]?key|shared[-_]?access[-_]?key|encrypt(?:ion)?[-_]?key|decrypt[-_]?key|aes[-_]?key|sign(?:ing)?[-_]?key|master[-_]?key|license[-_]?key|credentials?|session[-_]?id|sessid|connect\\.sid|adminconsolesession|rememberme|requirepass|masterauth|mysql_pwd|signature|_auth|authtoken|(?<![a-z])(?:pass|pw|ak|sk|otp)|(?<=db|user|root|admin|store|key|login|my|redis|ftp)[-_]?pass)';

/** What may stand between the word and its value's sign: `password_confirm`, `accessKeySecret`, `secretKey`. */
const TAIL = '(?:[-_.]?(?:id|value|secret|hash|confirm|new|old|text|string|key|[0-9]))?';

/**
 * Words that follow a secret's name and are no secret. Diagnosis reads `password authentication failed` and
 * `using password: YES`, so they stay.
 */
const PLAIN_WORD =
  '(?:authentication|for|is|was|are|has|have|had|will|must|may|can|cannot|and|or|not|from|of|to|in|on|at|the|a|an|required|expired|incorrect|invalid|wrong|missing|denied|rejected|failed|failure|null|none|true|false|undefined|empty|yes|no|nil|error|unknown|expected|unexpected|string|错误|不正确|已过期|过期|失效|不能|不符|为空|无效|验证|校验|认证)(?![\\w-])';

const VALUE = `(?!${PLAIN_WORD})(?!\\*{3})`;
const ZH_NAME =
  '(?:密码|口令|密钥|令牌|验证码|授权码|密码为|口令为|密码是|口令是|密钥是|密钥为|密码改为|密码改成|密码重置为)';

const insensitive = (source: string, flags = 'gi') => new RegExp(source, flags);

export const SECRET_RULES: readonly SecretRule[] = [
  // Private keys: whole, or cut off, or on one line with written line breaks.
  [
    /(-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)(?!\*{3})(?:(?!-----END)[\s\S]){1,20000}(-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?/g,
    `$1${MASK}$2`,
  ],
  // Password hashes: LDAP-style stores and admin-keyfile, crypt(3), databases, WebSphere, Jasypt.
  [
    /\{(S?SHA-?\d{0,3}|SMD5|MD5|CRYPT|PBKDF2[\w-]{0,20}|AES(?:-?256)?|3DES|DES|xor|bcrypt|scrypt|argon2\w{0,3})\}[\w+/=$.,:-]{4,2000}/gi,
    `{$1}${MASK}`,
  ],
  [/\$(?:2[abxy]|[156]|y|apr1|argon2(?:id|i|d))\$[\w./$=,+-]{16,300}/g, MASK],
  [/SCRAM-SHA-(?:1|256|512)\$\d{1,9}:[\w+/=$:.-]{16,400}/g, MASK],
  [/(?<![\w*])\*[0-9A-F]{40}(?!\w)/g, MASK],
  [/(?<!\w)md5[0-9a-f]{32}(?!\w)/g, MASK],
  [/((?<![\w.])[\w$-]{1,40}:\d{1,6}:)[0-9a-f]{32}:[0-9a-f]{32}(?=:::)/gi, `$1${MASK}`],
  [/\bENC\([\w+/=-]{4,1000}\)/g, `ENC(${MASK})`],
  // Tokens known by their shape.
  [/(?<![\w-])eyJ[\w-]{8,4000}\.[\w-]{2,8000}(?:\.[\w-]{0,4000})?/g, MASK],
  [
    /(?<![\w-])(?:gh[opsur]_|github_pat_|glpat-|gldt-|xox[abeoprs]-|xapp-|sk-|sk_live_|sk_test_|rk_live_|pk_live_|npm_|dop_v1_|hvs\.|hvb\.|pypi-|ya29\.|SG\.|whsec_|shpat_|AGE-SECRET-KEY-|dapi|lin_api_|figd_)[\w.-]{16,400}/g,
    MASK,
  ],
  [/(?<!\w)AIza[\w-]{30,60}/g, MASK],
  [/(?<!\w)(?:AKIA|ASIA|AROA|LTAI|AKID|AKLT|HPUA)[A-Za-z0-9]{12,48}(?!\w)/g, MASK],
  [/(?<!\w)SEC[0-9a-f]{64}(?!\w)/g, MASK],
  [/(?<!\w)(?:TGT|ST|PT|PGT)-\d{1,8}-[\w.-]{10,200}/g, MASK],
  [/(hooks\.slack\.com\/(?:services|workflows)\/)[\w/]{10,200}/g, `$1${MASK}`],
  [/(open-apis\/bot\/v2\/hook\/)[\w-]{10,80}/g, `$1${MASK}`],
  [/(qyapi\.weixin\.qq\.com\/cgi-bin\/webhook\/send\?key=)[\w-]{10,80}/g, `$1${MASK}`],
  // user:password@host in a URL, and Oracle's user/password@host. A port is no password.
  [
    /((?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,60}:\/\/[^\s:/@"'<>]{0,200}:)(?!\d{1,5}(?:[/?#\s,]|$))[^\s"'<>@]{1,300}@(?:[^\s"'<>@/]{1,200}@)?/gi,
    `$1${MASK}@`,
  ],
  [/(jdbc:oracle:(?:thin|oci8?):[^\s/@"'<>]{1,100}\/)[^\s@"'<>]{1,200}@/gi, `$1${MASK}@`],
  [
    /((?<![\w/.:-])[A-Za-z][\w$#]{0,40}\/)[^\s@"'/<>]{1,100}@(?=\/\/|[\w.-]{1,100}:\d{2,5}[/:]|"?\(DESCRIPTION)/g,
    `$1${MASK}@`,
  ],
  [
    /((?<!\w)(?:sqlplus|exp|imp|expdp|impdp|rman|sqlldr|disql|isql|ksql|gsql|conn|connect)(?: {1,4}-[A-Za-z]{1,8}){0,4} {1,4}["']?(?:target {1,4})?[\w$#.]{1,60}\/)[^\s@"'/]{1,200}(?=[@\s"']|$)/gi,
    `$1${MASK}`,
  ],
  // HTTP: authentication headers, cookies, signatures.
  [
    /((?<![\w-])(?:proxy-)?authorization["']?\s{0,8}[:=]\s{0,8}["']?Digest )(?!\*{3})[^\r\n]{8,4000}/gi,
    `$1${MASK}`,
  ],
  [/(["']auth["']\s{0,4}:\s{0,4}["'])[\w+/=]{8,2000}/g, `$1${MASK}`],
  [/((?<!\w)(?:Bearer|Basic|Digest|Negotiate|NTLM|ApiKey|Token)[ :]{1,4})[\w+/=.~-]{8,8000}/gi, `$1${MASK}`],
  [
    /((?<![\w-])(?:proxy-)?authorization["']?\s{0,8}[:=]\s{0,8}["']?)(?!(?:Bearer|Basic|Digest|Negotiate|NTLM|ApiKey|Token)[ :]|\*{3})[^\s"'<>\]})][^\r\n"'<>\]})]{3,4000}/gi,
    `$1${MASK}`,
  ],
  [
    /((?<![\w-])(?:set-)?cookie2?["']?\s{0,8}[:=]\s{0,8}["']?)(?!\*{3})[^\s"'\]}][^\r\n"'\]}]{3,8000}/gi,
    `$1${MASK}`,
  ],
  [
    /((?<!\w)[A-Z_]{0,20}(?:JSESSIONID|PHPSESSID|SESSIONID|SESSION)=)(?!\*{3})[\w!.:%+/=-]{8,400}/g,
    `$1${MASK}`,
  ],
  [/(;jsessionid=)(?!\*{3})[\w!.:-]{4,400}/gi, `$1${MASK}`],
  [
    /((?<![\w-])x-[a-z-]{0,30}(?:token|key|secret|auth|signature|credential)[a-z-]{0,20}["']?\s{0,8}[:=]\s{0,8}["']?)(?!\*{3})[^\s"'<>,;\]})]{4,4000}/gi,
    `$1${MASK}`,
  ],
  [/([?&](?:sig|sign|signature|code|ticket|key|sid|auth)=)(?!\*{3})[\w%+/=.~-]{10,2000}/gi, `$1${MASK}`],
  // XML: <password>x</password>, name="password" value="x".
  [
    /(<[\w.:-]{0,60}(?:pass(?:word|wd)?|pwd|secret|token|credential|api-?key|access-?key|private-?key|encrypted)[\w.:-]{0,40}(?:\s[^<>]{0,300})?>)(?!\*{3})[^<]{1,2000}(?=<)/gi,
    `$1${MASK}`,
  ],
  [
    /(name\s{0,4}=\s{0,4}["'][\w.:-]{0,60}(?:password|passwd|pwd|secret|token)["']\s{1,8}value\s{0,4}=\s{0,4}["'])(?!\*{3})[^"']{1,1000}/gi,
    `$1${MASK}`,
  ],
  [
    /(name\s{0,4}=\s{0,4}["'][\w.:-]{0,60}(?:password|passwd|pwd|secret|token)["'][^<>]{0,200}>)(?!\*{3})[^<]{1,1000}(?=<)/gi,
    `$1${MASK}`,
  ],
  // Flags with a blank before the value, and the database and transfer clients' own.
  [
    /((?<![\w-])--?(?:[\w.-]{0,60}?(?:password|passwd|passphrase|secret|[-_.]token|api[-_]?key|access[-_]?key|private[-_]?key)|(?:[a-z]{1,12}-)?(?:pass|pwd|pw|token|secret|api-?key|access-?key|secret-?key|storepass|keypass|deststorepass|srcstorepass|requirepass|masterauth))\s{1,4}["']?)(?![-*\s])[^\s"'&;|]{1,400}/gi,
    `$1${MASK}`,
  ],
  [
    /((?<![\w-])(?:mysql|mysqldump|mysqladmin|mysqlimport|mariadb|mycli)(?: {1,4}[^\s|;&]{1,100}){0,12}? {1,4}-p)(?=[^\s"'-])[^\s"';|&]{1,200}/g,
    `$1${MASK}`,
  ],
  [
    /((?<![\w-])(?:mysql|mysqldump|mysqladmin|mariadb)(?: {1,4}[^\s|;&]{1,100}){0,12}? {1,4}-p["'])[^"'\r\n]{1,200}/g,
    `$1${MASK}`,
  ],
  [
    /((?<![\w-])redis-cli(?: {1,4}[^\s|;&]{1,100}){0,10}? {1,4}-a {0,4}["']?)(?!\*{3})[^\s"';|&]{1,200}/g,
    `$1${MASK}`,
  ],
  [
    /((?<![\w-])ldap(?:search|modify|add|passwd|whoami)(?: {1,4}[^\s|;&]{1,100}){0,12}? {1,4}-w {0,4}["']?)(?!\*{3})[^\s"';|&]{1,200}/g,
    `$1${MASK}`,
  ],
  [
    /((?<![\w-])(?:curl|wget|http)(?: {1,4}[^\s|;&]{1,300}){0,12}? {1,4}(?:-u|--user|--proxy-user)[ =]{0,4}["']?[^\s:"']{1,100}:)(?!\*{3})[^\s"']{1,300}/g,
    `$1${MASK}`,
  ],
  [/((?<![\w-])sshpass {1,4}-p {0,4}["']?)(?!\*{3})[^\s"']{1,200}/g, `$1${MASK}`],
  [
    /((?<![\w-])htpasswd(?: {1,4}-\w{1,6}){0,4} {1,4}(?!-)[^\s|;&]{1,200} {1,4}[^\s|;&]{1,60} {1,4})(?!\*{3})[^\s|;&]{1,200}/g,
    `$1${MASK}`,
  ],
  [/(-pass(?:in|out) {1,4}["']?pass:)(?!\*{3})[^\s"']{1,200}/g, `$1${MASK}`],
  [
    /((?<!\w)echo {1,4}["']?[\w.-]{1,60}:)(?!\*{3})[^\s"'|]{1,200}(?=["']? {0,4}\| {0,4}(?:sudo {1,4})?chpasswd)/g,
    `$1${MASK}`,
  ],
  [/((?<!\w)login {1,4}[^\s]{1,100}\s{1,8}password {1,4})(?!\*{3})[^\s]{1,200}/g, `$1${MASK}`],
  [/(^[ \t]{0,8}(?:requirepass|masterauth) {1,8}["']?)(?!\*{3})[^\s"']{1,200}/gm, `$1${MASK}`],
  [
    /(^[ \t>]{0,8}AUTH {1,4}(?:[\w-]{1,40} {1,4})?)(?!failed|error|required|denied|method|type|plugin|\*{3})[^\s"'<>]{6,200}(?=[ \t]{0,4}$)/gm,
    `$1${MASK}`,
  ],
  [
    /((?<!\w)identified\s{1,4}by\s{1,4}(?:values\s{1,4}|password\s{1,4})?["']?)(?!\*{3})[^\s"';]{1,200}/gi,
    `$1${MASK}`,
  ],
  [
    /((?<!\w)(?:with\s{1,4}|set\s{1,4}|encrypted\s{1,4})password(?:\s{1,4}for\s{1,4}[^\s]{1,80}(?=\s))?\s{0,4}=?\s{0,4}(?:password\s{0,2}\()?["'])(?!\*{3})[^"'\r\n]{1,200}/gi,
    `$1${MASK}`,
  ],
  // Names with a value: key=value, key: value, "key": "value", key => value. Quoted values may hold blanks.
  [
    insensitive(
      `(${NAME}${TAIL}\\\\{0,3}["']?\\s{0,8}(?:=>|[:=：＝])\\s{0,8}(\\\\{0,3}["']))(?!\\*{3})(?:(?!\\2)[^\\r\\n]){1,2000}`,
    ),
    `$1${MASK}`,
  ],
  [
    insensitive(
      `(${NAME}${TAIL}["'\\]]?\\s{0,8}(?:=>|[:=：＝])\\s{0,8})${VALUE}(?![\\s"'\\\\])[^\\s"'<>,;&|)\\]}](?:[^\\s"'<>;&|)\\]},]|,(?!\\s)){0,2000}`,
    ),
    `$1${MASK}`,
  ],
  [
    insensitive(
      `((?:the )?(?:password|passwd|passphrase|pwd) (?:is|was|to|=) {0,2}["']?)${VALUE}(?=[^\\s"']{0,40}[\\d!@#$%^&*])[^\\s"'<>,;]{4,200}`,
    ),
    `$1${MASK}`,
  ],
  [
    insensitive(`(${ZH_NAME}\\s{0,8}[:：=＝]\\s{0,8}["'“「]?)${VALUE}[^\\s"'”」,，。;；、)）]{2,400}`, 'g'),
    `$1${MASK}`,
  ],
  [
    insensitive(
      `((?:密码|口令|密钥|令牌)(?:是|为|改为|改成|重置为)\\s{0,4}["'“「]?)(?![\\u4e00-\\u9fff*])[^\\s"'”」,，。;；、)）]{3,400}`,
      'g',
    ),
    `$1${MASK}`,
  ],
];

/** Quick test that spares ordinary text the whole list: every rule needs one of these. */
export const WORTH_A_LOOK =
  /pass|pwd|pw[\s"'_:=-]|secret|token|key|credential|sess|sid|auth|cookie|bearer|basic|digest|negotiate|ntlm|:\/\/|jdbc:|\/[^\s@]{1,60}@|\{[a-z0-9]|\$[0-9a-z]|\*[0-9A-F]{40}|md5|:::|scram|ENC\(|eyJ|gh[opsur]_|github_pat|xox|xapp|npm_|hv[sb]|pypi|AIza|ya29|AKIA|ASIA|AROA|LTAI|AKID|AKLT|HPUA|SG\.|SEC[0-9a-f]|[TP]G?T-\d|\bST-\d|dapi|dop_|figd|glpat|gldt|lin_api|shpat|whsec|sign?[=(]|code=|\b[as]k[\s"'_:=-]|otp|sqlplus|exp|imp|rman|sqlldr|sql |conn|mysql|maria|mycli|redis|ldap|curl|wget|http|identified|rememberme|hook|密码|口令|密钥|令牌|验证码|授权码/i;
