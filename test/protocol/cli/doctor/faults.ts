import { chmod, chown, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { lock } from "proper-lockfile";
import { expect, vi } from "vitest";
import {
  closedPort,
  giveTo,
  here,
  mountSmallDisk,
  oldOpenstack,
  refusingProxy,
  shiftedBy,
  useHttp,
  useHttps,
} from "./planting.ts";
import { type Machine, policyWith, type Said, typeRemedy } from "./world.ts";

/** A fault of a person's machine or of what stands behind it. */
export interface Fault {
  readonly name: string;
  plant(machine: Machine): Promise<unknown>;
  /** What the doctor says of it. */
  readonly found: readonly [about: string, level: Said["level"], says: RegExp];
  /** Does what the remedy says; default: types it as it is printed. */
  readonly mend?: (machine: Machine, remedy: string) => Promise<unknown>;
  /** Only root can plant it. */
  readonly asRoot?: true;
}

/** Where the login lies. */
export const loginFile = async ({ state }: Machine) => {
  const names = await readdir(state);
  return join(state, names.find((name) => name.endsWith(".json")) ?? "");
};
const changeLogin = async (machine: Machine, change: (login: Record<string, unknown>) => object) => {
  const path = await loginFile(machine);
  const login = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
  await writeFile(path, JSON.stringify({ ...login, ...change(login) }));
};
const put = async (path: string, text: string) => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
};
const set = (machine: Machine, env: Machine["env"]) => {
  machine.env = { ...machine.env, ...env };
};
const settingsOf = ({ home }: Machine) => join(home, ".config/cloudpass/config.yaml");
const profilesOf = ({ home }: Machine) => join(home, ".config/cloudpass/profiles.yaml");
const stranger = 54_321;

/** Faults of settings and variables. */
const ofSettings: readonly Fault[] = [
  {
    name: "the settings file is no YAML",
    plant: (machine) => put(settingsOf(machine), "issuer: [\n"),
    found: ["settings", "fail", /config\.yaml:\d/],
    mend: (machine) => rm(settingsOf(machine)),
  },
  {
    name: "the settings file has a key that nobody knows",
    plant: (machine) => put(settingsOf(machine), "isuer: https://login.example\n"),
    found: ["settings", "fail", /config\.yaml:1.*isuer/],
    mend: (machine) => rm(settingsOf(machine)),
  },
  {
    name: "no broker is named",
    plant: async (machine) => {
      await rm(machine.state, { recursive: true });
      await rm(profilesOf(machine));
      set(machine, { CLOUDPASS_ISSUER: undefined });
    },
    found: ["settings", "fail", /^no issuer is set/],
    mend: (machine) => put(settingsOf(machine), `issuer: "${machine.world.issuer}"\n`),
  },
  {
    name: "the file of the profiles is no YAML",
    plant: (machine) => put(profilesOf(machine), "profiles: {\n"),
    found: ["settings", "fail", /profiles\.yaml:\d/],
    mend: (machine) => rm(profilesOf(machine)),
  },
  {
    name: "two profiles have one name",
    plant: (machine) =>
      put(profilesOf(machine), "profiles:\n  a: {issuer: https://a.example}\n  a: {issuer: https://b.example}\n"),
    found: ["settings", "fail", /profiles\.yaml:3/],
    mend: (machine) => rm(profilesOf(machine)),
  },
  {
    name: "a variable names a profile that is not there",
    plant: async (machine) => set(machine, { CLOUDPASS_ISSUER: undefined, CLOUDPASS_PROFILE: "work" }),
    found: ["settings", "fail", /"work"/],
    mend: async (machine) => set(machine, { CLOUDPASS_PROFILE: undefined }),
  },
  {
    name: "the broker's address has user and password in it",
    plant: async (machine) => set(machine, { CLOUDPASS_ISSUER: "https://bob:pw@login.example" }),
    found: ["settings", "fail", /holds no user or password/],
    mend: async (machine) => set(machine, { CLOUDPASS_ISSUER: machine.world.issuer }),
  },
  {
    name: "the broker's address is not https",
    plant: async (machine) => set(machine, { CLOUDPASS_ISSUER: "http://login.example" }),
    found: ["settings", "fail", /is not https/],
    mend: async (machine) => set(machine, { CLOUDPASS_ISSUER: machine.world.issuer }),
  },
  {
    name: "the broker's address has a path too many",
    plant: async (machine) => {
      set(machine, { CLOUDPASS_ISSUER: `${machine.world.issuer}/realms/` });
    },
    found: ["broker", "fail", /makes no sense while looking up its endpoints/],
    mend: async (machine) => set(machine, { CLOUDPASS_ISSUER: machine.world.issuer }),
  },
  {
    name: "a variable names another broker than the login is at",
    plant: async (machine) => set(machine, { CLOUDPASS_ISSUER: "https://other.cloudpass-test.invalid" }),
    found: ["login", "fail", /not logged in at https:\/\/other.*; you are at http:/],
    mend: async (machine) => set(machine, { CLOUDPASS_ISSUER: undefined }),
  },
  {
    name: "HOME is no absolute path",
    plant: async (machine) => {
      machine.uid = stranger;
      set(machine, { HOME: "here", XDG_STATE_HOME: undefined });
    },
    found: ["login folder", "fail", /there is no folder to keep your login in/],
    mend: async (machine) => set(machine, { XDG_STATE_HOME: "/tmp/cloudpass-nowhere" }),
    asRoot: true,
  },
  {
    name: "variables of an openrc come before clouds.yaml",
    plant: async (machine) => set(machine, { OS_USERNAME: "admin", OS_PASSWORD: "secret" }),
    found: ["environment", "warn", /OS_USERNAME, OS_PASSWORD of another login/],
  },
];

let held: () => Promise<void>;

/** Faults of the file in which a login is kept. */
const ofStorage: readonly Fault[] = [
  {
    name: "others may read the login",
    plant: async (machine) => chmod(await loginFile(machine), 0o644),
    found: ["login file", "warn", /could be read by others on this machine, and is private again/],
    mend: async () => {}, // looking again is all that the remedy says
  },
  {
    name: "others may write into the login's folder",
    plant: (machine) => chmod(machine.state, 0o777),
    found: ["login folder", "fail", /others may write into/],
  },
  {
    name: "the login belongs to another user",
    plant: async (machine) => {
      machine.uid = stranger;
      await giveTo(machine, stranger);
      await chown(await loginFile(machine), stranger + 1, stranger + 1);
    },
    found: ["login file", "fail", /belongs to another user|EACCES/],
    mend: async (machine) => rm(await loginFile(machine)),
    asRoot: true,
  },
  {
    name: "the login cannot be read",
    plant: async (machine) => {
      machine.uid = stranger;
      await giveTo(machine, stranger);
      await chmod(await loginFile(machine), 0o000);
    },
    found: ["login file", "fail", /cannot be used \(EACCES\)/],
    mend: async (machine) => chmod(await loginFile(machine), 0o600),
    asRoot: true,
  },
  {
    name: "the login is damaged",
    plant: async (machine) => writeFile(await loginFile(machine), "{"),
    found: ["login file", "fail", /is damaged/],
  },
  {
    name: "the folder cannot be written",
    plant: async (machine) => {
      machine.uid = stranger;
      await giveTo(machine, stranger);
      await chmod(machine.state, 0o500);
    },
    found: ["login file", "fail", /cannot be used \(EACCES\)/],
    mend: (machine) => chmod(machine.state, 0o700),
    asRoot: true,
  },
  {
    name: "a file stands where the folder should be",
    plant: async (machine) => {
      await rm(machine.state, { recursive: true });
      await writeFile(machine.state, "");
    },
    found: ["login file", "fail", /cannot be used \(ENOTDIR\)/],
    mend: (machine) => rm(machine.state),
  },
  {
    name: "the disk is full",
    plant: async (machine) => {
      const full = join(machine.home, "full");
      await mountSmallDisk(full);
      set(machine, { XDG_STATE_HOME: full });
      await mkdir(join(full, "cloudpass"), { mode: 0o700 });
      await writeFile(join(full, "ballast"), Buffer.alloc(112 * 1024));
    },
    found: ["login file", "fail", /cannot be used \(ENOSPC\)/],
    mend: (machine) => rm(join(machine.home, "full/ballast")),
    asRoot: true,
  },
  {
    name: "another process holds the login",
    plant: async (machine) => {
      held = await lock(await loginFile(machine), { realpath: false, stale: 60_000, onCompromised: () => {} });
    },
    found: ["login file", "warn", /another cloudpass process holds the login/],
    mend: () => held(),
  },
];

/** Faults of the network between this machine and the broker. */
const ofNetwork: readonly Fault[] = [
  {
    name: "a proxy's address makes no sense",
    plant: async (machine) => set(machine, { HTTPS_PROXY: "socks5://127.0.0.1:9" }),
    found: ["proxy", "fail", /HTTPS_PROXY is not an address of an HTTP proxy/],
  },
  {
    name: "the broker's name is not known",
    plant: async (machine) => set(machine, { CLOUDPASS_ISSUER: "https://login.cloudpass-test.invalid" }),
    found: ["broker", "fail", /cannot be reached \((ENOTFOUND|EAI_AGAIN)\)/],
    mend: async (machine) => set(machine, { CLOUDPASS_ISSUER: machine.world.issuer }),
  },
  {
    name: "the broker is down",
    plant: async (machine) => set(machine, { CLOUDPASS_ISSUER: `http://${await closedPort()}` }),
    found: ["broker", "fail", /cannot be reached \(ECONNREFUSED\)/],
    mend: async (machine) => set(machine, { CLOUDPASS_ISSUER: machine.world.issuer }),
  },
  {
    name: "the broker or what is before it is out of order",
    plant: async ({ world }) => world.front.trouble(() => ({ kind: "answer", status: 503 })),
    found: ["broker", "fail", /answered 503/],
    mend: async ({ world }) => world.front.trouble(() => undefined),
  },
  {
    name: "a page to sign in to the network stands in the way",
    plant: async ({ world }) => world.front.trouble(() => ({ kind: "html" })),
    found: ["broker", "fail", /makes no sense/],
    mend: async ({ world }) => world.front.trouble(() => undefined),
  },
  {
    name: "answers break off",
    plant: async ({ world }) => world.front.trouble(() => ({ kind: "cut" })),
    found: ["broker", "fail", /cannot be reached/],
    mend: async ({ world }) => world.front.trouble(() => undefined),
  },
  {
    name: "the clock is an hour ahead",
    plant: async (machine) => {
      machine.node = shiftedBy(3_600);
    },
    found: ["clock", "fail", /1 h ahead of the broker's/],
    mend: async (machine) => {
      machine.node = shiftedBy(0); // who sets the clock of this machine sets it for every test
    },
  },
];

const useKnownHttps = async (machine: Machine, wish: Parameters<typeof useHttps>[1]) => {
  await useHttps(machine, wish);
  set(machine, { CLOUDPASS_CA_FILE: join(machine.home, "ca.pem") });
};

/** Faults of what answers in the broker's place. */
const ofAnswers: readonly Fault[] = [
  {
    name: "the broker's authority is not known here",
    plant: (machine) => useHttps(machine, {}),
    found: ["broker", "fail", /cannot be reached \(\w*(SIGNATURE|ISSUER|CERT)\w*\)/],
    mend: async (machine) => set(machine, { CLOUDPASS_CA_FILE: join(machine.home, "ca.pem") }),
  },
  {
    name: "the file of the authority is gone",
    plant: async (machine) => set(machine, { CLOUDPASS_CA_FILE: join(machine.home, "moved.pem") }),
    found: ["broker", "fail", /the CA file .*moved\.pem cannot be read \(ENOENT\)/],
    mend: async (machine) => set(machine, { CLOUDPASS_CA_FILE: undefined }),
  },
  {
    name: "the broker's certificate has ended",
    plant: (machine) => useKnownHttps(machine, { ends: -1, begins: -3 }),
    found: ["broker", "fail", /CERT_HAS_EXPIRED/],
    mend: (machine) => useHttps(machine, {}),
  },
  {
    name: "the broker's certificate is for another name",
    plant: (machine) => useKnownHttps(machine, { hosts: ["other.example"] }),
    found: ["broker", "fail", /ALTNAME/],
    mend: (machine) => useHttps(machine, {}),
  },
  {
    name: "a proxy refuses the way to the broker",
    plant: async (machine) => {
      machine.node = [];
      set(machine, { CLOUDPASS_ISSUER: "https://login.cloudpass-test.invalid", HTTPS_PROXY: await refusingProxy() });
    },
    found: ["broker", "fail", /cannot be reached \(the proxy answered 403\)/],
  },
  {
    name: "the broker says that it is another one",
    plant: (machine) => useHttp(machine, { issuer: "https://other.example" }),
    found: ["broker", "fail", /says that it is another issuer/],
    mend: (machine) => useHttp(machine, {}),
  },
  {
    name: "the broker offers no offline_access",
    plant: (machine) => useHttp(machine, { scopes: ["openid"] }),
    found: ["broker", "fail", /offers no offline_access/],
    mend: (machine) => useHttp(machine, {}),
  },
];

const stage = (is: "active" | "suspended") => ({
  rechecks: [],
  stages: [{ alias: "customer-a-idp", stage: is, testers: [] }],
});
/** The broker looks at its realm files every few seconds. */
const patience = { timeout: 10_000, interval: 200 };

/** Faults of the login and of what it is good for. */
const ofLogins: readonly Fault[] = [
  {
    name: "nobody is logged in",
    plant: async (machine) => rm(await loginFile(machine)),
    found: ["login", "fail", /you are not logged in at/],
  },
  {
    name: "the login has ended",
    plant: (machine) => changeLogin(machine, () => ({ endsAt: 1_700_000_000 })),
    found: ["login", "fail", /your login has ended/],
  },
  {
    name: "the login ends in some minutes",
    plant: (machine) => changeLogin(machine, () => ({ endsAt: Math.floor(Date.now() / 1000) + 600 })),
    found: ["login", "warn", /it ends in (10 min|9 min \d+ s)/],
  },
  {
    name: "the login was ended at the broker",
    plant: async (machine) => {
      const copy = { ...machine, home: `${machine.home}-copy` };
      await cp(machine.home, copy.home, { recursive: true });
      await here(copy, "logout");
      await rm(copy.home, { recursive: true });
    },
    found: ["rights", "fail", /your login has ended/],
  },
  {
    name: "Keycloak is down",
    plant: ({ world }) => world.idp.leave(),
    found: ["rights", "fail", /answered 503 while refreshing your login/],
    mend: ({ world }) => world.idp.comeBack(),
  },
  {
    name: "the tenant is suspended",
    plant: async (machine) => {
      machine.world.now.tables = stage("suspended");
      await vi.waitFor(() => expect(here(machine, "status")).rejects.toThrow("your login has ended"), patience);
    },
    found: ["login", "fail", /you are not logged in/],
    mend: async (machine, remedy) => {
      machine.world.now.tables = stage("active");
      await vi.waitFor(() => typeRemedy(machine, remedy), patience);
    },
  },
  {
    name: "the person has no right anywhere",
    plant: async ({ world }) => {
      world.now.policy = policyWith((text) => text.replaceAll("to: developers", "to: auditors"));
    },
    found: ["rights", "warn", /no right on any cloud or cluster/],
    mend: async ({ world }) => {
      world.now.policy = policyWith();
    },
  },
  {
    name: "a kept token carries other rights than the person has",
    plant: async (machine) => {
      await here(machine, "token", "--target", "gx1");
      machine.world.now.policy = policyWith((text) =>
        text.replace("give: auditor, to: auditors", "give: auditor, to: developers"),
      );
    },
    found: ["rights", "warn", /the token that was kept for gx1 carried other rights/],
    mend: async () => {}, // the next command gets another token by itself
  },
];

const kubeconfigOf = ({ home }: Machine) => join(home, ".kube/config");
const inKubeconfig = async (machine: Machine, from: string | RegExp, to: string) => {
  await here(machine, "kubeconfig", "write");
  await writeFile(kubeconfigOf(machine), (await readFile(kubeconfigOf(machine), "utf8")).replace(from, to));
};

/** Lays an entry into the two files of clouds, as `cloudpass clouds write` does it. */
const putCloud = async (machine: Machine, { cloud, expires }: { readonly cloud: string; readonly expires: string }) => {
  const folder = join(machine.home, ".config/openstack");
  const mark = `{ issuer: "${machine.world.issuer}", cloud: ${cloud} }`;
  const auth = "{ auth_url: https://gx1.example/v3, project_name: dev, project_domain_name: customer-a }";
  await put(join(folder, "clouds.yaml"), `clouds:\n  ${cloud}-dev: { cloudpass: ${mark}, auth: ${auth} }\n`);
  const kept = mark.replace(" }", `, expires_at: ${expires} }`);
  await put(join(folder, "secure.yaml"), `clouds:\n  ${cloud}-dev: { cloudpass: ${kept}, auth: { token: t } }\n`);
};

/** Faults of the files and programs that use the login. */
const ofPrograms: readonly Fault[] = [
  {
    name: "the kubeconfig has none of the person's clusters",
    plant: async () => {},
    found: ["kubeconfig", "warn", /holds none of your clusters/],
  },
  {
    name: "the kubeconfig is no YAML",
    plant: (machine) => put(kubeconfigOf(machine), "clusters: [\n"),
    found: ["kubeconfig", "fail", /was left alone.*config:\d/s],
    mend: (machine) => rm(kubeconfigOf(machine)),
  },
  {
    name: "the plugin was moved",
    plant: (machine) => inKubeconfig(machine, process.execPath, "/opt/moved/node"),
    found: ["kubeconfig", "fail", /kubectl does not find cloudpass by prod1/],
  },
  {
    name: "the plugin is named without its folder, and is not on the PATH",
    plant: (machine) => inKubeconfig(machine, process.execPath, "cloudpass-of-a-colleague"),
    found: ["kubeconfig", "fail", /kubectl does not find cloudpass by prod1/],
  },
  {
    name: "a cluster has another address by now",
    plant: (machine) => inKubeconfig(machine, /server: [^,}\s]+/, "server: https://old.example:6443"),
    found: ["kubeconfig", "warn", /is older than what the broker says now/],
  },
  {
    name: "a cluster is in the kubeconfig on which the person has no right any more",
    plant: async (machine) => {
      await inKubeconfig(machine, "", "");
      machine.world.now.policy = policyWith((text) =>
        text.replace("to: developers, at: [gx1, gx2, prod1]", "to: developers, at: [gx1, gx2]"),
      );
    },
    found: ["kubeconfig", "warn", /you have no right any more on prod1/],
  },
  {
    name: "a token in secure.yaml has ended",
    plant: (machine) => putCloud(machine, { cloud: "gx1", expires: "2026-01-01T00:00:00Z" }),
    found: ["clouds.yaml", "warn", /the token of gx1-dev has ended/],
    mend: (machine) => putCloud(machine, { cloud: "gx1", expires: "2099-01-01T00:00:00Z" }), // by a real cloud: e2e
  },
  {
    name: "clouds.yaml has a cloud on which the person has no right any more",
    plant: (machine) => putCloud(machine, { cloud: "gx9", expires: "2099-01-01T00:00:00Z" }),
    found: ["clouds.yaml", "warn", /no right any more on the cloud of gx9-dev/],
    mend: (machine) => putCloud(machine, { cloud: "gx1", expires: "2099-01-01T00:00:00Z" }),
  },
  {
    name: "clouds.yaml is no YAML",
    plant: (machine) => put(join(machine.home, ".config/openstack/clouds.yaml"), "clouds: {a: [}\n"),
    found: ["clouds.yaml", "fail", /clouds\.yaml:1/],
    mend: (machine) => put(join(machine.home, ".config/openstack/clouds.yaml"), "clouds: {}\n"),
  },
  {
    name: "clouds.yaml is a folder",
    plant: (machine) => mkdir(join(machine.home, ".config/openstack/clouds.yaml"), { recursive: true }),
    found: ["clouds.yaml", "fail", /cannot be used \(EISDIR\)/],
    mend: (machine) => rm(join(machine.home, ".config/openstack/clouds.yaml"), { recursive: true }),
  },
  {
    name: "openstack is older than the login with a code",
    plant: async (machine) => set(machine, { PATH: `${await oldOpenstack(machine.home)}:${machine.env["PATH"]}` }),
    found: ["openstack", "warn", /keystoneauth1 5\.1\.2 is too old/],
    mend: async (machine) => rm(join(machine.home, "venv"), { recursive: true }),
  },
];

/** Everything that can be wrong, one by one. */
export const faults: readonly Fault[] = [
  ...ofSettings,
  ...ofStorage,
  ...ofNetwork,
  ...ofAnswers,
  ...ofLogins,
  ...ofPrograms,
];
