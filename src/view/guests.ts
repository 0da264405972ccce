import { plainText } from '../chat/message.ts';
import type { Desk } from '../desk.ts';
import { targetOf } from '../dispatch/guest-tokens.ts';
import { BOT } from '../incident/events.ts';
import { closedBecause, guestActor, holdingLink } from '../incident/guests.ts';
import type { Language } from '../incident/plan.ts';
import { sideOf } from '../roster/access.ts';
import { maskSecrets } from '../secrets/mask.ts';
import type { Guest, GuestInvitation } from '../web/deps.ts';
import { refusalMessage } from '../words/refusal.ts';

/** Those who come by a link: what it says before it is opened, and who they are afterwards. */
export function guestDoor(desk: Desk, orgName: (org: string) => string) {
  const { config, plan } = desk.settings;
  const { store, clock } = desk;

  return {
    /** Null for a token that nobody was given. */
    invitation: async (token: string, language: Language): Promise<GuestInvitation | null> => {
      const target = await targetOf(store, token);
      const incident = target && (await store.load(target.incident))?.incident;
      const found = incident?.guests.find((one) => one.link === target?.link);
      if (!target || !incident || !found) return null;
      const closed = closedBecause(incident, found.link, clock.now());
      return {
        target,
        code: incident.code,
        host: config.desk.name,
        orgName: orgName(found.org),
        until: found.until,
        closed: closed && plainText(refusalMessage(closed, language, plan.zone).headline),
        open: async (name) => {
          const opened = await desk.handle(incident.id, {
            // The rule puts the guest's own name under it.
            by: BOT,
            at: null,
            backdateReason: null,
            sources: [],
            body: { type: 'open-guest-link', link: found.link, name: maskSecrets(name).text },
          });
          return opened.ok ? null : plainText(refusalMessage(opened.refusal, language, plan.zone).headline);
        },
      };
    },

    /** Null once the link holds no more, or was never opened. */
    guest: async (
      { incident: id, link }: { readonly incident: string; readonly link: string },
      language: Language,
    ): Promise<Guest | null> => {
      const incident = (await store.load(id))?.incident;
      const found = incident && holdingLink(incident, link, clock.now());
      if (!found || found.name === null) return null;
      const { id: person, name, org } = guestActor(found, found.name);
      return {
        incident: incident.id,
        code: incident.code,
        until: found.until,
        person: {
          id: person,
          name,
          org,
          orgName: orgName(org),
          side: sideOf(config, org),
          posts: [{ zh: '访客', en: 'guest' }[language]],
        },
      };
    },
  };
}
