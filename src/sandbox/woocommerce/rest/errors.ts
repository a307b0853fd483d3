/** A refusal in the shape of WordPress: `{code, message, data: {status, …}}` (source-apis §1.7). */
export class RestError extends Error {
  readonly code: string;
  readonly status: number;
  readonly data: Record<string, unknown>;

  constructor(code: string, message: string, status: number, data: Record<string, unknown> = {}) {
    super(message);
    this.name = 'RestError';
    this.code = code;
    this.status = status;
    this.data = data;
  }

  body(): { code: string; message: string; data: Record<string, unknown> } {
    return { code: this.code, message: this.message, data: { status: this.status, ...this.data } };
  }
}

export interface ParamFailure {
  code: string;
  message: string;
  data: unknown;
}

export function invalidParams(failures: Record<string, ParamFailure>): RestError {
  const names = Object.keys(failures);
  const params = Object.fromEntries(names.map((name) => [name, failures[name]!.message]));
  return new RestError('rest_invalid_param', `Invalid parameter(s): ${names.join(', ')}`, 400, {
    params,
    details: failures,
  });
}

export function missingParams(names: readonly string[]): RestError {
  return new RestError('rest_missing_callback_param', `Missing parameter(s): ${names.join(', ')}`, 400, {
    params: names,
  });
}

export function noRoute(): RestError {
  return new RestError('rest_no_route', 'No route was found matching the URL and request method.', 404);
}
