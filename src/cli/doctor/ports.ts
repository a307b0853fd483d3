import type { Settings } from '../../config/settings.ts';
import { isPortFree } from '../../stack/free-port.ts';
import type { WantedPort } from '../../stack/free-port.ts';
import type { ProcessLedger } from '../../stack/process-ledger.ts';
import { failed, ok, reasonOf, warning } from './check.ts';
import type { Check } from './check.ts';

interface PortOfPart extends WantedPort {
  readonly name: string;
  /** In the supervisor's table of parts. */
  readonly part: string;
}

const LOOPBACK = '127.0.0.1';

const own = (name: string, part: string, port: number, option: string, host = LOOPBACK): PortOfPart => ({
  name: `port-${name}`,
  part,
  host,
  port,
  option,
});

/** The ports that `storeferry start` wants under these settings; servers of one's own need none. */
function wantedPorts({ temporal, postgres, api, sandbox, worker, databaseUrl }: Settings): PortOfPart[] {
  return [
    ...(temporal.external
      ? []
      : [
          own('temporal', 'temporal', temporal.port, 'temporal.port', temporal.host),
          own('temporal-ui', 'temporal', temporal.uiPort, 'temporal.uiPort', temporal.host),
        ]),
    ...(databaseUrl === undefined ? [own('postgres', 'postgres', postgres.port, 'postgres.port')] : []),
    own('api', 'api', api.port, 'api.port', api.host),
    ...Array.from({ length: worker.metricsPort === undefined ? 0 : worker.count }, (_, index) =>
      own(
        `worker-${index + 1}-metrics`,
        `worker-${index + 1}`,
        (worker.metricsPort ?? 0) + index,
        'worker.metricsPort',
        worker.metricsHost,
      ),
    ),
    ...(['woocommerce', 'bigcommerce'] as const)
      .filter((platform) => sandbox[platform].enabled)
      .map((platform) =>
        own(`sandbox-${platform}`, `sandbox-${platform}`, sandbox[platform].port, `sandbox.${platform}.port`),
      ),
  ];
}

/** Each port is free, or held by the part of ours that wants it. */
export function checkPorts(settings: Settings, processes: ProcessLedger): Promise<Check[]> {
  return Promise.all(
    wantedPorts(settings).map(async ({ name, part, host, port, option }) => {
      const holder = processes.running(part);
      try {
        const free = await isPortFree(host, port);
        if (holder === undefined && free) return ok(name, `${port} is free`);
        if (holder !== undefined && !free)
          return ok(name, `${port} is held by our own ${part} (process ${holder.pid})`);
        if (holder !== undefined)
          return warning(name, `${port} is free although ${part} runs`, 'it may be starting: look again in a moment');
        const remedy = `stop what listens there, or set ${option} in temporal-dev.yml to another port`;
        return failed(name, `${port} is taken by something that is not ours`, remedy);
      } catch (error) {
        return failed(
          name,
          reasonOf(error),
          `set ${option.replace(/port$/, 'host').replace(/Port$/, 'Host')} to an address of this machine`,
        );
      }
    }),
  );
}
