import { setTimeout as pause } from 'node:timers/promises';

/** Node's own port for SIGUSR1, one process at a time. */
const INSPECTOR = 'http://127.0.0.1:9229/json/list';

/**
 * What a process of Node keeps: its heap right after everything else was collected, MB. Of threads only the main one counts.
 * @throws {Error} when the process does not let itself be looked at
 */
export async function liveHeapMegabytes(pid: number): Promise<number> {
  process.kill(pid, 'SIGUSR1');
  const socket = new WebSocket(await inspectorUrl());
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error(`process ${pid} does not open its inspector`));
  });
  let calls = 0;
  const call = (method: string, params: object = {}): Promise<Reply> =>
    new Promise((resolve) => {
      const id = ++calls;
      socket.addEventListener('message', ({ data }) => {
        const reply = JSON.parse(String(data)) as Reply;
        if (reply.id === id) resolve(reply);
      });
      socket.send(JSON.stringify({ id, method, params }));
    });
  await call('HeapProfiler.collectGarbage');
  const { result } = await call('Runtime.getHeapUsage');
  // its answer does not come any more: the inspector is closed, so that the next process has the port
  socket.send(
    JSON.stringify({ id: -1, method: 'Runtime.evaluate', params: { expression: CLOSE } }),
  );
  await new Promise((resolve) => {
    socket.onclose = resolve;
    socket.onerror = resolve;
  });
  return Math.round(result.usedSize / 1024 / 1024);
}

interface Reply {
  readonly id: number;
  readonly result: { readonly usedSize: number };
}

const CLOSE = 'setImmediate(() => process._debugEnd())';

async function inspectorUrl(): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const [target] = (await (await fetch(INSPECTOR)).json()) as {
        webSocketDebuggerUrl: string;
      }[];
      if (target !== undefined) return target.webSocketDebuggerUrl;
    } catch (error) {
      if (attempt === 50) throw error;
    }
    await pause(100);
  }
}
