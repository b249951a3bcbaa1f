import { type Clock, systemClock } from "../../../core/index.ts";
import { CommandFailure, plain } from "../../failure.ts";

/** The operating system's store of secrets, as far as it is used: a text under a name. Each act fails with words. */
export interface KeyRing {
  read(name: string): Promise<string | undefined>;
  write(name: string, secret: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Fails unless it takes, gives back and forgets a secret: before a login begins, and not after it. */
  probe(name: string): Promise<void>;
  /** True when one did not answer in time: what waits for it would keep this process from ending. */
  readonly hangs: boolean;
}

/**
 * How long a key ring may take, in milliseconds: one that asks at a screen which nobody sees never answers. Before a login it has
 * to be quick; later a machine may be busy, and somebody may have to type a password.
 */
const patience = { probe: 2_000, use: 20_000 } as const;

/** What is used of the optional package `@napi-rs/keyring`. */
interface Entry {
  getPassword(): Promise<string | null>;
  setPassword(text: string): Promise<void>;
  deletePassword(): Promise<unknown>;
}
interface Library {
  readonly AsyncEntry: new (service: string, name: string, options: object) => Entry;
}

/** Opens the system's key ring: the Secret Service on Linux, the Keychain, or the Credential Manager. */
export function systemKeyRing(open: () => Promise<Library> = library, clock: Clock = systemClock): KeyRing {
  let hangs = false;
  const act = async <T>(
    name: string,
    what: (entry: Entry) => Promise<T>,
    within: number = patience.use,
  ): Promise<T> => {
    const { AsyncEntry } = await open().catch((cause: unknown) => {
      throw unusable("this program cannot use the key ring of the system", "use the npm package, which can", cause);
    });
    const done = new AbortController();
    const late = clock.sleep(within, done.signal).then(() => {
      if (done.signal.aborted) return undefined as never;
      hangs = true;
      throw unusable("the key ring of the system does not answer", "unlock it; it may be asking at another screen");
    });
    try {
      // The kernel's key ring is not taken in its place: it forgets at the end of the session.
      const entry = new AsyncEntry("cloudpass", name, { linux: { store: "secret-service" } });
      return await Promise.race([what(entry), late]);
    } catch (cause) {
      if (cause instanceof CommandFailure) throw cause;
      const why = plain(cause instanceof Error ? cause.message : String(cause));
      throw unusable(`the key ring of the system cannot be used: ${why}`, "start and unlock it", cause);
    } finally {
      done.abort();
    }
  };
  return {
    read: async (name) => (await act(name, (entry) => entry.getPassword())) ?? undefined,
    write: (name, secret) => act(name, (entry) => entry.setPassword(secret)),
    remove: async (name) => void (await act(name, (entry) => entry.deletePassword())),
    probe: (name) => act(name, tryOut, patience.probe),
    get hangs() {
      return hangs;
    },
  };
}

async function tryOut(entry: Entry): Promise<void> {
  const secret = "cloudpass tries whether this key ring works";
  await entry.setPassword(secret);
  const found = await entry.getPassword();
  await entry.deletePassword();
  if (found !== secret)
    throw unusable("the key ring of the system does not give back what it was given", "see that it is unlocked");
}

/** A variable, since it is optional: neither the compiler nor the executable's bundler may look for it. */
const packageName: string = "@napi-rs/keyring";
const library = async (): Promise<Library> => (await import(packageName)) as Library;

const unusable = (happened: string, fix: string, cause?: unknown): CommandFailure =>
  new CommandFailure(happened, { fix: `${fix}; or keep the login in a file: cloudpass login --keep-in file`, cause });
