import type { Command } from "commander";
import type { Finish } from "../finish.ts";
import type { SettingOptions } from "../settings.ts";
import { show, type Terminal } from "../terminal.ts";
import { askedVersion, execCredential } from "./exec-credential.ts";
import { openSession, personOptions } from "./open-session.ts";

/** `cloudpass kube-credential` */
export function addKubeCredential(program: Command, terminal: Terminal, finish: Finish): void {
  personOptions(program.command("kube-credential"))
    .description("give kubectl a token (ExecCredential plugin)")
    .requiredOption("--cluster <name>", "the cluster; see cloudpass status")
    .addHelpText(
      "after",
      `
It never asks and never opens a browser: kubectl and desktop tools may call it many times. Log in before.

Example, in a kubeconfig:
  users:
  - name: cloudpass-prod1
    user:
      exec:
        apiVersion: client.authentication.k8s.io/v1
        interactiveMode: Never
        command: cloudpass
        args: [kube-credential, --issuer=https://login.example, --cluster=prod1]
        installHint: install cloudpass, then run "cloudpass login --issuer https://login.example"`,
    )
    .action(async ({ cluster, ...settings }: SettingOptions & { cluster: string }) => {
      const version = askedVersion(terminal.env["KUBERNETES_EXEC_INFO"]);
      const session = await openSession(settings, terminal);
      show(terminal, execCredential(version, await session.access(cluster)));
      finish(0);
    });
}
