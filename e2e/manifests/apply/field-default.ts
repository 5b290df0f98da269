export type Fields = Record<string, unknown>

/**
 * A field that the API server fills in: its path, with `[]` for each entry of a list, and the value it gets if the
 * object does not set it. A function receives the object that contains the field; undefined leaves the field out.
 */
export type Default = readonly [path: string, value: unknown]
