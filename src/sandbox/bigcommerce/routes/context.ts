import type { SandboxControls } from '../../shared/controls.ts';
import type { BigCommerceOptions } from '../options.ts';
import type { Catalog } from '../store/catalog.ts';

export interface RouteContext {
  readonly catalog: Catalog;
  readonly controls: SandboxControls;
  readonly options: BigCommerceOptions;
  /** The state file follows. */
  readonly changed: () => void;
}
