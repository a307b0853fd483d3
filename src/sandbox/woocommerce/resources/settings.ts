import { RestError } from '../rest/errors.ts';
import type { Call, SingleRoute } from '../rest/resource.ts';
import { settingGroups } from '../store/settings.ts';
import type { Shop } from '../store/shop.ts';
import { textOf } from '../rest/params.ts';

const path = '/wc/v3/settings';

function settingWire(shop: Shop, group: string, id: string, value: string): Record<string, unknown> {
  const collection = `${shop.baseUrl}/wp-json${path}/${group}`;
  const label = id.replace(/^woocommerce_/, '').replace(/_/g, ' ');
  const links = { self: [{ href: `${collection}/${id}` }], collection: [{ href: collection }] };
  return { id, label, description: '', type: 'text', default: '', value, group_id: group, _links: links };
}

function groupOr404(call: Call): { group: string; values: Record<string, string> } {
  const group = call.names['group_id'] ?? '';
  const values = group in settingGroups ? call.shop.settings[group] : undefined;
  if (!values) throw new RestError('rest_setting_setting_group_invalid', 'Invalid setting group.', 404);
  return { group, values };
}

function settingOr404(call: Call): { group: string; id: string; values: Record<string, string> } {
  const { group, values } = groupOr404(call);
  const id = call.names['id'] ?? '';
  if (values[id] === undefined) throw new RestError('rest_setting_setting_invalid', 'Invalid setting.', 404);
  return { group, id, values };
}

export const settingRoutes: SingleRoute[] = [
  {
    method: 'GET',
    path,
    allow: 'GET',
    handle: () =>
      Object.entries(settingGroups).map(([id, label]) => ({
        id,
        label,
        description: '',
        parent_id: '',
        sub_groups: [],
      })),
  },
  {
    method: 'GET',
    path: `${path}/:group_id`,
    allow: 'GET',
    handle: (call) => {
      const { group, values } = groupOr404(call);
      return Object.entries(values).map(([id, value]) => settingWire(call.shop, group, id, value));
    },
  },
  {
    method: 'GET',
    path: `${path}/:group_id/:id`,
    allow: 'GET, POST, PUT, PATCH',
    handle: (call) => {
      const { group, id, values } = settingOr404(call);
      return settingWire(call.shop, group, id, values[id]!);
    },
  },
  {
    method: 'PUT',
    path: `${path}/:group_id/:id`,
    allow: 'GET, POST, PUT, PATCH',
    handle: (call) => {
      const { group, id, values } = settingOr404(call);
      values[id] = textOf(call.params['value']);
      return settingWire(call.shop, group, id, values[id]);
    },
  },
];
