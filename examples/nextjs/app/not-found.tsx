import Link from 'next/link'

export default function NotFound() {
  return (
    <>
      <h1>Nothing is here</h1>
      <p>
        The address may be misspelled, or the post is gone. <Link href="/">All posts</Link>, or{' '}
        <Link href="/search/">search</Link>.
      </p>
    </>
  )
}
