import { invalidParams, RestError } from '../../rest/errors.ts';
import { texts } from '../../rest/params.ts';
import type { Call } from '../../rest/resource.ts';

/** `wp/v2` is open: who has not signed in sees what is published and nothing of `context=edit` (source-apis §1.6). */
export function refusePrivateView(call: Call, what: string): void {
  if (!call.anonymous) return;
  if (call.context === 'edit') {
    throw new RestError('rest_forbidden_context', `Sorry, you are not allowed to edit ${what}.`, 401);
  }
  const hidden = texts(call.params, 'status').filter((status) => status !== 'publish' && status !== 'inherit');
  if (hidden.length === 0) return;
  const failure = { code: 'rest_forbidden_status', message: 'Status is forbidden.', data: { status: 401 } };
  throw invalidParams({ status: failure });
}
