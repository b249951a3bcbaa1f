import { readFile } from "node:fs/promises";
import { getCACertificates, setDefaultCACertificates } from "node:tls";

/** Lets this process trust a test authority besides the usual ones. */
export async function trust(caFile: string): Promise<void> {
  setDefaultCACertificates([...getCACertificates("default"), await readFile(caFile, "utf8")]);
}
