import type { Settings } from '../config/settings.ts';
import { createApiClient } from './client/api-client.ts';
import type { DemoApi } from './demo-migration.ts';
import { approverKeyOf } from './service.ts';

/** The API of these settings, with the approver's key. Throws when there is no key to show it. */
export function connectApi(settings: Settings): DemoApi {
  const key = approverKeyOf(settings);
  if (key === undefined) {
    throw new Error(`no API key: set STOREFERRY_API_KEY, or start the service first (${settings.keys.approverFile})`);
  }
  return createApiClient({ url: settings.api.url, key });
}
