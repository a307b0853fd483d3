import { z } from 'zod';
import { StoreFailure } from '../../http/failures.ts';
import type { HookRegistry, RegisteredHook } from '../../hooks.ts';
import type { WooApi } from '../woo-api.ts';
import { wooHookFormat } from './hook-format.ts';

const PAGE = 100;
const hookRow = z.object({
  id: z.int().positive(),
  name: z.string(),
  topic: z.string(),
  delivery_url: z.string(),
  status: z.enum(['active', 'disabled', 'paused']),
});

/** Hooks of a shop. Making an active one sends a ping to its address at once (source-apis §1.8). */
export function createHookRegistry(api: WooApi): HookRegistry {
  return {
    format: wooHookFormat,
    async list(signal) {
      const found: RegisteredHook[] = [];
      for (let offset = 0, full = true; full; offset += PAGE) {
        const query = { per_page: PAGE, offset, orderby: 'id', order: 'asc', status: 'all' };
        const { rows } = await api.list({ path: '/webhooks', route: 'webhooks', query, signal });
        found.push(...rows.map(toHook));
        full = rows.length === PAGE;
      }
      return found;
    },
    async create({ name, topic, url, secret }, signal) {
      const body = { name, topic, delivery_url: url, secret, status: 'active' };
      return toHook(await api.webhooks('POST', '', body, signal)).id;
    },
    async enable(id, { url, secret }, signal) {
      const body = {
        status: 'active',
        ...(url === undefined ? {} : { delivery_url: url }),
        ...(secret === undefined ? {} : { secret }),
      };
      await api.webhooks('PUT', `/${id}`, body, signal);
    },
    async remove(id, signal) {
      try {
        await api.webhooks('DELETE', `/${id}`, null, signal);
      } catch (error) {
        if (!(error instanceof StoreFailure && error.kind === 'missing')) throw error;
      }
    },
  };
}

function toHook(row: unknown): RegisteredHook {
  const read = hookRow.safeParse(row);
  if (!read.success) throw new StoreFailure('unintelligible', 'webhooks: a row that is no webhook');
  const { id, name, topic, delivery_url: url, status } = read.data;
  return { id: String(id), name, topic, url, state: status };
}
