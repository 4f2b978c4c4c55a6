// What `npm start` runs. JavaScript of any age, so that even a Node that cannot read TypeScript gets to the message.
const [major, minor] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 18)) {
  await import('./supervisor.js');
} else {
  console.error(
    `baton: the local stack needs Node 22.18 or newer (it reads TypeScript and has node:sqlite); this is ${process.version}. "npm start" brings its own: run "npm ci" first.`,
  );
  process.exitCode = 1;
}
