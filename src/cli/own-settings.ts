import { loadSettings } from '../config/settings.ts';
import type { Settings } from '../config/settings.ts';
import { packageFolder } from '../stack/own-command.ts';

/** Settings of `start`, `demo` and the client commands: temporal-dev.yml of this folder counts. */
export function developmentSettings(): Settings {
  return load(true);
}

/** Settings of a service on its own (`api`, `worker`): only the environment and the file it names count. */
export function serviceSettings(): Settings {
  return load(false);
}

function load(searchFile: boolean): Settings {
  return loadSettings({
    variables: process.env,
    workingFolder: process.cwd(),
    packageFolder: packageFolder(),
    searchFile,
  });
}
