import { createServer } from 'node:net';

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
