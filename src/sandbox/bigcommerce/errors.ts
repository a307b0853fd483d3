const TYPE = '/api-docs/getting-started/api-status-codes';

/** An error answer in the V3 shape (bigcommerce-api §1.3). */
export class ApiError extends Error {
  readonly status: number;
  readonly body: object;

  constructor(status: number, title: string, errors: Record<string, string> = {}, extra: object = {}) {
    super(title);
    this.status = status;
    this.body = { status, title, type: TYPE, errors, ...extra };
  }
}

/** An error answer of V2: a list of messages (§1.3). */
export class V2Error extends Error {
  readonly status: number;
  readonly body: object;

  constructor(status: number, message: string, details: object = {}) {
    super(message);
    this.status = status;
    this.body = [{ status, message, ...(Object.keys(details).length > 0 ? { details } : {}) }];
  }
}

export function notFound(what: string): ApiError {
  return new ApiError(404, `The ${what} was not found.`);
}
export function missingFields(errors: Record<string, string>): ApiError {
  return new ApiError(422, 'Missing Required Fields', errors);
}
export function invalid(errors: Record<string, string>): ApiError {
  return new ApiError(422, 'JSON data is missing or invalid', errors);
}
/** §3.3, observed bodies. */
export function duplicate(field: 'name' | 'sku' | 'url', value: string, what = 'product'): ApiError {
  const said = field === 'url' ? 'custom url' : field;
  return new ApiError(409, `The ${what} ${said} is a duplicate`, {
    [field]: `The ${what} ${said} is a duplicate: ${value}`,
  });
}
