/** Who may import whom, as values; `import type` is free except where a room is `sealed`. One row per room of src. */
export interface Room {
  /** Rooms whose values may be imported. `workflows/contract` is the one file of that room that others may load. */
  readonly rooms: readonly string[];
  /** Packages that this room must not load, as a regular expression without look-around (the linter's has none). */
  readonly never?: string;
  /** Not even types of ours. */
  readonly sealed?: true;
}

const CONTRACT = 'workflows/contract';
const NO_TEMPORAL = '^@temporalio/';
/** What is not big.js: another first letter, or another word that starts like it. */
const ALL_BUT_BIG = '^([^.b]|b[^i]|bi[^g]|big[^.])';
/** What starts with another letter than node:, yaml and zod. */
const ALL_BUT_NODE_YAML_ZOD = '^(@|[a-mo-xA-Z])';

export const IMPORT_TABLE: Readonly<Record<string, Room>> = {
  domain: { rooms: [], never: ALL_BUT_BIG },
  workflows: { rooms: ['domain'], never: '^([^.@]|@temporalio/(activity|client|envconfig|testing|worker))' },
  canonical: { rooms: ['domain'], never: '^(@temporalio/|@fastify/|fastify|axios|kysely|pg$|pino)' },
  connectors: { rooms: ['domain', 'canonical'], never: NO_TEMPORAL },
  ledger: { rooms: ['domain'], never: '^(@temporalio/|@fastify/|fastify|axios)' },
  temporal: { rooms: ['domain', CONTRACT], never: '^(@temporalio/worker|@fastify/|fastify|axios|kysely|pg$)' },
  activities: {
    rooms: ['domain', 'canonical', 'connectors', 'ledger', CONTRACT],
    never: '^(@temporalio/(client|envconfig|testing|worker|workflow)|@fastify/|fastify)',
  },
  api: { rooms: ['domain', 'ledger', 'temporal', CONTRACT], never: '^(@temporalio/(activity|worker)|axios)' },
  worker: {
    rooms: ['domain', 'activities', 'connectors', 'ledger', 'temporal', CONTRACT],
    never: '^(@fastify/|fastify)',
  },
  config: { rooms: [], never: ALL_BUT_NODE_YAML_ZOD },
  sandbox: { rooms: [], never: '^(@temporalio/|axios|kysely|oauth-|pg$)', sealed: true },
  stack: { rooms: ['config', 'temporal', 'ledger', 'sandbox'] },
  cli: {
    // The composition roots live here: they also open the ledger and say which connectors there are.
    rooms: ['api', 'worker', 'stack', 'sandbox', 'temporal', 'config', 'ledger', 'connectors', 'domain', CONTRACT],
  },
};

interface Border {
  readonly files: readonly string[];
  readonly rules: { readonly 'no-restricted-imports': readonly ['error', { readonly patterns: readonly object[] }] };
}

/** The overrides that .oxlintrc.json must hold for this table. */
export function lintBorders(): Border[] {
  return Object.entries(IMPORT_TABLE).map(([name, room]) => {
    const allowTypeImports = room.sealed !== true;
    const shut = Object.keys(IMPORT_TABLE).filter(
      (other) => other !== name && !room.rooms.includes(other) && !(other === 'workflows' && hasContract(room)),
    );
    const message = `src/${name} may import ${room.rooms.join(', ') || 'nothing of ours'} (test/architecture/import-table.ts)`;
    const packages = `src/${name} must not load this package (test/architecture/import-table.ts)`;
    const patterns = [
      { regex: `^(\\.\\./)+(${shut.join('|')})/`, message, allowTypeImports },
      ...(hasContract(room)
        ? [{ group: ['**/workflows/*', '!**/workflows/contract.ts'], message, allowTypeImports }]
        : []),
      ...(room.never === undefined ? [] : [{ regex: room.never, message: packages, allowTypeImports: true }]),
    ];
    return { files: [`src/${name}/**`], rules: { 'no-restricted-imports': ['error', { patterns }] } };
  });
}

function hasContract(room: Room): boolean {
  return room.rooms.includes(CONTRACT);
}

export interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

/** Every static import, re-export and import() of a source text. Comments and strings that look alike would count too. */
export function importsOf(text: string): Import[] {
  const clauses = text.matchAll(/^\s*(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm);
  const calls = text.matchAll(/\bimport\(\s*'([^']+)'/g);
  return [
    ...[...clauses].map((match) => ({ specifier: match[2] ?? '', typeOnly: match[1] !== undefined })),
    ...[...calls].map((match) => ({ specifier: match[1] ?? '', typeOnly: false })),
  ];
}

/** What is wrong with one import of the file at `path` (`src/<room>/…`); undefined when the table allows it. */
export function judgeImport(path: string, { specifier, typeOnly }: Import): string | undefined {
  const name = path.split('/')[1] ?? '';
  const room = IMPORT_TABLE[name];
  if (room === undefined) return `${path}: src/${name} is no room of the import table`;
  if (!specifier.startsWith('.')) {
    const shut = !typeOnly && room.never !== undefined && new RegExp(room.never).test(specifier);
    return shut ? `${path}: src/${name} must not load ${specifier}` : undefined;
  }
  const target = new URL(specifier, `file:///${path}`).pathname.slice(1).split('/');
  if (target[0] !== 'src') return `${path}: ${specifier} lies outside src`;
  const other = target[1] ?? '';
  const file = `${other}/${(target[2] ?? '').replace(/\.ts$/, '')}`;
  const open = other === name || room.rooms.includes(other) || room.rooms.includes(file);
  if (open || (typeOnly && room.sealed !== true)) return undefined;
  return `${path}: src/${name} must not import ${specifier}`;
}
