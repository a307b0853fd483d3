import { existsSync, statSync } from 'node:fs';
import type { Settings } from '../../config/settings.ts';
import { sealingKeyId } from '../../ledger/sealing.ts';
import { decodeSealingKey, READABLE_BY_OTHERS, readKeyFile } from '../../stack/keys.ts';
import { failed, ok, reasonOf, warning } from './check.ts';
import type { Check } from './check.ts';

/** As the environment variable is checked: shorter ones can be guessed. */
const LEAST_CHARACTERS = 20;
const MADE_AT_START = 'storeferry start makes it';

/** @param sealedWith ids of the keys that stored credentials are sealed with; null when nobody could look */
export function checkKeys({ keys }: Settings, sealedWith: readonly string[] | null): Check[] {
  return [checkSealingKey(keys, sealedWith), checkApproverKey(keys)];
}

function checkSealingKey(keys: Settings['keys'], sealedWith: readonly string[] | null): Check {
  const name = 'sealing-key';
  const text = keys.sealing ?? readKeyFile(keys.sealingFile);
  const where = keys.sealing === undefined ? keys.sealingFile : 'STOREFERRY_SEALING_KEY';
  const lost = 'bring it back from a backup; without it every credential has to be entered again';
  if (text === undefined) {
    const found = `${keys.sealingFile} is not there, and STOREFERRY_SEALING_KEY is not set`;
    return (sealedWith ?? []).length > 0 ? failed(name, found, lost) : warning(name, found, MADE_AT_START);
  }
  let key: Buffer;
  try {
    key = decodeSealingKey(text);
  } catch (error) {
    return failed(name, `${where}: ${reasonOf(error)}`, lost);
  }
  const id = sealingKeyId(key);
  const others = (sealedWith ?? []).filter((other) => other !== id);
  if (others.length > 0) {
    const found = `${where} is key ${id}, but credentials are sealed with ${others.join(', ')}`;
    return failed(name, found, lost);
  }
  return openToOthers(name, keys.sealing === undefined ? keys.sealingFile : null) ?? ok(name, `key ${id} in ${where}`);
}

function checkApproverKey(keys: Settings['keys']): Check {
  const name = 'approver-key';
  const text = keys.approver ?? readKeyFile(keys.approverFile);
  const where = keys.approver === undefined ? keys.approverFile : 'STOREFERRY_API_KEY';
  if (text === undefined) {
    return warning(name, `${keys.approverFile} is not there, and STOREFERRY_API_KEY is not set`, MADE_AT_START);
  }
  if (text.length < LEAST_CHARACTERS) {
    const found = `${where} has ${text.length} characters`;
    return failed(name, found, `use at least ${LEAST_CHARACTERS}, or delete the file: ${MADE_AT_START}`);
  }
  return openToOthers(name, keys.approver === undefined ? keys.approverFile : null) ?? ok(name, where);
}

function openToOthers(name: string, file: string | null): Check | undefined {
  if (file === null || process.platform === 'win32' || !existsSync(file)) return undefined;
  if ((statSync(file).mode & READABLE_BY_OTHERS) === 0) return undefined;
  return warning(name, `${file} can be read by others`, `chmod 600 ${file}`);
}
