import type { Caller } from '../auth/authentication.ts';
import { RestError } from './errors.ts';

const messages = {
  list: ['woocommerce_rest_cannot_view', 'Sorry, you cannot list resources.'],
  view: ['woocommerce_rest_cannot_view', 'Sorry, you cannot view this resource.'],
  create: ['woocommerce_rest_cannot_create', 'Sorry, you are not allowed to create resources.'],
  edit: ['woocommerce_rest_cannot_edit', 'Sorry, you are not allowed to edit this resource.'],
  delete: ['woocommerce_rest_cannot_delete', 'Sorry, you are not allowed to delete this resource.'],
  batch: ['woocommerce_rest_cannot_batch', 'Sorry, you are not allowed to batch manipulate this resource.'],
} as const;

export type Action = keyof typeof messages;

/** Callers without valid credentials get the refusal of the action they tried (recordings "unknown key" and others). */
export function requireCaller(caller: Caller, path: string, action: Action): void {
  if (caller.kind !== 'anonymous') return;
  const [code, message] = messages[action];
  // WordPress's own routes refuse under codes without the plugin's name.
  throw new RestError(path.startsWith('/wp/') ? code.replace('woocommerce_', '') : code, message, 401);
}
