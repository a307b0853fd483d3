import type { Command } from 'commander';
import { developmentSettings } from '../own-settings.ts';
import { approverKeyOf } from '../service.ts';
import { say } from '../terminal.ts';
import { type ApiClient, ApiRefusal, createApiClient } from './api-client.ts';
import { EXIT } from './exit-codes.ts';
import { inWords } from './in-words.ts';

/** What every command that asks the API takes. */
export interface Flags {
  readonly json?: boolean;
  readonly url?: string;
}

export function common(command: Command): Command {
  return command.option('--json', 'print the answer as one JSON document').option('--url <url>', 'address of the API');
}

/** Runs one command against the service and prints its answer; ends with the exit code that the answer means. */
export async function act(flags: Flags, ask: (api: ApiClient) => Promise<unknown>): Promise<void> {
  try {
    const answer = await ask(connect(flags));
    if (answer === undefined) return;
    process.stdout.write(flags.json === true ? `${JSON.stringify(answer)}\n` : inWords(answer));
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    if (flags.json === true)
      process.stdout.write(`${JSON.stringify({ error: error.message, problem: error.problem })}\n`);
    else say(error.message);
    process.exitCode = error.exitCode;
  }
}

function connect({ url }: Flags): ApiClient {
  const settings = developmentSettings();
  const key = approverKeyOf(settings);
  if (key === undefined) {
    throw new ApiRefusal(
      `no API key: set STOREFERRY_API_KEY, or start the service first (${settings.keys.approverFile} is not there)`,
      EXIT.notAllowed,
    );
  }
  return createApiClient({ url: url ?? settings.api.url, key });
}
