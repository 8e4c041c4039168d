import type { Loader } from 'astro/loaders'
import { inWords, type Post } from './octavo'

/**
 * All posts, whole, in one answer: `/v1/export` has a post on each line. Where nothing has changed since the last build,
 * the answer is 304 and the store stays as it is.
 */
export function octavo(api: string): Loader {
  return {
    name: 'octavo',
    async load({ store, meta, generateDigest, parseData, logger }) {
      const etag = store.keys().length > 0 ? meta.get('etag') : undefined
      const response = await fetch(`${api}/v1/export`, { headers: etag ? { 'If-None-Match': etag } : {} })
      if (response.status === 304) return logger.info('nothing has changed')
      if (!response.ok || response.body === null) throw new Error(inWords(await response.json()))

      const gone = new Set(store.keys())
      for await (const line of lines(response.body)) {
        const post = JSON.parse(line) as Post
        const data = await parseData({ id: post.id, data: post })
        store.set({ id: post.id, data, digest: generateDigest(post) })
        gone.delete(post.id)
      }
      for (const id of gone) store.delete(id)
      meta.set('etag', response.headers.get('etag') ?? '')
      logger.info(`${store.keys().length} posts`)
    }
  }
}

async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const bytes of body) {
    const complete = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = complete.pop() ?? ''
    yield* complete
  }
  if (rest !== '') yield rest
}
