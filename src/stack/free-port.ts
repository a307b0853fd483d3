import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A port that a part wants, and the option that changes it. */
export interface WantedPort {
  readonly host: string;
  readonly port: number;
  readonly option: string;
}

/** Throws one clear line when something else listens on a wanted port. */
export async function assertPortFree(part: string, wanted: WantedPort): Promise<void> {
  if (await isPortFree(wanted.host, wanted.port)) return;
  throw new Error(
    `port ${wanted.port} is taken: ${part} cannot listen on it. ` +
      `Stop what listens there, or set ${wanted.option} in temporal-dev.yml to another port.`,
  );
}

/** Whether nobody listens there; rejects where this machine cannot listen at all. */
export function isPortFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(new Error(`cannot listen on ${host}:${port}: ${error.message}`));
    });
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** Ports that were free a moment ago; all are held until the last is known, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const held = await Promise.all(Array.from({ length: count }, () => listenAnywhere()));
  const ports = held.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function listenAnywhere() {
  return new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}
