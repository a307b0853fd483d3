import { mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Takes the parts' output into `logs/<part>.log` of the data folder, each file begun anew with this process. */
export function openPartLogs(dataFolder: string): (part: string, line: string) => void {
  const folder = join(dataFolder, 'logs');
  mkdirSync(folder, { recursive: true });
  const files = new Map<string, number>();
  return (part, line) => {
    let file = files.get(part);
    if (file === undefined) files.set(part, (file = openSync(join(folder, `${part}.log`), 'w', 0o600)));
    writeSync(file, `${line}\n`);
  };
}
