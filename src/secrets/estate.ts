import type { Masked } from './mask.ts';

/** What of a customer's own estate other companies may not read. */
export interface EstateRule {
  /** IPv4, IPv6 and hardware addresses. */
  readonly addresses: boolean;
  /** Names of machines, and of those that the register knows. */
  readonly hosts: boolean;
  /** Names of users in connection strings, messages and home directories. */
  readonly accounts: boolean;
}

/** The names that were given out; the same machine is the same number in everything said of one incident. */
export type EstateNames = Readonly<Record<string, string>>;

export interface EstateMasked extends Masked {
  readonly names: EstateNames;
}

const KINDS = ['address', 'host', 'account'] as const;
type Kind = (typeof KINDS)[number];
const TITLE: Readonly<Record<Kind, string>> = { address: '地址', host: '主机', account: '账号' };

/** Never the machine of a customer: the sender itself, any, and everybody. */
const NOBODY = /^(?:127\.\d|0\.0\.0\.0$|255\.255\.255\.255$|::1?$|localhost$|localhost\.localdomain$)/i;

const V4 = /(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\.?\d|\w)/g;
/** Two colons beside hexadecimal digits, or eight groups: times and ports have neither. */
const V6 =
  /(?<![\w:.])(?:(?:[0-9a-f]{1,4}:){1,7}:(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?|::[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6}|(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4})(?:%\w{1,16})?(?![\w:])/gi;
const HARDWARE = /(?<![\w:-])[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}(?![\w:-])/gi;

const LABEL = '[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?';
const NAME = `${LABEL}(?:\\.${LABEL}){0,7}`;
/** After what only a machine's name can stand. */
const HOST_PLACES: readonly RegExp[] = [
  // A URL's or a connection string's machine, with or without a user before it.
  new RegExp(`(:\\/\\/(?:[^\\s/@"'<>]{1,200}@)?)(${NAME})(?![\\w.-])`, 'gi'),
  new RegExp(`(jdbc:oracle:(?:thin|oci8?):[^\\s@"'<>]{0,200}@(?:\\/\\/)?)(${NAME})(?![\\w.-])`, 'gi'),
  new RegExp(
    `((?<![\\w-])(?:host(?:name)?|server(?:[-_. ]?name)?|remote[-_ ]?host|node(?:[-_]?name)?|machine|computer|主机名?|服务器|节点)["']?\\s{0,4}[=:：]\\s{0,4}["']?)(${NAME})(?![\\w.-])`,
    'gi',
  ),
  new RegExp(`(UnknownHostException:\\s{0,4})(${NAME})(?![\\w.-])`, 'g'),
  new RegExp(
    `((?<!\\w)(?:ssh|scp|ping|telnet|nslookup|dig|traceroute) {1,4}(?:-\\w {1,4})?(?:[\\w.-]{1,60}@)?)(${NAME})(?![\\w.-])`,
    'gi',
  ),
  // As Java prints a machine with its address: `app01/10.0.0.1`.
  new RegExp(`((?<![\\w./@-]))(${NAME})(?=\\/(?:\\d{1,3}(?:\\.\\d{1,3}){3}|［地址\\d{1,6}］))`, 'gi'),
  // The head of a syslog line: `Nov 25 03:12:01 app01 sshd[99]:`.
  new RegExp(
    `(^[A-Z][a-z]{2} {1,2}\\d{1,2} \\d{2}:\\d{2}:\\d{2} )(${NAME})(?= [\\w/.()-]{1,60}(?:\\[\\d{1,9}\\])?:)`,
    'gm',
  ),
  // A shell's prompt: `[root@app01 ~]#`, `root@app01:~$`.
  new RegExp(`((?:^|\\[)[\\w.-]{1,40}@)(${NAME})(?=[ :][^\\s\\]]{0,80}\\]?[#$])`, 'gim'),
];
/** Ends of names that machines have and classes and files have not. */
const DOMAIN = new RegExp(
  `(?<![\\w.@/-])(?!(?:com|org|net|cn|io|edu|gov|java|javax|jakarta|sun|oracle)\\.)((?:${LABEL}\\.){1,6}(?:com|cn|net|org|gov|edu|local|lan|internal|intranet|intra|corp|localdomain|cluster))(?![\\w-]|\\.[a-z0-9])`,
  'gi',
);
const SOURCE_FILE =
  /\.(?:java|kt|scala|groovy|class|js|mjs|ts|py|rb|go|rs|c|cc|cpp|h|cs|php|pl|sh|sql|xml|xsl|jsp|html?|properties|ya?ml|json|conf|cfg|ini|log|out|txt|gz|zip|jar|war|ear|so|dll)$/i;
/** `name:port`: a class and its line begin with a capital, and few lines have four digits. */
const WITH_PORT =
  /(?<![\w.@:/-])([a-z](?:[a-z0-9-]{0,62}[0-9.-][a-z0-9.-]{0,120})?[a-z0-9](?=:\d{2,5}(?![\w:.]))|[a-z]{2,62}(?=:\d{4,5}(?![\w:.])))/g;

const ACCOUNT = '[a-z_][\\w.$#-]{0,60}';
const ACCOUNT_PLACES: readonly RegExp[] = [
  new RegExp(
    `((?<![\\w-])(?:user(?:[-_ ]?(?:name|id))?|uid|login|logname|account|principal|db[-_]?user|用户名?|账号|帐号|账户|登录名)["']?\\s{0,4}[=:：]\\s{0,4}["']?)(${ACCOUNT})(?![\\w.-]|\\s{0,2}=)`,
    'gi',
  ),
  new RegExp(`((?<!\\w)(?:for|as|by|of|from) (?:invalid )?user {1,2}["'\`]?)(${ACCOUNT})(?![\\w.-])`, 'gi'),
  new RegExp(`((?<!\\w)(?:user|role) ["'\`])(${ACCOUNT})(?=["'\`])`, 'gi'),
  new RegExp(
    `((?<!\\w)(?:password|publickey) for (?:invalid user )?["'\`]?)(${ACCOUNT})(?=["'\`]?(?: from|\\s|$))`,
    'gi',
  ),
  new RegExp(`(jdbc:oracle:(?:thin|oci8?):)(${ACCOUNT})(?=\\/)`, 'gi'),
  new RegExp(`(:\\/\\/)(${ACCOUNT})(?=(?::[^\\s/@"'<>]{0,200})?@)`, 'gi'),
  new RegExp(`((?<![\\w/])\\/(?:home|Users)\\/)(${ACCOUNT})(?=[/\\s:"']|$)`, 'g'),
  new RegExp(`([A-Z]:\\\\(?:Users|Documents and Settings)\\\\)(${ACCOUNT})(?=[\\\\\\s"']|$)`, 'gi'),
  // Whoever is at a machine that is hidden already.
  new RegExp(`((?<![\\w.$#-]))(${ACCOUNT})(?=@［(?:主机|地址)\\d{1,6}］)`, 'gi'),
  new RegExp(`((?:^|\\[))(${ACCOUNT})(?=@(?:${NAME}|［主机\\d{1,6}］)[ :][^\\s\\]]{0,80}\\]?[#$])`, 'gim'),
];
/** Names that also stand alone. */
const HIDDEN_AGAIN = ['host', 'account'] as const;
/** Words that stand there and name nobody. */
const NO_ACCOUNT =
  /^(?:null|none|true|false|unknown|anonymous|default|the|a|is|was|not|in|on|has|and|or|name|id)$/i;

/**
 * Takes a customer's estate out of text before it crosses to other companies: the same value becomes the same
 * placeholder everywhere in an incident, and nothing of the value is in it. Linear in the text; what was masked
 * masks to itself; line numbers hold.
 */
export function maskEstate(
  text: string,
  rule: EstateRule,
  /** Names of the customer's machines in the register. */
  registered: readonly string[],
  known: EstateNames = {},
): EstateMasked {
  const names: Record<string, string> = { ...known };
  let count = 0;
  const given: Record<Kind, number> = { address: 0, host: 0, account: 0 };
  for (const name of Object.keys(names))
    for (const kind of KINDS) if (name.startsWith(`${kind}:`)) given[kind] += 1;
  const hide = (kind: Kind, value: string): string => {
    const name = `${kind}:${value.toLowerCase()}`;
    count += 1;
    const before = names[name];
    if (before !== undefined) return before;
    given[kind] += 1;
    const placeholder = `［${TITLE[kind]}${given[kind]}］`;
    names[name] = placeholder;
    return placeholder;
  };
  const inPlace =
    (kind: Kind, spare: (value: string) => boolean) =>
    (whole: string, before: string, value: string): string =>
      spare(value) ? whole : before + hide(kind, value);

  let masked = text;
  if (rule.addresses) {
    for (const pattern of [HARDWARE, V6, V4])
      masked = masked.replace(pattern, (value) => (NOBODY.test(value) ? value : hide('address', value)));
  }
  if (rule.hosts) {
    const spare = (value: string): boolean =>
      NOBODY.test(value) || SOURCE_FILE.test(value) || isNumber(value);
    for (const place of HOST_PLACES) masked = masked.replace(place, inPlace('host', spare));
    for (const name of [...registered].sort((a, b) => b.length - a.length))
      masked = masked.replace(wholeWord(name), (value) => hide('host', value));
    for (const pattern of [DOMAIN, WITH_PORT])
      masked = masked.replace(pattern, (whole, value: string) =>
        spare(value) ? whole : hide('host', value),
      );
  }
  if (rule.accounts)
    for (const place of ACCOUNT_PLACES)
      masked = masked.replace(
        place,
        inPlace('account', (value) => NO_ACCOUNT.test(value)),
      );
  // What was seen once in its place is known wherever it stands; words of the language are let stand.
  masked = masked.replace(/(?<![\w.-])[\w-]+(?:\.[\w-]+)*/g, (word) => {
    if (!/[\d_.-]/.test(word) || isNumber(word)) return word;
    // `app01.log` is named after its machine.
    for (let stem = word; stem !== ''; stem = stem.slice(0, Math.max(0, stem.lastIndexOf('.')))) {
      const kind = HIDDEN_AGAIN.find(
        (one) => rule[`${one}s`] && names[`${one}:${stem.toLowerCase()}`] !== undefined,
      );
      if (kind !== undefined) return hide(kind, stem) + word.slice(stem.length);
    }
    return word;
  });
  return { text: masked, count, names };
}

/** Addresses are the other rule's. */
function isNumber(value: string): boolean {
  return /^[\d.]+$/.test(value);
}

function wholeWord(name: string): RegExp {
  return new RegExp(`(?<![\\w.-])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-]|\\.\\w)`, 'gi');
}
