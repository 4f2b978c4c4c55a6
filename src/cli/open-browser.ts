/** The console's address. The token stands in the fragment, which no browser sends; the page takes it out of the address at once. */
export function consoleAddress(api: string, token: string | undefined): string {
  const address = `${api.replace(/\/+$/, '')}/console`;
  return token === undefined ? address : `${address}#token=${encodeURIComponent(token)}`;
}

/** How this machine opens an address in its browser; undefined where it has no screen. */
export function browserCommand(
  address: string,
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] | undefined {
  if (platform === 'darwin') return ['open', address];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', address];
  const hasScreen = Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
  return hasScreen ? ['xdg-open', address] : undefined;
}
