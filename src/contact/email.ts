import { createTransport } from 'nodemailer';
import type { Config, Contact } from '../roster/schema.ts';
import type { Call, Sent } from './port.ts';

/** SMTP by nodemailer; 5xx answers are permanent, anything else is tried again. */
export function emailMethod(smtp: NonNullable<Config['delivery']['smtp']>, env: NodeJS.ProcessEnv) {
  const pass = smtp.passwordEnv ? env[smtp.passwordEnv] : undefined;
  const transport = createTransport({
    host: smtp.host,
    port: smtp.port,
    secure: smtp.secure,
    connectionTimeout: 10_000,
    socketTimeout: 20_000,
    ...(smtp.user && pass ? { auth: { user: smtp.user, pass } } : {}),
  });
  const send = async (contact: Extract<Contact, { method: 'email' }>, call: Call): Promise<Sent> => {
    try {
      const info = await transport.sendMail({
        from: smtp.from,
        to: contact.address,
        subject: call.subject,
        text: call.text,
        attachments: (call.attachments ?? []).map(({ name, type, content }) => ({
          filename: name,
          contentType: type,
          content: typeof content === 'string' ? content : Buffer.from(content),
        })),
      });
      return { ok: true, detail: String(info.messageId ?? '') };
    } catch (error) {
      const code = responseCode(error);
      return {
        ok: false,
        permanent: code >= 500,
        retryAfterMs: null,
        detail: reason(error),
        // A server that fell silent in the middle may have taken the mail.
        uncertain: code === 0 && !neverConnected(error),
      };
    }
  };
  return { send, check: () => transport.verify() };
}

function responseCode(error: unknown): number {
  return typeof error === 'object' && error !== null && 'responseCode' in error
    ? Number(error.responseCode)
    : 0;
}

function neverConnected(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'command' in error && error.command === 'CONN';
}

/** The first line of what went wrong, with the system's code where `fetch` hides it. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return 'error';
  const cause: unknown = error.cause;
  const code =
    typeof cause === 'object' && cause !== null && 'code' in cause ? ` (${String(cause.code)})` : '';
  return `${error.message.split('\n')[0] ?? 'error'}${code}`;
}
