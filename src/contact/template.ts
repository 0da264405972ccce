import type { Call } from './port.ts';

export type Values = Readonly<Record<string, string>>;

/** What a gateway's template may name. */
export function valuesOf(address: string, call: Call): Values {
  const { text, code, page, words } = call;
  return { address, text, code, page: page ?? '', ...words };
}

/** The message is put in encoded as its place wants it; secrets of the environment are put in as they are. */
export function fill(
  template: string,
  values: Values,
  environment: NodeJS.ProcessEnv,
  encode: (text: string) => string,
): string {
  return template.replace(
    /\{\{(?:env\.([A-Z][A-Z0-9_]{0,60})|(\w{1,20})(?::(\d{1,3}))?)\}\}/g,
    (whole, variable: string | undefined, name: string, most: string | undefined) => {
      if (variable !== undefined) return environment[variable] ?? '';
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (value === undefined) return whole;
      return encode(most === undefined ? value : [...value].slice(0, Number(most)).join(''));
    },
  );
}

/** Fields of a query or a form, in their order. */
export function fillFields(
  fields: Readonly<Record<string, string>>,
  values: Values,
  environment: NodeJS.ProcessEnv,
): URLSearchParams {
  const filled = new URLSearchParams();
  for (const [name, template] of Object.entries(fields)) {
    const json = /^\s*[[{]["[{\]}\s]/.test(template) && !template.trimStart().startsWith('{{');
    filled.append(name, fill(template, values, environment, json ? jsonInner : (text) => text));
  }
  return filled;
}

export function jsonInner(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
