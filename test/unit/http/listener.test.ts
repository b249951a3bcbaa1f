import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { whoListens } from "../../../src/http/listener.ts";

// Who holds a port, read from a folder that looks like Linux's /proc.

let proc: string;
beforeEach(() => {
  proc = mkdtempSync(join(tmpdir(), "proc-"));
  mkdirSync(join(proc, "net"));
});
afterEach(() => rmSync(proc, { recursive: true }));

const head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
/** A line of /proc/net/tcp, its blanks as the kernel writes them. */
const socket = (local: string, inode: number, state = "0A") =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0000000000000000 100 0 0 10 0\n`;
const table = (name: "tcp" | "tcp6", ...lines: string[]) =>
  writeFileSync(join(proc, "net", name), head + lines.join(""));

/** A process with open files, as they lead somewhere. */
function process(name: string, command: readonly string[], files: readonly string[]) {
  mkdirSync(join(proc, name, "fd"), { recursive: true });
  writeFileSync(join(proc, name, "cmdline"), command.map((part) => `${part}\0`).join(""));
  for (const [n, file] of files.entries()) symlinkSync(file, join(proc, name, "fd", String(n)));
}

describe("who listens on a port", () => {
  test("is the process that holds the socket, by its number and the name of its program alone", () => {
    table("tcp", socket("0100007F:0FFF", 11), socket("0100007F:1000", 12));
    process("1", ["/sbin/init"], ["/dev/null", "socket:[11]"]);
    process("4711", ["/usr/bin/nginx", "--password=geheim"], ["/dev/null", "pipe:[12]", "socket:[12]"]);
    expect(whoListens(4096, proc)).toBe("process 4711 (nginx)");
    expect(whoListens(4095, proc)).toBe("process 1 (init)");
  });

  test("is found by its port's last four digits, whatever the address, of IPv4 or IPv6", () => {
    table("tcp", socket("00000000:0050", 7));
    table("tcp6", socket("00000000000000000000000001000000:01BB", 8));
    process("20", ["caddy"], ["socket:[7]", "socket:[8]"]);
    expect([80, 443, 8080].map((port) => whoListens(port, proc))).toEqual([
      "process 20 (caddy)",
      "process 20 (caddy)",
      undefined,
    ]);
  });

  test("is another of ours where a broker serves there", () => {
    table("tcp", socket("00000000:1F90", 7));
    const commands: [string[], boolean][] = [
      [["/usr/bin/node", "/opt/app/dist/main.js", "serve"], true],
      [["node", "src/main.ts", "serve"], true],
      [["/usr/local/bin/cloudpass", "serve", "--config", "x"], true],
      [["cloudpass", "serve"], true],
      [["cloudpass", "login"], false],
      [["node", "domain.js", "serve"], false],
      [["node", "main.jsx", "serve"], false],
      [["node", "main.cs", "serve"], false],
      [["node", "mainxjs", "serve"], false],
      [["nginx", "serve"], false],
    ];
    for (const [command, ours] of commands) {
      process("30", command, ["socket:[7]"]);
      expect([command, whoListens(8080, proc)?.endsWith(", another cloudpass serve")]).toEqual([command, ours]);
      rmSync(join(proc, "30"), { recursive: true });
    }
  });

  test("is nobody who is only connected, and nobody who has the number of another socket", () => {
    table("tcp", socket("00000000:1F90", 7, "01"), socket("00001F90:0050", 9));
    process("30", ["curl"], ["socket:[7]", "socket:[9]"]);
    expect(whoListens(8080, proc)).toBeUndefined();
    table("tcp", socket("00000000:1F90", 7));
    rmSync(join(proc, "30"), { recursive: true });
    process("31", ["curl"], ["socket:[70]", "xsocket:[7]", "socket:[7]x", "socket:[17]"]);
    expect(whoListens(8080, proc)).toBeUndefined();
  });

  test("cannot be told where nothing may be read: no table, no open files, a folder that is no process", () => {
    expect(whoListens(8080, join(proc, "nowhere"))).toBeUndefined();
    expect(whoListens(8080, proc)).toBeUndefined();
    table("tcp", socket("00000000:1F90", 7));
    mkdirSync(join(proc, "12"));
    process("x13", ["shadow"], ["socket:[7]"]);
    process("13x", ["shadow"], ["socket:[7]"]);
    expect(whoListens(8080, proc)).toBeUndefined();
    mkdirSync(join(proc, "14", "fd"), { recursive: true });
    symlinkSync("socket:[7]", join(proc, "14", "fd", "3"));
    writeFileSync(join(proc, "14", "fd", "4"), "closed meanwhile");
    expect(whoListens(8080, proc), "its command line is not ours to read").toBe("process 14 ()");
  });
});
