import type { PostSummary } from '@/lib/octavo'

const DAY = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' })

/** When, by whom, how long. The day is the author's own: the first ten characters of the date, whatever the zone. */
export function Facts({ post }: { post: PostSummary }) {
  const authors = post.authors.map(({ name }) => name).join(', ')
  return (
    <p className="facts">
      {post.published_at && (
        <>
          <time dateTime={post.published_at}>{DAY.format(new Date(post.published_at.slice(0, 10)))}</time> ·{' '}
        </>
      )}
      {authors && <>{authors} · </>}
      {post.reading_time} min
    </p>
  )
}
