/** A segment of a path as text. Next.js gives those of a request percent-encoded, and those of a build as they were named. */
export function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** Whether two paths are one but for the slash at the end, which is a matter of this site's configuration. */
export function samePath(one: string, other: string): boolean {
  return decoded(one).replace(/\/$/, '') === decoded(other).replace(/\/$/, '')
}
