import type { Command } from "commander";
import { plain } from "../../failure.ts";
import type { Finish } from "../../finish.ts";
import { show, type Terminal } from "../../terminal.ts";
import { personOptions } from "../open-session.ts";
import { ownEntries } from "./entries.ts";
import { type KubeconfigOptions, openKubeconfig, orFailure } from "./opened.ts";

/** `cloudpass kubeconfig list` */
export function addList(kubeconfig: Command, terminal: Terminal, finish: Finish): void {
  personOptions(kubeconfig.command("list"))
    .description("show which entries are ours")
    .option("--kubeconfig <file>", "the file; else the first of KUBECONFIG, else ~/.kube/config")
    .option("-o, --output <form>", "output format: text or json", "text")
    .addHelpText("after", "\nExample:\n  cloudpass kubeconfig list --output json")
    .action(async ({ output, ...options }: KubeconfigOptions & { readonly output: string }) => {
      const { session, file } = await openKubeconfig(options, terminal);
      const { own, current } = orFailure(ownEntries(file.path, file.text, session.settings.issuer), file);
      const entries = own.map(({ cluster, name }) => ({ cluster, name, current: name === current }));
      if (output === "json") show(terminal, JSON.stringify({ file: file.path, entries }, undefined, 2));
      else if (entries.length === 0) show(terminal, plain(`${file.path} holds nothing of ours`));
      else show(terminal, ...entries.map((e) => plain(`${e.current ? "*" : " "} ${e.name}   (cluster ${e.cluster})`)));
      finish(0);
    });
}
