import { parseArgs } from "node:util";
import { Stage } from "../test/support/stage.ts";
import { embeddedDemo } from "./embedded.ts";
import { realDemo } from "./real.ts";

const help = `npm run demo -- [--real] [--yes]

  (nothing)   on embedded parts, in under a minute: you approve in your browser
  --yes       a scripted browser approves
  --real      a real Keycloak, two real Keystones and a real kube-apiserver, started by the project itself
  --help      this text
`;

const { values } = parseArgs({
  options: {
    real: { type: "boolean", default: false },
    yes: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

async function main(): Promise<number> {
  if (values.help) {
    console.log(help);
    return 0;
  }
  const stage = await Stage.open();
  process.once("SIGINT", () => void stage.close().finally(() => process.exit(130)));
  try {
    await (values.real ? realDemo(stage, values.yes) : embeddedDemo(stage, values.yes));
    return 0;
  } catch (error) {
    console.error(`\nThe demo stopped: ${error instanceof Error ? error.message : String(error)}`);
    if (process.env["DEBUG"]) console.error(error);
    return 1;
  } finally {
    await stage.close();
  }
}

process.exit(await main());
