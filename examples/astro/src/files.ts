import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AstroIntegration } from 'astro'

const MEDIA = /<(?:img|source|video|audio)\b[^>]*?\ssrc="(\/[^/"][^"]*)"/g

/** Copies the images that the built pages show and the site has not; Octavo serves them at the same paths. */
export function files(api: string): AstroIntegration {
  return {
    name: 'octavo-files',
    hooks: {
      'astro:build:done': async ({ dir, logger }) => {
        const site = fileURLToPath(dir)
        const missing = new Set<string>()
        for (const name of await readdir(site, { recursive: true })) {
          if (!name.endsWith('.html')) continue
          for (const [, path] of (await readFile(join(site, name), 'utf8')).matchAll(MEDIA)) {
            if (path !== undefined && !existsSync(join(site, decodeURI(path)))) missing.add(path)
          }
        }
        for (const path of missing) {
          const response = await fetch(api + path)
          if (!response.ok) {
            logger.warn(`${path}: ${response.status} ${response.statusText}`)
            continue
          }
          const file = join(site, decodeURI(path))
          await mkdir(dirname(file), { recursive: true })
          await writeFile(file, new Uint8Array(await response.arrayBuffer()))
        }
        logger.info(`${missing.size} files`)
      }
    }
  }
}
