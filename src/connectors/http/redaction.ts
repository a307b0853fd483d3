/** Query names whose values are credentials or proofs of them, on any platform. */
const SECRET_NAMES =
  /^(consumer_(key|secret)|oauth_.*|access_token|x-auth-token|client_secret|password|.*token.*|.*secret.*)$/i;

/** Words that look like a credential wherever they stand. */
const SECRET_WORDS =
  /\b(ck|cs)_[0-9a-f]{8,}\b|\b[0-9a-f]{24}:[0-9a-f]{64}\b|\b(Basic|Bearer|OAuth)\s+[A-Za-z0-9+/=_.~-]{8,}|\/\/[^/\s:@]+:[^/\s@]+@/gi;

/** The address without query values that are secret; for messages and logs. */
export function redactUrl(url: string): string {
  if (!URL.canParse(url)) return '(not a URL)';
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  for (const name of new Set(parsed.searchParams.keys())) {
    if (SECRET_NAMES.test(name)) parsed.searchParams.set(name, '-');
  }
  return parsed.toString();
}

/** Free text of a library or a store, safe for a message: credentials out, e-mail addresses out, at most 300 characters. */
export function redactText(text: string): string {
  return text
    .replace(/https?:\/\/[^\s"'<>]+/gi, (url) => redactUrl(url))
    .replace(SECRET_WORDS, '-')
    .replace(/[^\s@<>"']+@[^\s@<>"']+\.[^\s@<>"']+/g, '-')
    .slice(0, 300);
}
