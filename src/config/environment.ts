import { z } from 'zod';
import { SettingsError, showValue } from './settings-error.ts';
import { httpUrl, port, text } from './fields.ts';

/** Environment variables whose value never appears in a message. */
const SECRET = new Set(['DATABASE_URL', 'STOREFERRY_SEALING_KEY', 'STOREFERRY_API_KEY']);

const hostAndPort = 'a host and a port, such as 127.0.0.1:7233';
const key32 = '32 bytes as 64 hexadecimal digits or as base64';

const environmentSchema = z.object({
  DATABASE_URL: text('a URL that starts with postgres:// or postgresql://', /^postgres(ql)?:\/\/\S+$/).optional(),
  TEMPORAL_ADDRESS: text(hostAndPort, /^[^\s:/]+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$/i).optional(),
  TEMPORAL_NAMESPACE: text('a namespace', /^\S+$/).optional(),
  TEMPORAL_PROFILE: z.string().optional(),
  TEMPORAL_CONFIG_FILE: z.string().optional(),
  STOREFERRY_CONFIG: z.string().optional(),
  STOREFERRY_DATA: z.string().optional(),
  STOREFERRY_SEALING_KEY: text(key32, /^[0-9a-f]{64}$|^[A-Za-z0-9+/_-]{43}=?$/i).optional(),
  STOREFERRY_API_KEY: text('at least 20 characters without blanks', /^\S{20,}$/).optional(),
  STOREFERRY_API_URL: httpUrl().optional(),
  STOREFERRY_API_HOST: text('a host name or an address', /^[A-Za-z0-9.:_-]+$/).optional(),
  STOREFERRY_API_PORT: z.preprocess((value) => (value === undefined ? value : Number(value)), port().optional()),
  STOREFERRY_WORKER_METRICS_PORT: z.preprocess(
    (value) => (value === undefined ? value : Number(value)),
    port().optional(),
  ),
  STOREFERRY_LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], { error: 'a log level such as info' })
    .optional(),
});

export type Environment = z.output<typeof environmentSchema>;

/** Checks the variables that storeferry knows; an empty one counts as absent. Throws SettingsError. */
export function readEnvironment(variables: NodeJS.ProcessEnv): Environment {
  const present = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const result = environmentSchema.safeParse(present);
  if (result.success) return result.data;
  throw new SettingsError(
    result.error.issues.map((issue) => {
      const key = String(issue.path[0]);
      const value = SECRET.has(key) ? {} : { value: showValue(present[key]) };
      return { source: 'environment', key, ...value, allowed: issue.message };
    }),
  );
}
