// `npm ci` puts Node 24 on the path of every npm script; before it, an older one would only say that it knows no ".ts".
const [major] = process.versions.node.split(".").map(Number);
if (major < 24) {
  console.error(
    `This is Node ${process.versions.node}, and cloudpass needs Node 24.\n  → run: npm ci   (it brings Node 24 for every npm script)`,
  );
  process.exit(1);
}
