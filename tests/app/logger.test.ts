import { describe, expect, it } from '@jest/globals';
import { createLogger } from '../../src/app/logger.ts';

function logged(say: (logger: ReturnType<typeof createLogger>) => void) {
  const lines: string[] = [];
  say(createLogger((line) => void lines.push(line)));
  expect(lines.every((line) => line.endsWith('\n') && !line.slice(0, -1).includes('\n'))).toBe(
    true,
  );
  return lines.map((line) => JSON.parse(line));
}

describe('a line of the log', () => {
  it('is JSON with level, time and message', () => {
    const [line] = logged((logger) => logger.warn('late', { orderId: 'one' }));
    expect(line).toEqual({
      ...{ level: 'WARN', message: 'late', service: 'baton', orderId: 'one' },
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
  });

  it('says what an error says, and what caused it', () => {
    const error = Object.assign(new TypeError('no', { cause: new Error('why') }), {
      code: 'NO',
      $response: { body: 'everything' },
    });
    const [line] = logged((logger) => logger.error('failed', { error }));
    expect(line.error).toEqual({
      ...{ name: 'TypeError', message: 'no', code: 'NO' },
      stack: expect.stringContaining('TypeError: no'),
      cause: expect.objectContaining({ name: 'Error', message: 'why' }),
    });
  });

  it('is written without its fields when JSON cannot say them', () => {
    const error = new Error('no');
    error.cause = error;
    const [line] = logged((logger) => logger.error('failed', { error }));
    expect(line).toMatchObject({ level: 'ERROR', message: 'failed' });
  });

  it('is not written when the log is silent', () => {
    expect(
      logged((logger) => {
        logger.setLogLevel('SILENT');
        logger.info('nothing');
      }),
    ).toEqual([]);
  });
});
