import { get as getPlain } from "node:http";
import { get as getTls } from "node:https";

// Asks the broker in the same container whether it is ready; exit code 0 means yes.
// CLOUDPASS_HEALTH_URL names another address, for a broker that ends TLS itself or listens on another port.

const url = new URL(process.env["CLOUDPASS_HEALTH_URL"] ?? "http://127.0.0.1:8443/readyz");
const patience = 3_000;

const leave = (code: number, says: string): never => {
  console.log(says);
  process.exit(code);
};

// The certificate is made out for the public name and not for 127.0.0.1. Nothing secret is sent, and the question is
// whether the broker answers, not whether it is somebody else on this very machine.
const request = url.protocol === "https:" ? getTls(url, { rejectUnauthorized: false }) : getPlain(url);
request.setTimeout(patience, () => leave(1, `no answer within ${patience} ms`));
request.on("error", (error) => leave(1, error.message));
request.on("response", (response) => {
  const status = response.statusCode ?? 0;
  leave(status === 200 ? 0 : 1, `answered ${status}`);
});
