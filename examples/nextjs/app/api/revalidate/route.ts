import { createHash, timingSafeEqual } from 'node:crypto'
import { revalidatePath, revalidateTag } from 'next/cache'

/** What an event `generation` of Octavo's `/v1/events` says; a caller of another sort sends the tags alone. */
type Told = { tags: string[]; complete?: boolean }

/** Forget what has one of the tags. The next visitor waits for the new page, and sees no word of the old one. */
export async function POST(request: Request): Promise<Response> {
  const secret = process.env['REVALIDATE_SECRET'] ?? ''
  if (secret === '') return Response.json({ error: 'REVALIDATE_SECRET is not set' }, { status: 503 })
  if (!same(request.headers.get('authorization') ?? '', `Bearer ${secret}`)) {
    return Response.json({ error: 'Authorization: Bearer with the secret is missing or wrong' }, { status: 401 })
  }
  const told: unknown = await request.json().catch(() => null)
  if (!isTold(told)) return Response.json({ error: 'expected {"tags": ["post:hello"]}' }, { status: 400 })
  if (told.complete === false) revalidatePath('/', 'layout')
  for (const tag of told.tags) revalidateTag(tag, { expire: 0 })
  return Response.json({ revalidated: told.complete === false ? 'everything' : told.tags })
}

/** Compared by digests: they are of one length, and the time says nothing about the secret. */
function same(one: string, other: string): boolean {
  const [first, second] = [one, other].map(text => createHash('sha256').update(text).digest())
  return first !== undefined && second !== undefined && timingSafeEqual(first, second)
}

function isTold(body: unknown): body is Told {
  if (typeof body !== 'object' || body === null || !('tags' in body) || !Array.isArray(body.tags)) return false
  return body.tags.every(tag => typeof tag === 'string')
}
