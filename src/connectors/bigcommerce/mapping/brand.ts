import type { CanonicalBrand } from '../../../domain/brand.ts';
import type { WantedKey } from '../../../domain/unique-key.ts';
import type { ScannedKeys } from '../../source.ts';
import type { Mapped, MapContext } from '../../target.ts';
import { createFindings, type Findings } from './findings.ts';
import { isFetchable, type ImageRules } from './images.ts';
import { ownMetafields, shopMetafields } from './metafields.ts';
import { seoFields } from './seo.ts';
import { cleanHtml, fittingText, type FullTexts, type Linking } from './texts.ts';
import { assignedValue, uniqueTexts } from './unique-values.ts';
import { customUrl, wantedPath } from './urls.ts';

const MAX_NAME = 255;

export function brandKeys(
  sourceId: string,
  brand: CanonicalBrand,
  context: Omit<MapContext, 'keys'>,
): readonly WantedKey[] {
  return [nameKey(sourceId, brand, context.sourceKey), ...wantedPath(sourceId, brand.path, context)];
}

export function scannedBrandKeys(
  { sourceId, name }: ScannedKeys,
  { sourceKey }: Pick<MapContext, 'sourceKey'>,
): readonly WantedKey[] {
  return name === '' ? [] : [nameKey(sourceId, { name }, sourceKey)];
}

function nameKey(sourceId: string, brand: Pick<CanonicalBrand, 'name'>, sourceKey: string): WantedKey {
  return {
    slot: 'name',
    kind: 'brand-name',
    scope: '',
    alternatives: uniqueTexts(
      nameOf(sourceId, brand, createFindings(), new Map()),
      [` (#${sourceId})`],
      MAX_NAME,
      ` (#${sourceId}-${sourceKey})`,
    ),
    role: 'identity',
  };
}

export function mapBrand(sourceId: string, brand: CanonicalBrand, context: MapContext, rules: ImageRules): Mapped {
  const findings = createFindings();
  const full: FullTexts = new Map();
  nameOf(sourceId, brand, findings, full);
  const [wantedName] = brandKeys(sourceId, brand, context);
  if (wantedName === undefined) throw new Error('a brand always wants a name');
  const why = 'another brand has this name already';
  const name = assignedValue(wantedName, context.keys, { key: 'name-made-unique', field: 'name', why, findings });
  const seo = seoFields(brand.meta, name, context, findings);
  const core = {
    name,
    page_title: seo.title,
    meta_description: seo.description,
    custom_url: customUrl(sourceId, brand.path, context, findings),
  };
  const description = descriptionOf(brand, context, findings);
  const metafields = [
    ...ownMetafields(`${context.sourceKey}:${sourceId}`, { description }, full, findings),
    ...shopMetafields(context.source.platform, brand.meta, seo.taken, 'meta', findings),
  ];
  return {
    outcome: 'write',
    parts: [
      { part: 'core', desired: core },
      { part: 'image', desired: { image_url: imageUrl(brand, rules, findings) } },
      { part: 'metafields', desired: metafields },
    ],
    adjustments: findings.adjustments,
    reports: findings.reports,
  };
}

function descriptionOf(brand: CanonicalBrand, context: Linking, findings: Findings): string {
  const description = cleanHtml(brand.description, 'description', context, findings);
  if (description !== '') {
    const why = 'brands have no description at the target';
    findings.adjust('brand-description-in-metafield', 'description', brand.description, 'storeferry/description', why);
  }
  return description;
}

function imageUrl(brand: CanonicalBrand, rules: ImageRules, findings: Findings): string {
  if (brand.image === null) return '';
  if (isFetchable(brand.image.url, rules)) return brand.image.url;
  findings.report('image-unreachable', 'image', brand.image.url.slice(0, 200));
  return '';
}

function nameOf(sourceId: string, brand: Pick<CanonicalBrand, 'name'>, findings: Findings, full: FullTexts): string {
  const name = fittingText(brand.name, MAX_NAME, 'name', findings, full);
  if (name !== '') return name;
  const placeholder = `Brand ${sourceId}`;
  findings.adjust('name-placeholder', 'name', brand.name, placeholder, 'the target asks for a name');
  return placeholder;
}
