import type { Row } from '../raw/row.ts';
import { textOf } from '../raw/row.ts';
import type { TargetRecord } from '../raw/target-store.ts';
import type { Scope } from '../report.ts';
import type { HtmlForm, LinkForm } from '../rules/html.ts';
import {
  after,
  hasShortcodes,
  joined,
  linksOf,
  sameForm,
  shownForm,
  sourceForm,
  targetForm,
  unsafeParts,
} from '../rules/html.ts';
import { decodedName, plain } from '../rules/normalise.ts';
import { viewText } from '../rules/wordpress-text.ts';
import type { Context } from './context.ts';
import type { Expectation, Expected } from './expectation.ts';
import { newPages, pathOrHref, rewrittenLinks, shopLinks } from './links.ts';
import { kindOf } from './product-kind.ts';

interface HtmlRule {
  scope: Scope;
  field: string;
  html: string;
}

/** An HTML field: N6 after §3. */
export function htmlField(context: Context, { scope, field, html }: HtmlRule): Expected {
  const form = (link: LinkForm): HtmlForm => sourceForm(html, link);
  return describe(context, scope, field, html, form, (expected, actual) => sameForm(expected, actual));
}

/** Description with the short one before it, and what some product types add at its end (fidelity §4, §4.1). */
export function productDescription(context: Context, product: Row): Expected {
  const [long, short] = [viewText(product, 'description'), viewText(product, 'short_description')];
  const merged = (link: LinkForm): HtmlForm => {
    const parts = [sourceForm(long, link)];
    // The short text stands in a block of its own.
    if (short.trim() !== '') parts.unshift({ text: '', tags: ['div'] }, sourceForm(short, link));
    return joined(...parts);
  };
  const ending = endingOf(product);
  const agrees = (expected: HtmlForm, actual: HtmlForm): boolean => {
    const rest = after(expected, actual);
    return rest !== null && ending(rest);
  };
  const { fields, adjusted } = describe(context, 'product-core', 'description', long, merged, agrees);
  return { fields, adjusted: [...adjusted, ...(short.trim() === '' ? [] : ['short-description-merged'])] };
}

function describe(
  context: Context,
  scope: Scope,
  field: string,
  html: string,
  form: (link: LinkForm) => HtmlForm,
  agrees: (expected: HtmlForm, actual: HtmlForm) => boolean,
): Expected {
  const common = { source: html, read: ({ row }: TargetRecord) => row[field] };
  const meant = form(newPages(context));
  const shown = shownForm(meant);
  const unsafe: Expectation = {
    ...common,
    scope,
    field,
    rule: 'ADJUSTED html-sanitised',
    expected: 'no scripts, objects, handlers or script links',
    agrees: (actual) => unsafeParts(textOf(actual)).length === 0,
  };
  const body: Expectation = {
    ...common,
    scope,
    field,
    rule: 'EXACT §4 description (N6)',
    expected: shown,
    agrees: (actual) => agrees(meant, targetForm(textOf(actual), shopLinks(context))),
  };
  // Held against the target as it is: its addresses must be the new ones already.
  const rewritten = form(rewrittenLinks(context));
  const links: Expectation = {
    ...common,
    scope: 'links',
    field,
    rule: 'ADJUSTED internal-link-rewritten',
    expected: shownForm(rewritten),
    agrees: (actual) =>
      agrees(
        rewritten,
        targetForm(textOf(actual), (href) => pathOrHref(context, href)),
      ),
  };
  const hasShopLinks = form((href) => href).tags.join() !== rewritten.tags.join();
  return {
    fields: [body, unsafe, ...(hasShopLinks ? [links] : [])],
    adjusted: [
      ...(unsafeParts(html).length > 0 ? ['html-sanitised'] : []),
      ...(hasShortcodes(html) ? ['shortcode-removed'] : []),
      ...(hasShopLinks ? ['internal-link-rewritten'] : []),
    ],
  };
}

/** What must follow the text itself: nothing, or an outside link. A group's list is seen to with related products. */
function endingOf(product: Row): (rest: HtmlForm) => boolean {
  const key = kindOf(product).key;
  if (key === 'external-as-link-product') return (rest) => endsWithLink(product, rest);
  if (key === 'grouped-as-display-product') return () => true;
  return (rest) => rest.text === '' && rest.tags.length === 0;
}

function endsWithLink(product: Row, rest: HtmlForm): boolean {
  const url = textOf(product['external_url']).trim();
  if (url === '') return linksOf(rest).length === 0;
  const button = plain(textOf(product['button_text']));
  return linksOf(rest).join('') === url && (button === '' || rest.text === decodedName(button));
}
