import { existsSync } from "node:fs";
import { type Audit, auditPath, goesThrough, type Link, openAudit, verifyAuditFiles } from "./audit/index.ts";
import type { KeyRow, KeyTools, OperatorTools, PeopleTools, PersonShown } from "./cli/index.ts";
import type { BrokerConfig } from "./config/index.ts";
import { Fault, isoTime, makeSeal, type SubjectId, systemClock, systemRandom, visible } from "./core/index.ts";
import {
  documentAfter,
  firstKeys,
  importKeys,
  type KeyHome,
  keyFileHome,
  keysAt,
  knownPeople,
  listKeys,
  makeKeySet,
  openKeyHome,
  publishAfter,
  reachOf,
  refusedAfterRevoke,
  replaceKeys,
  retireKey,
  revokePerson,
  rotateKeys,
  type StoredKey,
} from "./issuer/index.ts";
import { realmPeople } from "./relying-party/index.ts";
import { openStore, type Store } from "./store/index.ts";

const [clock, random] = [systemClock, systemRandom];

/** What an operation works on. What it does not ask for is not opened, and needs neither its server nor its secret. */
interface Held {
  readonly config: BrokerConfig;
  readonly store: () => Promise<Store>;
  readonly seal: ReturnType<typeof makeSeal>;
  readonly home: KeyHome;
  /** Opens the operators' audit first: no ability to write it, no change (S-68). */
  audited<T>(change: (audit: Audit) => Promise<T>): Promise<T>;
}

/** Runs an operator's command on a broker's own state: its key set, the people in its store, its audit files. */
export async function operate<T>(
  config: BrokerConfig,
  stderr: NodeJS.WritableStream,
  work: (tools: OperatorTools) => Promise<T>,
): Promise<T> {
  const seal = makeSeal(config.masterKey, random);
  let opened: Promise<Store> | undefined;
  const store = () => {
    opened ??= openStore(config.store, { clock, random });
    return opened;
  };
  const toLog = (entry: object) => void stderr.write(`${visible(JSON.stringify({ audit: entry }))}\n`);
  const held: Held = {
    config,
    store,
    seal,
    home: openedByUse(() => openKeyHome(config.keys, { clock, store, seal })),
    audited: async (change) => {
      const notice = (message: string) => void stderr.write(`${visible(message)}\n`);
      const written = await patiently(() =>
        openAudit(config.audit, { clock, seal, writer: "operator", toLog, notice }),
      );
      try {
        return await change(written.audit);
      } finally {
        written.close();
      }
    },
  };
  try {
    return await work({
      keys: keyTools(held),
      people: peopleTools(held),
      trials: trialTools(held),
      audit: auditTools(held),
    });
  } finally {
    await (await opened)?.close();
  }
}

const openedByUse = (open: () => Promise<KeyHome>): KeyHome => ({
  name: "key set",
  read: async () => (await open()).read(),
  replace: async (known, next) => (await open()).replace(known, next),
  create: async (first) => (await open()).create(first),
});

/** A command takes a moment: the one that is at work is waited for. */
const lockTries = 50;
const lockPauseMillis = 200;

/** Opens the operators' audit, which one command at a time writes to. */
async function patiently<T>(open: () => T): Promise<T> {
  for (let left = lockTries; ; left--) {
    try {
      return open();
    } catch (problem) {
      if (!(problem instanceof Fault && problem.retryable) || left === 0) throw problem;
      await clock.sleep(lockPauseMillis);
    }
  }
}

function keyTools({ config, home, audited }: Held): KeyTools {
  const care = { home, clock };
  const kids = (keys: readonly StoredKey[]) => keys.map((k) => k.kid);
  const detail = "an operator's command";
  return {
    where: typeof config.keys === "string" ? `the key file ${config.keys}` : "the key set in the store",
    publishedAfter: publishAfter,
    list: async () => (await listKeys(care)).map(rowOf),
    create: () =>
      audited(async (audit) => {
        const made = await firstKeys(clock);
        await home.create(documentAfter(undefined, made, clock.now()));
        audit.record("keys.created", { kids: kids(made), detail });
        return made.map(rowOf);
      }),
    rotate: (uses) =>
      audited(async (audit) => {
        const { made, underWay } = await rotateKeys(care, uses);
        if (made.length > 0) audit.record("keys.rotated", { kids: kids(made), detail });
        return { made: made.map(rowOf), underWay: underWay.map(rowOf) };
      }),
    retire: (kid) =>
      audited(async (audit) => {
        const { outcome, key } = await retireKey(care, kid);
        if (outcome === "retired") audit.record("keys.retired", { kids: [kid], detail });
        return { outcome, ...(key && { key: rowOf(key) }) };
      }),
    replace: (uses) =>
      audited(async (audit) => {
        const { dropped, made } = await replaceKeys(care, uses);
        audit.record("keys.replaced", { kids: kids(made), dropped: kids(dropped), detail });
        return { dropped: dropped.map(rowOf), made: made.map(rowOf) };
      }),
    restore: (file) =>
      audited(async (audit) => {
        await importKeys(care, await keyFileHome(file, clock).read());
        const keys = await listKeys(care);
        audit.record("keys.created", { kids: kids(keys), detail: "restored by an operator's command" });
        return keys.map(rowOf);
      }),
    save: async (file) => keyFileHome(file, clock).create(await home.read()),
  };
}

const rowOf = ({ kid, use, status, createdAt, signsFrom, endsAt }: StoredKey): KeyRow => ({
  kid,
  use,
  status,
  createdAt,
  signsFrom,
  ...(endsAt !== undefined && { publishedUntil: isoTime(endsAt) }),
});

function peopleTools({ config, store, seal, home, audited }: Held): PeopleTools {
  const openRealmPeople = async () => {
    const clientKeys = makeKeySet(keysAt((await home.read()).keys, clock.now()), "client");
    const [clientKey, { issuer, upstream: options }] = [() => clientKeys.active, config];
    return realmPeople({ issuer, options, clientKey, clock, store: await store(), seal });
  };
  return {
    named: async (alias, name) => (await openRealmPeople()).named(alias, name),
    show: async (sub) => {
      const { families, sessions } = await reachOf({ store: await store() }, sub as SubjectId);
      const person = families[0]?.person ?? sessions[0]?.person;
      const { count } = await (await openRealmPeople()).realmSessions(sub as SubjectId);
      return {
        sub,
        ...(person && {
          name: person.preferredUsername,
          tenant: person.tenant,
          realmSubject: person.realmSubject,
        }),
        logins: families.map((f) => ({ client: f.client, flow: f.loginMethod, startedAt: isoTime(f.startedAt) })),
        sessions: sessions.length,
        realmSessions: count,
      } satisfies PersonShown;
    },
    ledger: async () => (await knownPeople({ store: await store() })).map(asWritten),
    revoke: (sub, detail) =>
      audited(async (audit) => {
        const times = config.lifetimes;
        const atRealm = await (await openRealmPeople()).realmSessions(sub as SubjectId);
        await revokePerson({ store: await store(), audit, times }, sub as SubjectId, detail);
        // After ours: whatever the realm does, nothing of the broker's is left.
        const ended = await atRealm.end().then(
          () => true,
          (problem: unknown) => {
            if (problem instanceof Fault) return false;
            throw problem;
          },
        );
        return { realm: ended ? "ended" : "no answer", refusedFor: refusedAfterRevoke(times) };
      }),
  };
}

/** A person that nobody is, of a tenant whose name no policy can hold, without a group: what is signed here opens nothing. */
const nobody = {
  sub: "p-doctor",
  tenant: "urn:cloudpass:tenant:-doctor",
  preferred_username: "doctor",
  client_id: "cloudpass",
};

function trialTools({ config, home, audited }: Held): OperatorTools["trials"] {
  return {
    issuer: config.issuer,
    signerFor: (target) =>
      audited(async (audit) => {
        const keys = makeKeySet(keysAt((await home.read()).keys, clock.now()), "token");
        audit.record("keys.tried", { audience: target, detail: "an operator's command" });
        return (typ, { powerful, exp, iat, ...claims }) =>
          keys.sign(typ, {
            ...claims,
            ...nobody,
            iat,
            exp: Math.min(exp, clock.now() + 60),
            groups: powerful === true ? ["system:masters"] : [],
          });
      }),
  };
}

function auditTools({ config, seal }: Held): OperatorTools["audit"] {
  const configured = config.audit?.file;
  const files = configured === undefined ? [] : [auditPath(configured, "broker"), auditPath(configured, "operator")];
  return {
    files: files.filter((file) => existsSync(file)),
    brokers: files[0],
    holds: (given, head) => goesThrough(seal, given, linkOf(head)),
    verify: async (given, witnesses) => {
      const { entries, last, breach } = await verifyAuditFiles(seal, given, witnesses.map(linkOf));
      return { entries, head: `${last.seq}:${last.hash}`, ...(breach && { breach }) };
    },
  };
}

function linkOf(witness: string): Link {
  const [seq = "", hash = ""] = witness.split(":");
  return { seq: Number(seq), hash };
}

/** A person of the ledger under the names of the file that `cloudpass people ledger` writes. */
const asWritten = ({
  person,
  tenant,
  identityProvider: upstream,
  at,
  ...rest
}: Awaited<ReturnType<typeof knownPeople>>[number]) => ({ person, tenant, upstream, ...rest, at: isoTime(at) });
