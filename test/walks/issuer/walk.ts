import type { Step, Walk } from "../runner.ts";
import { endings } from "./endings.ts";
import { grants } from "./grants.ts";
import { questions } from "./questions.ts";
import { aboutKeys, changing, publishing } from "./rotation.ts";
import { startWorld, type World } from "./world.ts";

const audit: Step<World> = {
  name: "cloudpass audit verify: what was written down of all this is whole",
  run: async ({ operator }, tell) => {
    const { stdout, stderr } = await operator("audit", "verify");
    for (const line of `${stdout}${stderr}`.trim().split("\n")) tell.say(`| ${line}`);
  },
};

/** The issuer on real servers: every grant, every end of a login, and a change of keys under the eyes of those who check. */
export const issuerWalk: Walk<World> = {
  name: "issuer",
  about: aboutKeys,
  limit: 480,
  start: startWorld,
  steps: [...publishing, ...grants, ...questions, ...endings, ...changing, audit],
};
