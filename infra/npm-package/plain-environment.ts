import path from 'node:path';

/**
 * The environment of somebody at a terminal of their own: without what `npm run` says of this repository, without settings of Node and
 * AWS. The Node that runs this process comes first.
 */
export function plainEnvironment(given: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const own =
    /^(npm_(?!config_(registry|cache)$)|AWS_|NODE_(?!EXTRA_CA_CERTS$)|BATON_|INIT_CWD$|FORCE_COLOR$)/i;
  const kept = Object.entries(given).filter(([name]) => !own.test(name));
  const paths = (given.PATH ?? '').split(path.delimiter);
  const others = paths.filter((one) => !one.includes('node_modules'));
  return {
    ...Object.fromEntries(kept),
    PATH: [path.dirname(process.execPath), ...others].join(path.delimiter),
    NO_COLOR: '1',
  };
}
