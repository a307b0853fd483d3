import type { CanonicalCustomerGroup } from '../../../../domain/customer.ts';
import type { WantedKey } from '../../../../domain/unique-key.ts';
import type { Mapped, MapContext } from '../../../target.ts';
import { createFindings } from '../findings.ts';
import { fittingText } from '../texts.ts';

export const GROUP_NAME = 'customer-group-name';
/** Not published; names of the target's other lists end here. */
const MAX_NAME = 255;

/** Groups carry no marker: their name is all there is to know one by. */
export function customerGroupKeys(sourceId: string, group: CanonicalCustomerGroup): readonly WantedKey[] {
  const name = nameOf(group);
  const alternatives = [name, `${name} (${sourceId})`];
  return [{ slot: 'name', kind: GROUP_NAME, scope: '', alternatives, role: 'identity' }];
}

/** A group of the role's name, without discounts (fidelity §6.1); the prices that plugins gave it are reported. */
export function mapCustomerGroup(sourceId: string, group: CanonicalCustomerGroup, context: MapContext): Mapped {
  const findings = createFindings();
  if (context.mapping.customerGroups[group.name] !== undefined) {
    return { outcome: 'skip', reason: 'the mapping names another group for this one', adjustments: [] };
  }
  findings.report('role-pricing', 'role', group.name);
  return {
    outcome: 'write',
    parts: [{ part: 'core', desired: { name: context.keys['name'] ?? nameOf(group) } }],
    adjustments: findings.adjustments,
    reports: findings.reports,
  };
}

function nameOf({ name }: CanonicalCustomerGroup): string {
  return fittingText(name, MAX_NAME, 'name', createFindings(), new Map());
}
