import { isLoopback } from "../core/index.ts";
import { CommandFailure } from "./failure.ts";

/** An issuer is https; plain http only where nobody can listen in: on this machine. */
export function checkIssuer(text: string): string {
  const trimmed = text.replace(/\/+$/, "");
  const url = URL.canParse(trimmed) ? new URL(trimmed) : undefined;
  if (url === undefined || !["https:", "http:"].includes(url.protocol) || url.search !== "" || url.hash !== "") {
    throw new CommandFailure(`"${text}" is not an issuer`, { fix: "give its address, like https://login.example" });
  }
  if (url.username !== "" || url.password !== "") {
    throw new CommandFailure("an issuer's address holds no user or password", { fix: "leave them out" });
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw new CommandFailure(`${trimmed} is not https`, {
      means: "Over http anyone on the way could read your tokens.",
      fix: "use the https address of the issuer",
    });
  }
  // As an issuer is written (and compared, to the letter): what people type may have capitals or a default port.
  return url.pathname === "/" ? url.origin : trimmed;
}
