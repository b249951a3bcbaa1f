import {
  Fault,
  type IdentityProviderAlias,
  instant,
  subjectId,
  systemClock,
  systemRandom,
  type TenantName,
} from "../../src/core/index.ts";
import type { MembersReading } from "../../src/operations/console/open-members.ts";
import { createReadings } from "../../src/operations/console/readings.ts";
import type { MembersAccess } from "../../src/operations/index.ts";
import type { Member, Members } from "../../src/realms/index.ts";

/** The broker's subject of an account of the realm. */
export const subOf = (id: string, tenant: string) => subjectId("https://kc.example", id, tenant as TenantName);

/**
 * Members who live in no realm, for tests of what asks for them. It is no stand-in for Keycloak: what Keycloak does is tried in
 * `test/contract/members.test.ts`. `asked` is what was done, in order.
 */
export function inMemoryMembers(organizationOf: MembersAccess["organizationOf"]) {
  const accounts = new Map<string, Member & { readonly organization: string; readonly elsewhere?: boolean }>();
  const halves = new Map<string, Member & { readonly organization: string; readonly elsewhere?: boolean }>();
  const withPassword = new Set<string>();
  const asked: string[] = [];
  const mail = { works: true, isSilent: false, hasNoGroups: false };
  let next = 0;
  const open = (organization: string, _alias: IdentityProviderAlias): Members => {
    const ours = () => [...accounts.values()].filter((one) => one.organization === organization);
    const of = (id: string) => ours().find((one) => one.id === id);
    const put = (id: string, more: Partial<Member>) => {
      const found = of(id);
      if (found) accounts.set(id, { ...found, ...more });
    };
    return {
      list: async () => ours(),
      find: async (id) => of(id),
      named: async (email) => ours().find((one) => one.email === email),
      make: async (who) => {
        const half = halves.get(`${organization} ${who.email}`);
        if (half) {
          halves.delete(`${organization} ${who.email}`);
          accounts.set(half.id, half);
          asked.push(`make ${who.email}`);
          return { id: half.id, isNew: true };
        }
        const there = ours().find((one) => one.email === who.email);
        if (there) return { id: there.id, isNew: false };
        const id = `id-${++next}`;
        const fresh = { state: "invited", hasSecondFactor: false, since: instant(1_700_000_000), groups: [] } as const;
        accounts.set(id, { ...who, ...fresh, id, organization });
        asked.push(`make ${who.email}`);
        return { id, isNew: true };
      },
      sendLink: async (id) => {
        asked.push(`mail ${of(id)?.email}`);
        if (mail.isSilent) throw new Fault("keycloak", "send a link");
        return mail.works;
      },
      setFirstPassword: async (id) => {
        withPassword.add(id);
        asked.push(`password ${of(id)?.email}`);
      },
      enable: async (id, enabled) => {
        asked.push(`${enabled ? "enable" : "disable"} ${of(id)?.email}`);
        put(id, { state: enabled ? "active" : "disabled" });
      },
      setGroups: async (id, groups) => {
        asked.push(`groups of ${of(id)?.email}: ${groups.join(" ")}`);
        if (mail.hasNoGroups) return false;
        put(id, { groups });
        return true;
      },
      hasCredentials: async (id) => withPassword.has(id),
      isElsewhere: async (id) => of(id)?.elsewhere === true,
      forgetSecondFactor: async (id) => {
        asked.push(`forget ${of(id)?.email}`);
        put(id, { hasSecondFactor: false });
      },
      remove: async (id) => {
        asked.push(`remove ${of(id)?.email}`);
        accounts.delete(id);
      },
    };
  };
  /** Has somebody accept an invitation. */
  const accept = (email: string) => {
    for (const [id, one] of accounts) {
      if (one.email !== email) continue;
      accounts.set(id, { ...one, state: "active", hasSecondFactor: true });
      withPassword.add(id);
    }
  };
  /** Puts an account there that is made, and no member yet. */
  const half = (organization: string, more: { readonly email: string; readonly elsewhere?: boolean }) => {
    const names = { firstName: "Zoe", lastName: "Zahn" };
    const fresh = { state: "invited", hasSecondFactor: false, since: instant(1_700_000_000), groups: [] } as const;
    halves.set(`${organization} ${more.email}`, { ...names, ...fresh, ...more, id: `id-${++next}`, organization });
  };
  const readings = createReadings<MembersReading>({ clock: systemClock });
  const access: MembersAccess = { organizationOf, open, subOf, random: systemRandom, readings };
  return { access, accounts, asked, mail, accept, half };
}
