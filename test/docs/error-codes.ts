import { found, sourcesBelow, textOf } from './pages.ts';

/** Where codes of answers come from: the API itself, and what it passes on in their own words. */
const PASSED_ON = [
  'src/ledger/commands.ts',
  'src/ledger/projects.ts',
  'src/workflows/desk.ts',
  'src/workflows/commands.ts',
  'src/activities/index.ts',
  'src/worker/look.ts',
  'src/worker/project-hooks.ts',
  'src/worker/project-looks.ts',
  'src/cli/store-probes.ts',
];

/** Forms in which a file of ours writes a code down. */
const FORMS = [
  /new Problem\(\s*\d{3},\s*'([a-z-]+)'/g,
  /\bcode: '([a-z-]+)'/g,
  /\breason: '([a-z]+(?:-[a-z]+)+)'/g,
  /\brefus(?:ed|al)\((?:(?:desk\.)?state, )?'([a-z-]+)'/g,
  /\bsend\([^\n]*\b\d{3}, '([a-z-]+)'/g,
  /\bsend\(\s*reply,\s*request,\s*\d{3},\s*'([a-z-]+)'/g,
  /\bproblemBody\(status, '([a-z-]+)'/g,
  /\bFST_[A-Z_]+: '([a-z-]+)'/g,
  /\] \?\? '([a-z-]+)'/g,
];

/** Codes that come from elsewhere under a name: each is written down in one of the files above. */
const INDIRECT = ['code', 'creation.reason', 'counted.code', 'looked.code', 'look.code', 'probe.code'];

/** Every code that an answer of the API may carry. */
export function problemCodes(): string[] {
  const files = [...sourcesBelow('src/api'), ...PASSED_ON].map(textOf);
  return [
    ...new Set([...files.flatMap((text) => FORMS.flatMap((form) => found(text, form))), ...failureKinds()]),
  ].sort();
}

/** Problems whose code is written down in a form that `problemCodes` does not know. */
export function unknownForms(): string[] {
  return sourcesBelow('src/api').flatMap((path) =>
    [...textOf(path).matchAll(/new Problem\(\s*(?:\d{3},\s*)?([^,\s]+),/g)]
      .map(([, code = '']) => code)
      .filter((code) => !code.startsWith("'") && !INDIRECT.includes(code))
      .map((code) => `${path}: ${code}`),
  );
}

/** What a request to a store can come to. */
export function failureKinds(): string[] {
  return found(textOf('src/connectors/http/failures.ts'), /^ {2}\| '([a-z-]+)'/gm);
}

/** Named checks of the assessment with what each may come to. */
export function assessmentChecks(): Map<string, string> {
  const texts = sourcesBelow('src/activities/assess').map(textOf).join('\n');
  const checks = [...texts.matchAll(/\bcheck\(\s*'([a-z-]+)',\s*'(stop|warning|note)'/g)];
  return new Map(checks.map(([, key = '', severity = '']) => [key, severity]));
}
