import type { Metadata } from 'next'
import Link from 'next/link'
import { Suspense } from 'react'
import { Entry } from '@/components/post-list'
import { isProblem, search } from '@/lib/octavo'

/** The fields whose passages say more than a title does. */
const PASSAGES = new Set(['body', 'summary', 'code'])

type Asked = PageProps<'/search'>['searchParams']

export const metadata: Metadata = { title: 'Search', robots: { index: false } }

/** A form and what it finds: plain HTML, which works before any script has loaded. */
export default function SearchPage({ searchParams }: PageProps<'/search'>) {
  return (
    <>
      <h1>Search</h1>
      <Suspense fallback={<SearchForm />}>
        <Results asked={searchParams} />
      </Suspense>
    </>
  )
}

function SearchForm({ q = '' }: { q?: string }) {
  return (
    <form action="/search/" role="search">
      <label htmlFor="q">Words</label> <input id="q" name="q" type="search" defaultValue={q} maxLength={512} />
    </form>
  )
}

async function Results({ asked }: { asked: Asked }) {
  const { q, page } = await asked
  const words = [q ?? ''].flat().join(' ').trim()
  if (words === '') return <SearchForm />
  const number = Math.max(1, Number(page) || 1)
  const found = await search(words, number)
  if (isProblem(found)) {
    return (
      <>
        <SearchForm q={words} />
        <h2>{found.title}</h2>
        <p>{found.errors[0]?.message ?? found.detail}</p>
      </>
    )
  }
  const address = (q: string, page: number) => `/search/?${new URLSearchParams({ q, page: `${page}` })}`
  return (
    <>
      <SearchForm q={words} />
      <p role="status">{found.pagination.total} posts</p>
      {found.did_you_mean !== null && (
        <p>
          Did you mean <Link href={address(found.did_you_mean, 1)}>{found.did_you_mean}</Link>?
        </p>
      )}
      {found.items.map(({ post, highlights }) => (
        <Entry key={post.id} post={post} html={highlights.find(({ field }) => PASSAGES.has(field))?.html} />
      ))}
      <nav className="pages" aria-label="Pages">
        {found.pagination.prev && <Link href={address(words, number - 1)}>Better matches</Link>}
        {found.pagination.next && <Link href={address(words, number + 1)}>More</Link>}
      </nav>
    </>
  )
}
