/**
 * JSON as PHP writes it: slashes and everything beyond ASCII are escaped (recordings, `webhookDeliveries`). The
 * signature is over these bytes, so a receiver that parses and writes them anew before it checks finds it wrong.
 */
export function phpJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('/', String.raw`\/`)
    .replaceAll(/[^\0-\x7f]/g, (unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
