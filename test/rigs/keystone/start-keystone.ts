import { copyFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { freePort } from "../support/free-port.ts";
import { onceOnly } from "../support/once-only.ts";
import { answers } from "../support/probe.ts";
import { type ServerProcess, startServer } from "../support/server-process.ts";
import { ensureSystemPackages } from "../support/system-packages.ts";
import { waitUntil } from "../support/wait-until.ts";
import { renewIds, setCatalogueUrl } from "./adapt-database.ts";
import { startFront } from "./front.ts";
import type { Trust } from "./front-configuration.ts";
import { type KeystoneTimes, keystoneConfiguration, webSso } from "./keystone-configuration.ts";
import { layKeys } from "./lay-keys.ts";
import { ADMIN_PASSWORD, acquireKeystone, type KeystoneTemplate } from "./template.ts";

/** What a cloud shall be like. */
export interface KeystoneOptions extends Trust {
  /** Its database, keys, configuration and logs. A database that is there already is kept. */
  readonly dir: string;
  /** For messages. */
  readonly name: string;
  /** The front's port. */
  readonly port?: number;
  /** The authority of the certificate at `jwksUri`. */
  readonly caFile?: string;
  readonly times?: KeystoneTimes;
}

/** A Keystone that is ready. */
export interface KeystoneRig {
  readonly name: string;
  /** Through Apache, with `/v3`: what its catalogue says. */
  readonly url: string;
  /** Past Apache, with `/v3`. */
  readonly directUrl: string;
  readonly adminPassword: string;
  /** The folder with keystone.log, and Apache's error.log and access.log in `front`. */
  readonly dir: string;
  readonly processes: readonly ServerProcess[];
  /** Folders elsewhere that `stop` removes. */
  readonly scratch: readonly string[];
  readonly reloadFront: (trust: Trust) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts a real Keystone behind Apache with mod_auth_openidc, on loopback. Several may run side by side. */
export async function startKeystone(options: KeystoneOptions): Promise<KeystoneRig> {
  await ensureSystemPackages(["apache", "mod-auth-openidc"]);
  const template = await acquireKeystone();
  const dir = resolve(options.dir);
  const port = options.port ?? (await freePort());
  const uwsgiPort = await freePort();
  const directPort = await freePort();
  const url = `http://127.0.0.1:${port}/v3`;
  layCloud(dir, template, url, options.times);
  const keystone = await launchKeystone({ dir, venv: template.venv, uwsgiPort, directPort }, options);
  const ready = { what: `Keystone ${options.name} was ready`, timeoutMs: 120_000 };
  try {
    const caFile = options.caFile === undefined ? undefined : resolve(options.caFile);
    const place = { name: options.name, dir: join(dir, "front"), port, uwsgiPort, caFile };
    const front = await startFront(place, options);
    const stop = onceOnly(() => front.stop().then(() => keystone.stop()));
    await waitUntil({ ...ready, servers: [keystone, front.process()] }, () => answers(url)).catch(async (error) => {
      await stop();
      throw error;
    });
    return {
      name: options.name,
      url,
      directUrl: `http://127.0.0.1:${directPort}/v3`,
      adminPassword: ADMIN_PASSWORD,
      dir,
      get processes() {
        return [front.process(), keystone];
      },
      scratch: front.scratch,
      reloadFront: front.reload,
      stop,
    };
  } catch (error) {
    await keystone.kill();
    throw error;
  }
}

/** The files of one cloud: its own keys and a database made from the template, unless it has one. */
function layCloud(dir: string, template: KeystoneTemplate, url: string, times?: KeystoneTimes): void {
  mkdirSync(dir, { recursive: true });
  const database = join(dir, "keystone.db");
  if (!existsSync(database)) {
    copyFileSync(template.database, `${database}.new`);
    renewIds(`${database}.new`);
    renameSync(`${database}.new`, database);
  }
  setCatalogueUrl(database, url);
  layKeys(dir);
  writeFileSync(join(dir, "keystone.conf"), `${keystoneConfiguration(dir, times)}${webSso(template.venv)}`);
}

interface Launch {
  readonly dir: string;
  readonly venv: string;
  readonly uwsgiPort: number;
  readonly directPort: number;
}

function launchKeystone(launch: Launch, options: KeystoneOptions): Promise<ServerProcess> {
  return startServer({
    name: `Keystone ${options.name}`,
    command: join(launch.venv, "bin", "uwsgi"),
    args: [
      ...["--master", "--die-on-term", "--need-app", "--lazy-apps", "--no-orphans"],
      // One process: the memory cache is not shared, and two would tell different tales of one role.
      ...["--processes", "1", "--enable-threads"],
      // A token comes in a header; the default is smaller than it.
      ...["--buffer-size", "65535", "--disable-logging"],
      ...["--socket", `127.0.0.1:${launch.uwsgiPort}`, "--http-socket", `127.0.0.1:${launch.directPort}`],
      ...["--virtualenv", launch.venv, "--module", "keystone.wsgi.api:application"],
    ],
    env: { OS_KEYSTONE_CONFIG_FILES: join(launch.dir, "keystone.conf") },
    logFile: join(launch.dir, "keystone.log"),
  });
}
