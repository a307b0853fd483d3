import { type AssessmentCheck, gravestFirst, type Tally, tallyOf } from '../../domain/assessment.ts';
import { takesPart } from '../../domain/mapping.ts';
import type { MovedEntity } from '../../domain/record.ts';
import type { Target } from '../../connectors/target.ts';
import { adjusted } from './adjusted-checks.ts';
import { clocks, headroom } from './capacity-checks.ts';
import { type AssessmentFacts, check } from './check.ts';

/** Every named check on what two stores say of themselves. Pure (rulebook §11, §15). */
export function checksOf(facts: AssessmentFacts): readonly AssessmentCheck[] {
  return gravestFirst([
    ...settings(facts),
    ...permissions(facts),
    ...decisions(facts),
    ...adjusted(facts),
    ...clocks(facts),
    ...headroom(facts),
  ]);
}

/** One finding or none, with what both stores say; a source that says nothing differs in nothing. */
function differ(source: string | null, target: string): Tally {
  return source === null || source === target ? tallyOf([]) : tallyOf([`${source} / ${target}`]);
}

function taxes(included: boolean): string {
  return included ? 'with tax' : 'without tax';
}

function settings({ source, target, store }: AssessmentFacts): AssessmentCheck[] {
  return [
    check(
      'currency-mismatch',
      'stop',
      differ(source.currency, target.currency),
      `the source sells in ${source.currency}, the target in ${target.currency}`,
      `set the target store's currency to ${source.currency}`,
    ),
    check(
      'tax-mode-mismatch',
      'stop',
      differ(taxes(source.pricesIncludeTax), taxes(target.pricesIncludeTax)),
      `prices are entered ${taxes(source.pricesIncludeTax)} at the source and ${taxes(target.pricesIncludeTax)} at the target`,
      "change the target's tax setting",
    ),
    check(
      'notifications-on',
      'stop',
      tallyOf(store.mails),
      'the target would send mails to shoppers or staff about orders that are only being moved',
      'switch these mails off in the target store until it opens; a token without the scope store_v2_information cannot show that they are off',
    ),
    check(
      'weight-unit-differs',
      'note',
      differ(source.weightUnit, target.weightUnit),
      'weights are converted (unit-converted)',
      'nothing to do, or choose the same unit in both stores',
    ),
    check(
      'length-unit-differs',
      'note',
      differ(source.lengthUnit, target.lengthUnit),
      'lengths are converted (unit-converted)',
      'nothing to do, or choose the same unit in both stores',
    ),
    check(
      'timezone-mismatch',
      'note',
      differ(source.timeZone, target.timeZone),
      'times are kept as instants and shown in another zone',
      "set the target's time zone if they shall read the same",
    ),
  ];
}

/** What another credential opens, without which the rest of a shop can be moved (source-apis §1.1). */
const CONTENT: ReadonlySet<MovedEntity> = new Set(['blog_post', 'page']);

function permissions({ shop, store, entities }: AssessmentFacts): AssessmentCheck[] {
  const among = (refused: readonly MovedEntity[]) => tallyOf(refused.filter((entity) => entities.includes(entity)));
  return [
    check(
      'source-permission-missing',
      'stop',
      among(shop.refused.filter((entity) => !CONTENT.has(entity))),
      'the source does not let us read these',
      'give the key the right to read them, or leave them out of the mapping',
    ),
    check(
      'content-permission-missing',
      'warning',
      among(shop.refused.filter((entity) => CONTENT.has(entity))),
      'the source does not let us read these: they stay behind until it does',
      "enter the credential for them in the project's source connection (WooCommerce: a WordPress user and an application password), then start a full run",
    ),
    check(
      'target-permission-missing',
      'stop',
      among(store.refused),
      'the target does not let us write these',
      'add the missing scopes to the token, or leave them out of the mapping',
    ),
    check(
      'target-not-empty',
      'warning',
      tallyOf(Object.entries(store.existing).map(([entity, count]) => `${entity}: ${count} or more`)),
      'the target holds records already: those of ours are paired again, others keep their names and addresses',
      'empty the target, or expect collisions to wait for review',
    ),
  ];
}

function decisions(facts: AssessmentFacts): AssessmentCheck[] {
  const { shop, source, target, mapping, understands, entities } = facts;
  const unknown = (what: Parameters<Target['understands']>[0], words: Readonly<Record<string, number>>): Tally => {
    const found = Object.entries(words).filter(
      ([word, count]) => count > 0 && !understands(what, word, { mapping, source, target }),
    );
    return {
      count: found.reduce((sum, [, count]) => sum + count, 0),
      samples: tallyOf(found.map(([word]) => word)).samples,
    };
  };
  const orders = entities.includes('order') && takesPart(mapping, 'order');
  return [
    check(
      'order-status-unmapped',
      'stop',
      orders ? unknown('order-status', shop.orderStatuses) : tallyOf([]),
      'nobody has decided what these order statuses are at the target',
      'name a status of the target for each in the mapping (orderStatuses)',
    ),
    check(
      'tax-class-unmapped',
      'stop',
      unknown('tax-class', shop.taxClasses),
      'the target has no tax class of these names',
      'make a class of the same name at the target, or name one in the mapping (taxClasses)',
    ),
    check(
      'product-type-undecided',
      'stop',
      unknown('product-type', shop.productTypes),
      'published products are of types that nobody has decided on',
      'unpublish them, or decide on the type in the mapping (productTypes: hidden)',
    ),
    check(
      'customer-group-unmapped',
      'stop',
      unmappedGroups(facts),
      'these groups of shoppers have nothing at the target that they could be',
      'move groups too (entities.customer_group), or name a group that the target has in the mapping (customerGroups)',
    ),
    check(
      'pending-payments',
      'warning',
      { count: orders ? (shop.orderStatuses['pending'] ?? 0) : 0, samples: [] },
      'these orders wait for a payment that can only arrive at the old store',
      'let them be paid or cancelled before the switch',
    ),
  ];
}

/** Chosen groups that the target does not have; where groups are not moved, those that nobody chose one for. */
function unmappedGroups({ shop, store, mapping, entities }: AssessmentFacts): Tally {
  if (!entities.includes('customer')) return tallyOf([]);
  const unmapped = Object.entries(shop.customerGroups).filter(([group]) => {
    const chosen = mapping.customerGroups[group];
    if (chosen === undefined) return !entities.includes('customer_group');
    return chosen !== '' && !store.groups.includes(chosen);
  });
  const count = unmapped.reduce((sum, [, accounts]) => sum + accounts, 0);
  return { count, samples: tallyOf(unmapped.map(([group]) => group)).samples };
}
