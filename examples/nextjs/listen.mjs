/**
 * Passes the news of Octavo's `/v1/events` on to `/api/revalidate`, one after the other, for as long as it runs.
 *
 * OCTAVO_API, SITE, REVALIDATE_SECRET are read from the environment. An event that the site did not take is asked for again:
 * `Last-Event-ID` names the last one that it took.
 */
import { setTimeout as pause } from 'node:timers/promises'

const api = process.env.OCTAVO_API ?? 'http://localhost:8000'
const site = process.env.SITE ?? 'http://localhost:3000'
const secret = process.env.REVALIDATE_SECRET ?? ''

/** The events of one connection: `{id, event, data}`. Source: HTML standard, section 9.2.6. */
async function* events(lastId) {
  const headers = { Accept: 'text/event-stream', ...(lastId && { 'Last-Event-ID': lastId }) }
  const response = await fetch(`${api}/v1/events`, { headers })
  if (!response.ok) throw new Error(`${api}/v1/events answered ${response.status}: ${await response.text()}`)
  let rest = ''
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + text).split('\n\n')
    rest = blocks.pop()
    for (const block of blocks) yield fields(block)
  }
}

function fields(block) {
  const found = {}
  for (const line of block.split('\n')) {
    const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? []
    if (name) found[name] = name in found ? `${found[name]}\n${value}` : value
  }
  return found
}

async function passOn(data) {
  const headers = { Authorization: `Bearer ${secret}`, 'Content-Type': 'application/json' }
  const response = await fetch(`${site}/api/revalidate/`, { method: 'POST', headers, body: data })
  if (!response.ok) throw new Error(`${site}/api/revalidate answered ${response.status}: ${await response.text()}`)
  console.log(await response.text())
}

let lastId = ''
for (;;) {
  try {
    for await (const { id, event, data } of events(lastId)) {
      if (event === 'generation') await passOn(data)
      else if (id && !lastId) await passOn('{"tags": [], "complete": false}') // what happened before is not known
      if (id) lastId = id
    }
  } catch (error) {
    console.error(error.cause?.message ?? error.message)
  }
  await pause(5000)
}
