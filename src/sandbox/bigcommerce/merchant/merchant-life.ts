import type { Life } from '../../shared/life/life.ts';
import { createLife } from '../../shared/life/life.ts';
import { ApiError, V2Error } from '../errors.ts';
import type { RouteContext } from '../routes/context.ts';
import { catalogEdits } from './catalog-edits.ts';
import { salesEdits } from './sales-edits.ts';

/** A merchant who works in the control panel while a migration writes into the store: edits, adds, deletes. */
export function merchantLife(context: RouteContext, seed: number): Life {
  return createLife({
    happenings: [...catalogEdits, ...salesEdits],
    seed,
    now: () => context.catalog.clock.now(),
    sceneOf: (random) => ({ context, random }),
    refusalOf: (error) => (error instanceof ApiError || error instanceof V2Error ? error.message : undefined),
  });
}
