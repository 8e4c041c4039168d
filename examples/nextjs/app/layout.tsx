import type { Metadata } from 'next'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { siteTitle } from '@/lib/octavo'
import './style.css'

export async function generateMetadata(): Promise<Metadata> {
  const title = await siteTitle()
  return {
    metadataBase: new URL(process.env['SITE_URL'] ?? 'http://localhost:3000'),
    title: { default: title, template: `%s · ${title}` },
    alternates: { types: { 'application/atom+xml': '/feeds/atom.xml' } },
    openGraph: { siteName: title }
  }
}

export default async function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <header>
          <Link className="site" href="/">
            {await siteTitle()}
          </Link>
          <nav aria-label="Site">
            <Link href="/search/">Search</Link> <a href="/feeds/atom.xml">Feed</a>
          </nav>
        </header>
        <main>{children}</main>
      </body>
    </html>
  )
}
