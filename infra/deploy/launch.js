// Runs for `npm run deploy` and `npm run remove`. It is plain JavaScript, so that even a Node that cannot read TypeScript shows the message.
const [major, minor] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  await import('../deploy-all.ts');
} else {
  console.error(
    `baton: deploying needs Node 22.18 or newer, 24 is best; this is ${process.version}. "npm run" brings its own: run "npm ci" first.`,
  );
  process.exitCode = 1;
}
