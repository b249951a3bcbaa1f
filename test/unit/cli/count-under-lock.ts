import { TokenFile } from "../../../src/cli/user/session/token-file.ts";
import { systemRandom } from "../../../src/core/index.ts";

// Another process for token-file.test.ts: counts up under the lock.
const [folder = "", issuer = "", times = "0"] = process.argv.slice(2);
const file = new TokenFile(folder, issuer, "cloudpass", systemRandom);
for (let n = 0; n < Number(times); n++) {
  await file.locked(async () => {
    const found = await file.read();
    if (found) await file.write({ ...found, refreshToken: String(Number(found.refreshToken) + 1) });
  });
}
