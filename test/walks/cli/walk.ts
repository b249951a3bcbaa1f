import { eventually } from "../../support/stack-person.ts";
import type { Step, Teller, Walk } from "../runner.ts";
import { type Desk, narrow, type Size, startWorld, usual, type Way, type World } from "./world.ts";

let began = 0;
const seconds = (from: number): string => ((Date.now() - from) / 1000).toFixed(1);

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

const login = (way: Way): Step<World> => ({
  name: `From the ${way}: one login, and it says who, until when, and what may be done where`,
  run: async ({ stack, install, desk }, tell) => {
    began = Date.now();
    desks.set(way, await desk(way, "alice@a.example", await install(way)));
    const screen = await ran(
      tell,
      way,
      `cloudpass login ${stack.issuer} --ca-file ${stack.ca.certFile} --device --no-qr`,
    );
    tell.same("lines that are wider than the terminal", tooWide(screen, usual), []);
    for (const target of ["gx1", "gx2", "prod1"]) tell.same(`it names ${target}`, screen.includes(target), true);
  },
});

const openstack = (way: Way): Step<World> => ({
  name: "Plain openstack on two clouds, one command after the other, without a further prompt",
  run: async (_, tell) => {
    await ran(tell, way, "cloudpass clouds write");
    for (const cloud of ["gx1-dev", "gx2-dev"]) {
      const screen = await ran(tell, way, `openstack --os-cloud ${cloud} token issue -f value -c project_id`);
      tell.same("a project's id", /^[0-9a-f]{32}$/m.test(screen), true);
      if (cloud === "gx1-dev") tell.say(`${seconds(began)} s from unpacking to the first answer of a cloud`);
    }
  },
});

const kubectl = (way: Way): Step<World> => ({
  name: "Plain kubectl on the cluster",
  run: async (_, tell) => {
    await ran(tell, way, "cloudpass kubeconfig write --use prod1");
    const screen = await ran(tell, way, "kubectl auth whoami");
    tell.same("it is alice, by her groups", screen.includes("cp.customer-a.developer"), true);
  },
});

const know = (way: Way): Step<World> => ({
  name: "Access and status say what she has, also on a narrow terminal",
  run: async (_, tell) => {
    for (const line of ["cloudpass access", "cloudpass status"]) {
      const screen = await ran(tell, way, line, narrow);
      tell.same("it names the manager's right", screen.includes("manager"), true);
      tell.same("lines that are wider than the terminal", tooWide(screen, narrow), []);
    }
  },
});

const doctor = (way: Way): Step<World> => ({
  name: "The doctor finds nothing wrong; a plugin that was moved is found, and mended by what is printed",
  run: async (_, tell) => {
    const screen = await ran(tell, way, "cloudpass doctor");
    for (const target of ["gx1", "gx2", "prod1"])
      tell.same(`${target} lets her in`, screen.includes(`${target}: it lets you in`), true);
    await ran(tell, way, "sed -i 's#command: .*#command: /opt/moved/cloudpass#' ~/.kube/config");
    const { code, screen: found } = await at(way).type("cloudpass doctor");
    tell.same("exit code of the doctor", code, 1);
    const remedy = /kubectl does not find cloudpass[^→]*→ run: (.*)/.exec(found)?.[1]?.trim();
    tell.same("it prints a remedy", remedy?.startsWith("cloudpass kubeconfig write"), true);
    await ran(tell, way, remedy ?? "false");
    await ran(tell, way, "kubectl auth whoami");
  },
});

const taken = (way: Way): Step<World> => ({
  name: "A right is taken from her by the policy, and is gone from status and from the cloud",
  run: async ({ policy }, tell) => {
    const back = await policy((text) => text.replace(/tests:\n.*$/s, "").replace(/^.*id: dm,.*\n/m, ""));
    const taking = Date.now();
    const status = await eventually(
      () => at(way).type("cloudpass status"),
      ({ screen }) => !screen.includes("manager"),
      60,
    );
    tell.same("status names a manager's right", status.screen.includes("manager"), false);
    tell.say(`${seconds(taking)} s until status said so`);
    const refused = await eventually(
      () => at(way).type("openstack --os-cloud gx1-domain user list -f value"),
      ({ code }) => code !== 0,
      30,
    );
    tell.same("openstack as manager of the domain: exit code", refused.code, 1);
    tell.say(`| ${refused.screen.trim()}`);
    await back();
  },
});

const logout = (way: Way): Step<World> => ({
  name: "Logout everywhere: nothing answers any more, here or on her other machine",
  run: async (world, tell) => {
    const { stack, desk } = world;
    const other = `${way}-other`;
    desks.set(other, await desk(other, "alice@a.example", at(way).installed));
    const line = `cloudpass login ${stack.issuer} --ca-file ${stack.ca.certFile} --browser`;
    const { code, screen, lastPage } = await at(other).typeBeforeBrowser(line);
    for (const shown of [`$ ${line}`, ...screen.trimEnd().split("\n")]) tell.say(`| ${shown}`);
    tell.same("a login by the browser of another machine: exit code", code, 0);
    tell.same("its last page", lastPage, "Logged in");
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
  limit: 900,
  start: startWorld,
  steps: (["package", "executable"] as const).flatMap((way) =>
    [login, openstack, kubectl, know, doctor, taken, logout].map((step) => step(way)),
  ),
};
