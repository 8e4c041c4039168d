import { defineConfig } from 'astro/config'
import { API } from './src/build.ts'
import { files } from './src/files.ts'

export default defineConfig({
  site: process.env.SITE_URL ?? 'http://localhost:4321',
  // As the paths of the site are: /hello/ is hello/index.html. A site whose paths end in .html sets format to 'file'.
  build: { format: 'directory' },
  integrations: [files(API)]
})
