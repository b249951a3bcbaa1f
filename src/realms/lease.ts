import type RoleRepresentation from "@keycloak/keycloak-admin-client/lib/defs/roleRepresentation.js";
import { Fault, type Instant, instant } from "../core/index.ts";
import type { Lease, LeaseStore } from "../reconcile/index.ts";
import { type RealmAccess, textOf } from "./access.ts";

/**
 * Name of the role that stands in a realm while somebody applies. Nobody holds it and it gives nothing: a role's name is
 * unique in Keycloak's database, so of two who make it at the same moment one is refused. An attribute of the realm
 * would be written by both.
 */
export const leaseRole = "cloudpass-lease";

const leaseIn = async (at: RealmAccess) =>
  noteIn(await at.one("lease", ({ roles }, realm) => roles.findOneByName({ realm, name: leaseRole })));

/** True when a run that died has left its lease in a realm, and it is over by `now`. Throws `Fault`. */
export async function isLeaseLeft(at: RealmAccess, now: Instant): Promise<boolean> {
  const there = await leaseIn(at);
  return there !== undefined && there.lease.until <= now;
}

/** The lease on one realm. */
export function leaseOn(at: RealmAccess): LeaseStore {
  const doing = `take the lease on realm ${at.realm}`;
  const current = () => leaseIn(at);
  const make = async (lease: Lease): Promise<boolean> => {
    const description = `Held while cloudpass applies, by ${lease.holder}`;
    try {
      const role = { name: leaseRole, description, attributes: attributesOf(lease) };
      await at.create(doing, ({ roles }, realm) => roles.create({ realm, ...role }));
      return true;
    } catch (thrown) {
      if (thrown instanceof Fault && (await current()) !== undefined) return false;
      throw thrown;
    }
  };
  // By id: of several who take over from a run that died, one deletes; the others find nothing, or a row that just went.
  const clear = async (id: string, run: string): Promise<void> => {
    try {
      await at.remove(doing, ({ roles }, realm) => roles.delById({ realm, id }));
    } catch (thrown) {
      if (!(thrown instanceof Fault) || (await current())?.lease.run === run) throw thrown;
    }
  };
  return {
    hold: async (lease, now) => {
      const there = await current();
      if (there === undefined) {
        // A realm that is not made yet: making it is as exclusive as a lease.
        if ((await at.settings()) === undefined) return lease;
        if (await make(lease)) return lease;
        return (await current())?.lease ?? lease;
      }
      if (there.lease.run === lease.run) {
        const role = { ...there.role, attributes: attributesOf(lease) };
        await at.write(doing, ({ roles }, realm) => roles.updateById({ realm, id: there.id }, role));
        return lease;
      }
      if (there.lease.until > now) return there.lease;
      await clear(there.id, there.lease.run);
      return (await make(lease)) ? lease : ((await current())?.lease ?? lease);
    },
    release: async (run) => {
      const there = await current();
      if (there?.lease.run !== run) return;
      const back = `give back the lease on realm ${at.realm}`;
      await at.remove(back, ({ roles }, realm) => roles.delById({ realm, id: there.id }));
    },
  };
}

const attributesOf = ({ run, holder, since, until }: Lease): Record<string, string[]> => ({
  run: [run],
  holder: [holder],
  since: [String(since)],
  until: [String(until)],
});

function noteIn(
  role: RoleRepresentation | undefined,
): { readonly id: string; readonly role: RoleRepresentation; readonly lease: Lease } | undefined {
  if (role === undefined) return undefined;
  const text = (name: string) => textOf(role.attributes?.[name]?.[0]);
  const time = (name: string) => instant(Number(text(name)) || 0);
  return {
    id: textOf(role.id),
    role,
    lease: { run: text("run"), holder: text("holder"), since: time("since"), until: time("until") },
  };
}
