import { z } from 'zod';
import { decodedText } from '../../../canonical/plain-text.ts';
import { StoreFailure } from '../../http/failures.ts';
import type { WooApi } from '../woo-api.ts';
import type { StateNames } from './address.ts';
import { listOf, text } from './fields.ts';

const countrySchema = z.looseObject({ states: listOf(z.looseObject({ code: text, name: text })) });

/** States by country, asked of the shop once for each country that is met (`/data/countries/{cc}`, fidelity §3). */
export function createStateNames(api: WooApi) {
  const known = new Map<string, Promise<ReadonlyMap<string, string>>>();
  const load = async (country: string, signal: AbortSignal): Promise<ReadonlyMap<string, string>> => {
    try {
      const path = `/data/countries/${country.toLowerCase()}`;
      const reply = await api.get({ path, route: 'data/countries/:code', query: { _fields: ['states'] }, signal });
      const parsed = countrySchema.safeParse(reply.data);
      const states = parsed.success ? parsed.data.states : [];
      return new Map(states.map(({ code, name }) => [code.toUpperCase(), decodedText(name)]));
    } catch (error) {
      // A country that the shop does not know has no states that it knows.
      if (error instanceof StoreFailure && error.kind === 'missing') return new Map();
      known.delete(country);
      throw error;
    }
  };
  return {
    async of(countries: readonly string[], signal: AbortSignal): Promise<StateNames> {
      const names = new Map<string, ReadonlyMap<string, string>>();
      for (const country of new Set(countries)) {
        if (!/^[A-Z]{2}$/.test(country)) continue;
        const loading = known.get(country) ?? load(country, signal);
        known.set(country, loading);
        names.set(country, await loading);
      }
      return (country, state) => names.get(country)?.get(state.toUpperCase()) ?? null;
    },
  };
}

export type StateLists = ReturnType<typeof createStateNames>;
