import { readReports } from '../contact/reports.ts';
import type { Desk } from '../desk.ts';
import { sameSecret } from '../web/session.ts';

export type ReportAnswer =
  | { readonly ok: true; readonly answer: string }
  | { readonly ok: false; readonly status: 400 | 403 };

/** A gateway reports on messages that it took. Who does not know its token learns nothing, not even which exist. */
export async function receiveReports(
  desk: Desk,
  environment: NodeJS.ProcessEnv,
  call: { readonly gateway: string; readonly token: string; readonly body: string },
): Promise<ReportAnswer> {
  const reports = desk.settings.config.delivery.gateways.find((one) => one.id === call.gateway)?.reports;
  const secret = reports ? environment[reports.tokenEnv] : undefined;
  if (!reports || !secret || !sameSecret(secret, call.token)) return { ok: false, status: 403 };
  const read = readReports(reports, call.body);
  if (read === null) return { ok: false, status: 400 };
  for (const one of read) await desk.reported(call.gateway, one);
  return { ok: true, answer: reports.answer };
}
