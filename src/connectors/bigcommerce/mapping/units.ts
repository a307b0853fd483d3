import type { Big } from 'big.js';
import type { Measures } from '../../../domain/product.ts';
import type { Decimal } from '../../../domain/record.ts';
import type { MapContext } from '../../target.ts';
import { atFourDecimals, parseDecimal, wireNumber } from './decimals.ts';
import type { Findings } from './findings.ts';

/** Exact factors (fidelity §3). */
const KILOGRAMS = { kg: '1', g: '0.001', lb: '0.45359237', oz: '0.028349523125' } as const;
const METRES = { m: '1', cm: '0.01', mm: '0.001', in: '0.0254', yd: '0.9144' } as const;

export interface WireMeasures {
  readonly weight: number | null;
  readonly depth: number | null;
  readonly width: number | null;
  readonly height: number | null;
}

/** The source's length is the target's depth (fidelity §4). null stays null: inherited, or none. */
export function wireMeasures(
  measures: Measures,
  field: string,
  context: Pick<MapContext, 'source' | 'target'>,
  findings: Findings,
): WireMeasures {
  const { source, target } = context;
  const weight = converter(
    source.weightUnit === null ? null : KILOGRAMS[source.weightUnit],
    KILOGRAMS[target.weightUnit],
  );
  const length = converter(source.lengthUnit === null ? null : METRES[source.lengthUnit], METRES[target.lengthUnit]);
  const note = {
    findings,
    from: `${source.weightUnit}, ${source.lengthUnit}`,
    to: `${target.weightUnit}, ${target.lengthUnit}`,
  };
  return {
    weight: convert(measures.weight, weight, `${field}weight`, note),
    depth: convert(measures.length, length, `${field}length`, note),
    width: convert(measures.width, length, `${field}width`, note),
    height: convert(measures.height, length, `${field}height`, note),
  };
}

interface Converter {
  readonly changes: boolean;
  readonly apply: (value: Big) => Big;
}

/** `from` null: the source has none, so there is nothing to convert. */
function converter(from: string | null, to: string): Converter {
  if (from === null || from === to) return { changes: false, apply: (value) => value };
  return { changes: true, apply: (value) => atFourDecimals(value.times(from).div(to)) };
}

function convert(
  text: Decimal | null,
  { changes, apply }: Converter,
  field: string,
  note: { findings: Findings; from: string; to: string },
): number | null {
  const value = parseDecimal(text);
  // A negative measure means nothing; the target refuses it.
  if (value === null || value.lt(0) || value.gt(1e9)) return null;
  const converted = apply(value);
  if (changes && !value.eq(0)) {
    note.findings.adjust(
      'unit-converted',
      field,
      text,
      converted.toString(),
      `the source measures in ${note.from}, the target in ${note.to}`,
    );
  }
  return wireNumber(converted);
}
