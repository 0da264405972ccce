/** `feishu:oc_7d8a`, `slack:C0123`: a conversation as its platform names it; null for other words. */
export function readPlace(text: string): { readonly platform: string; readonly conversation: string } | null {
  const [, platform = '', conversation = ''] = /^(slack|teams|dingtalk|feishu)[:：](\S+)$/i.exec(text) ?? [];
  return platform ? { platform: platform.toLowerCase(), conversation } : null;
}
