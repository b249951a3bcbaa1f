import { eventually } from "../../support/stack-person.ts";
import type { Step, Teller, Walk } from "../runner.ts";
import { type Desk, narrow, type Size, startWorld, usual, type World } from "./world.ts";

const desks = new Map<string, Desk>();
const at = (name: string): Desk => {
  const desk = desks.get(name);
  if (desk === undefined) throw new Error(`nobody sits at ${name}`);
  return desk;
};

/** Types a line that must work, and says what stands on the screen. */
async function ran(tell: Teller, name: string, line: string, size?: Size): Promise<string> {
  const { code, screen } = await at(name).type(line, size);
  for (const shown of [`$ ${line}`, ...screen.trimEnd().split("\n")]) tell.say(`| ${shown}`);
  tell.same(`${line}: exit code`, code, 0);
  return screen;
}

/** Lines that do not fit into the terminal; a count-down is drawn again and again in its place. */
function tooWide(screen: string, { columns }: Size): readonly string[] {
  const lines = screen.replaceAll(/Waiting: [\dminhs ]+ left\r?/g, "").split("\n");
  return lines.map((line) => line.trimEnd()).filter((line) => [...line].length > columns);
}

const login = (way: keyof World["installed"]): Step<World> => ({
  name: `From the ${way}: one login, and it says who, until when, and what may be done where`,
  run: async ({ stack, installed, desk }, tell) => {
    desks.set(way, await desk(way, "alice@a.example", installed[way]));
    const screen = await ran(
      tell,
      way,
      `cloudpass login ${stack.issuer} --ca-file ${stack.ca.certFile} --device --no-qr`,
    );
    tell.same("lines that are wider than the terminal", tooWide(screen, usual), []);
    for (const target of ["gx1", "gx2", "prod1"]) tell.same(`it names ${target}`, screen.includes(target), true);
  },
});

const openstack = (way: keyof World["installed"]): Step<World> => ({
  name: "Plain openstack on two clouds, one command after the other, without a further prompt",
  run: async (_, tell) => {
    await ran(tell, way, "cloudpass clouds write");
    for (const cloud of ["gx1-dev", "gx2-dev"]) {
      const screen = await ran(tell, way, `openstack --os-cloud ${cloud} token issue -f value -c project_id`);
      tell.same("a project's id", /^[0-9a-f]{32}$/m.test(screen), true);
    }
  },
});

const kubectl = (way: keyof World["installed"]): Step<World> => ({
  name: "Plain kubectl on the cluster",
  run: async (_, tell) => {
    await ran(tell, way, "cloudpass kubeconfig write --use prod1");
    const screen = await ran(tell, way, "kubectl auth whoami");
    tell.same("it is alice, by her groups", screen.includes("cp.customer-a.developer"), true);
  },
});

const know = (way: keyof World["installed"]): Step<World> => ({
  name: "Access and status say what she has, also on a narrow terminal",
  run: async (_, tell) => {
    for (const line of ["cloudpass access", "cloudpass status"]) {
      const screen = await ran(tell, way, line, narrow);
      tell.same("it names the manager's right", screen.includes("manager"), true);
      tell.same("lines that are wider than the terminal", tooWide(screen, narrow), []);
    }
  },
});

const taken = (way: keyof World["installed"]): Step<World> => ({
  name: "A right is taken from her at her own identity provider, and is gone from status and from the clouds",
  run: async ({ stack }, tell) => {
    await stack.customers.a.removeFromGroup("alice", "platform");
    const began = Date.now();
    const status = await eventually(
      () => at(way).type("cloudpass status"),
      ({ screen }) => !screen.includes("manager"),
      60,
    );
    tell.same("status names a manager's right", status.screen.includes("manager"), false);
    tell.say(`${((Date.now() - began) / 1000).toFixed(0)} s until status said so`);
    const refused = await eventually(
      () => at(way).type("openstack --os-cloud gx1-domain user list -f value"),
      ({ code }) => code !== 0,
      30,
    );
    tell.same("openstack as manager of the domain: exit code", refused.code, 1);
    tell.say(`| ${refused.screen.trim()}`);
    await stack.customers.a.addToGroup("alice", "platform");
  },
});

const logout = (way: keyof World["installed"]): Step<World> => ({
  name: "Logout everywhere: nothing answers any more, here or on her other machine",
  run: async (world, tell) => {
    const { stack, installed, desk } = world;
    const other = `${way}-other`;
    desks.set(other, await desk(other, "alice@a.example", installed[way]));
    const line = `cloudpass login ${stack.issuer} --ca-file ${stack.ca.certFile} --browser`;
    const { code, screen, lastPage } = await at(other).typeBeforeBrowser(line);
    for (const shown of [`$ ${line}`, ...screen.trimEnd().split("\n")]) tell.say(`| ${shown}`);
    tell.same("a login by the browser of another machine: exit code", code, 0);
    tell.same("its last page", lastPage, "You are logged in");
    await ran(tell, way, "cloudpass logout --everywhere");
    for (const [name, command] of [
      [way, "cloudpass status"],
      [other, "cloudpass status"],
      [way, "openstack --os-cloud gx1-dev token issue -f value"],
      [way, "kubectl auth whoami"],
    ] as const) {
      const { code, screen } = await at(name).type(command);
      tell.same(`${command}: exit code`, code === 0, false);
      tell.say(`| ${screen.trim().split("\n")[0]}`);
    }
  },
});

export const cliWalk: Walk<World> = {
  name: "cli",
  about: [
    "The command line as people get it, at a terminal of 80 × 24 and of 60 × 20, against a real Keycloak, two",
    "Keystones behind Apache and a kube-apiserver, with released openstack and kubectl. A scripted browser signs in.",
  ],
  limit: 600,
  start: startWorld,
  steps: [
    login("package"),
    openstack("package"),
    kubectl("package"),
    know("package"),
    taken("package"),
    logout("package"),
  ],
};
