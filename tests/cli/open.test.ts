import { describe, expect, it } from '@jest/globals';
import { browserCommand, consoleAddress } from '../../src/cli/open-browser.ts';
import { runBaton } from './run-baton.ts';

describe('baton open', () => {
  it('prints the address of the console where there is no screen, with the token in its fragment', async () => {
    const { stdout, exitCode } = await runBaton(['open'], {
      env: {
        ...{ DISPLAY: '', WAYLAND_DISPLAY: '', BATON_API: 'http://localhost:3999/' },
        BATON_TOKEN: 'bt_a+b',
      },
    });
    // On a Mac it would open one.
    if (process.platform === 'linux') {
      expect(stdout).toBe('http://localhost:3999/console#token=bt_a%2Bb\n');
    }
    expect(exitCode).toBe(0);
  });

  it('prints it when it is asked to, and as JSON', async () => {
    const { stdout } = await runBaton(['--json', 'open', '--print']);
    expect(JSON.parse(stdout)).toEqual({ url: 'http://localhost:3000/console' });
  });

  it.each([
    ['darwin', {}, 'open'],
    ['win32', {}, 'rundll32'],
    ['linux', { DISPLAY: ':0' }, 'xdg-open'],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, 'xdg-open'],
    ['linux', {}, undefined],
  ] as const)('on %s with %j starts %s', (platform, env, command) => {
    const given = browserCommand('http://a.example/console', platform, env);
    expect(given?.[0]).toBe(command);
    if (given !== undefined) expect(given.at(-1)).toBe('http://a.example/console');
  });

  it('keeps an address without a token as it is', () => {
    expect(consoleAddress('https://api.example', undefined)).toBe('https://api.example/console');
  });
});
