import { comparableText } from '../../../canonical/plain-text.ts';
import { sanitiseHtml } from '../../../canonical/html.ts';
import { withNewLinks } from '../../../canonical/shop-links.ts';
import { removeShortcodes } from '../../../canonical/shortcodes.ts';
import { truncateHtml, truncateText } from '../../../canonical/truncate.ts';
import type { MapContext } from '../../target.ts';
import type { Findings } from './findings.ts';
import { wellFormed } from './well-formed.ts';

/** Field → whole text that was too long; becomes a metafield `full_<field>` (fidelity §3). */
export type FullTexts = Map<string, string>;

/** Plain text in form N1, at most `max` long; what is cut off is kept whole. */
export function fittingText(text: string, max: number, field: string, findings: Findings, full: FullTexts): string {
  const plain = withoutControls(comparableText(text));
  const cut = truncateText(plain, max);
  return cut === plain ? plain : noteCut(plain, cut, max, field, findings, full);
}

/** HTML as it may be sent on (fidelity §3), at most `max` long. */
export function fittingHtml(
  html: string,
  max: number,
  field: string,
  { context, findings, full }: { readonly context: Linking; readonly findings: Findings; readonly full: FullTexts },
): string {
  const clean = cleanHtml(html, field, context, findings);
  reportOldImages(clean, new URL(context.source.url).host, field, findings);
  const cut = truncateHtml(clean, max);
  return cut === clean ? clean : noteCut(clean, cut, max, field, findings, full);
}

/** What links inside texts are rewritten by. */
export type Linking = Pick<MapContext, 'source' | 'addressOf'>;

export function cleanHtml(html: string, field: string, context: Linking, findings: Findings): string {
  const safe = sanitiseHtml(html);
  if (safe.removed) {
    findings.adjust('html-sanitised', field, html, safe.html, 'scripts and event handlers are not carried');
  }
  const plain = removeShortcodes(safe.html);
  if (plain.removed) {
    findings.adjust(
      'shortcode-removed',
      field,
      safe.html,
      plain.html,
      'no plugin at the target would fill this shortcode',
    );
  }
  const linked = withNewLinks(plain.html, context.source.url, (path) => context.addressOf(path));
  if (linked.rewritten > 0) {
    const why = 'links to the shop lead to where it is now';
    findings.adjust('internal-link-rewritten', field, plain.html, linked.html, why);
  }
  return linked.html.trim();
}

function noteCut(whole: string, cut: string, max: number, field: string, findings: Findings, full: FullTexts): string {
  full.set(field, whole);
  findings.adjust(
    'text-truncated',
    field,
    whole,
    cut,
    `the target takes ${max} characters; the whole text is in a metafield`,
  );
  return cut;
}

/** Images inside HTML stay where they are and die with the old host (fidelity §3). */
function reportOldImages(html: string, oldHost: string, field: string, findings: Findings): void {
  for (const [, src = ''] of html.matchAll(/<img[^>]*?\ssrc=["']?([^"'\s>]+)/gi)) {
    if (URL.canParse(src) && new URL(src).host === oldHost) {
      findings.report('content-image-on-old-host', field, src.slice(0, 200));
      return;
    }
  }
}

/** Control characters and halves of surrogate pairs are not text; JSON parsers refuse the latter. */
function withoutControls(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return wellFormed(text.replace(/[\u0000-\u001f\u007f]/g, ''));
}
