import type { NextConfig } from 'next'

const API = process.env['OCTAVO_API'] ?? 'http://localhost:8000'

const config: NextConfig = {
  cacheComponents: true,
  partialPrefetching: true,
  // As the paths of the site are: /hello/ here. A site whose paths end otherwise sets this to false.
  trailingSlash: true,
  poweredByHeader: false,
  rewrites: async () => ({
    // The site's feeds and files are Octavo's own; they are passed through under the site's address.
    beforeFiles: [
      { source: '/feeds/:path*', destination: `${API}/feeds/:path*` },
      { source: '/sitemap.xml', destination: `${API}/sitemap.xml` },
      { source: '/llms.txt', destination: `${API}/llms.txt` },
      { source: '/assets/:path*', destination: `${API}/assets/:path*` },
      {
        source: '/:path*/:file(.+\\.(?:avif|gif|ico|jpe?g|mp3|mp4|pdf|png|svg|webm|webp|zip))',
        destination: `${API}/:path*/:file`
      }
    ],
    afterFiles: [],
    fallback: []
  })
}

export default config
