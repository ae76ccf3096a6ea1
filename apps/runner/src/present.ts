/** Leaves out keys without a value: an optional key is absent, never undefined. */
export function present<T extends object>(value: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const kept: { [Key in keyof T]?: Exclude<T[Key], undefined> } = {}
  for (const key of Object.keys(value) as (keyof T)[]) {
    const item = value[key]
    if (item !== undefined) kept[key] = item as Exclude<T[typeof key], undefined>
  }
  return kept
}
