import { randomBytes } from "node:crypto";
import { DatabaseSync } from "node:sqlite";

const ID = /^[0-9a-f]{32}$/;

/**
 * Gives a copy of the template new ids throughout. Copies of one template would share the ids of roles, projects and
 * the admin, and a mix-up between two clouds would go unseen in every test.
 */
export function renewIds(database: string): void {
  const renewed = new Map<string, string>();
  const renew = (value: unknown): string => {
    const old = String(value);
    if (!ID.test(old)) return old;
    const known = renewed.get(old) ?? randomBytes(16).toString("hex");
    renewed.set(old, known);
    return known;
  };
  // Rows refer to one another; half-way through, a reference points nowhere.
  const db = new DatabaseSync(database, { enableForeignKeyConstraints: false });
  try {
    db.function("renew", renew);
    db.exec("BEGIN");
    for (const [table, column] of textColumns(db)) {
      db.exec(`UPDATE "${table}" SET "${column}" = renew("${column}") WHERE length("${column}") = 32`);
    }
    db.exec("COMMIT");
  } finally {
    db.close();
  }
}

/** Puts the cloud's real address into its catalogue. */
export function setCatalogueUrl(database: string, url: string): void {
  const db = new DatabaseSync(database);
  try {
    db.prepare("UPDATE endpoint SET url = ? WHERE service_id IN (SELECT id FROM service WHERE type = 'identity')").run(
      url,
    );
  } finally {
    db.close();
  }
}

function textColumns(db: DatabaseSync): [table: string, column: string][] {
  const rows = db
    .prepare(
      `SELECT t.name AS "table", c.name AS "column" FROM sqlite_master t, pragma_table_info(t.name) c
       WHERE t.type = 'table' AND (c.type LIKE '%CHAR%' OR c.type LIKE '%TEXT%')`,
    )
    .all();
  return rows.map((row) => [String(row["table"]), String(row["column"])]);
}
