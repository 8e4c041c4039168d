import type { Metadata } from 'next'
import { Suspense } from 'react'
import { Article } from '@/components/article'
import { isProblem, previewPost } from '@/lib/octavo'
import { decoded } from '@/lib/segments'

export const metadata: Metadata = { title: 'Preview', robots: { index: false }, referrer: 'no-referrer' }

/** A draft, for whoever has a token: `/preview/my-draft/?token=…`. The token goes on in a header, and nothing is kept. */
export default function PreviewPage(props: PageProps<'/preview/[...slug]'>) {
  return (
    <Suspense fallback={<p>…</p>}>
      <Preview {...props} />
    </Suspense>
  )
}

async function Preview({ params, searchParams }: PageProps<'/preview/[...slug]'>) {
  const slug = (await params).slug.map(decoded).join('/')
  const { token } = await searchParams
  const found = await previewPost(slug, [token ?? ''].flat().join(''))
  if (!isProblem(found)) return <Article post={found} />
  return (
    <>
      <h1>{found.title}</h1>
      <p>{found.detail}</p>
    </>
  )
}
