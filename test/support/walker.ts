/** A browser without a face: keeps the cookies of each host, follows nothing by itself. */
export class Walker {
  private readonly jars = new Map<string, Map<string, { value: string; path: string }>>();

  /** What the browser would send of a name to a host; null when there is nothing. */
  cookie(url: string, name: string): string | null {
    return this.jar(url).get(name)?.value ?? null;
  }

  keep(url: string, name: string, value: string, path = '/'): void {
    this.jar(url).set(name, { value, path });
  }

  async get(url: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.send(url, { headers });
  }

  async post(url: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
    return this.send(url, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { origin: new URL(url).origin, ...headers },
    });
  }

  /** Where an answer leads, as a whole address; null when it leads nowhere. */
  static to(answer: Response, from: string): string | null {
    const location = answer.headers.get('location');
    return location === null ? null : new URL(location, from).href;
  }

  private async send(
    url: string,
    init: RequestInit & { headers: Record<string, string> },
  ): Promise<Response> {
    const { pathname } = new URL(url);
    const cookie = [...this.jar(url)]
      .filter(([, one]) => pathname.startsWith(one.path))
      .map(([name, one]) => `${name}=${one.value}`)
      .join('; ');
    const headers = new Headers({ 'accept-language': 'zh-CN', ...init.headers });
    if (cookie !== '') headers.set('cookie', cookie);
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';');
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      const path = attributes.map((one) => /^\s*path=(.*)$/i.exec(one)?.[1]).find((one) => one !== undefined);
      const gone = value === '' || attributes.some((one) => /^\s*max-age=0$/i.test(one));
      if (gone) this.jar(url).delete(name.trim());
      else this.jar(url).set(name.trim(), { value, path: path ?? '/' });
    }
    return answer;
  }

  /** Browsers keep cookies by host name and not by port; here each server has its own, as hosts would. */
  private jar(url: string): Map<string, { value: string; path: string }> {
    const { origin } = new URL(url);
    const jar = this.jars.get(origin) ?? new Map<string, { value: string; path: string }>();
    this.jars.set(origin, jar);
    return jar;
  }
}
