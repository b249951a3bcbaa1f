import { createCipheriv, createDecipheriv } from "node:crypto";
import type { Random } from "../../../core/index.ts";
import { type Login, parseSecrets, type SealedLogin } from "./kept-login.ts";

/** A key and its name in the key ring. */
export interface SealingKey {
  readonly name: string;
  /** 32 bytes in base64url. */
  readonly secret: string;
}

const [algorithm, nonceLength, markLength] = ["aes-256-gcm", 12, 16] as const;

/** What a sealed part belongs to: that of another login does not open in its place. */
const contextOf = ({ issuer, clientId, keyName }: Pick<SealedLogin, "issuer" | "clientId" | "keyName">): Buffer =>
  Buffer.from(JSON.stringify([issuer, clientId, keyName]));

/** Seals what must not lie in a file. */
export function sealLogin(login: Login, { name: keyName, secret }: SealingKey, random: Random): SealedLogin {
  const { refreshToken, proofKey, version: _, ...rest } = login;
  const nonce = random.bytes(nonceLength);
  const cipher = createCipheriv(algorithm, Buffer.from(secret, "base64url"), nonce);
  cipher.setAAD(contextOf({ ...rest, keyName }));
  const text = Buffer.concat([cipher.update(JSON.stringify({ refreshToken, proofKey }), "utf8"), cipher.final()]);
  const sealed = Buffer.concat([nonce, text, cipher.getAuthTag()]).toString("base64url");
  return { ...rest, version: 2, keyName, sealed };
}

/** The login again; `undefined` when the key is another one or the file was changed. */
export function openLogin(login: SealedLogin, secret: string): Login | undefined {
  const { sealed, keyName, version: _, ...rest } = login;
  const bytes = Buffer.from(sealed, "base64url");
  try {
    const decipher = createDecipheriv(algorithm, Buffer.from(secret, "base64url"), bytes.subarray(0, nonceLength), {
      authTagLength: markLength,
    });
    decipher.setAAD(contextOf({ ...rest, keyName }));
    decipher.setAuthTag(bytes.subarray(-markLength));
    const text = Buffer.concat([decipher.update(bytes.subarray(nonceLength, -markLength)), decipher.final()]);
    const secrets = parseSecrets(text.toString("utf8"));
    return secrets && { ...rest, version: 1, ...secrets };
  } catch {
    return undefined;
  }
}
