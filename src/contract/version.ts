/** Of the package, and so of what its documents describe. `npm run release` writes it; a test holds it against package.json. */
export const VERSION = '0.1.0';
