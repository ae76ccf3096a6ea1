/** A list is whole or an error. */
import { describe, expect, it } from 'vitest'
import { allPages } from './pages.ts'

describe('allPages', () => {
  it('joins pages in their order, and asks for each once', async () => {
    const asked: (string | null)[] = []
    const rows = await allPages('GET /list', (cursor) => {
      asked.push(cursor)
      const page = Number(cursor ?? 0)
      return Promise.resolve({ rows: [page * 2, page * 2 + 1], next: page < 2 ? String(page + 1) : null })
    })
    expect(rows).toEqual([0, 1, 2, 3, 4, 5])
    expect(asked).toEqual([null, '1', '2'])
  })

  it('takes an empty page for the end, whatever its cursor says', async () => {
    expect(await allPages('GET /list', (cursor) => Promise.resolve({ rows: cursor === null ? [1] : [], next: 'more' }))).toEqual([1])
  })

  it('refuses a list that goes round', async () => {
    await expect(allPages('GET /list', () => Promise.resolve({ rows: [1], next: 'again' }))).rejects.toMatchObject({ kind: 'unreadable', request: 'GET /list' })
  })

  it('refuses a list without an end', async () => {
    let page = 0
    await expect(allPages('GET /list', () => Promise.resolve({ rows: [1], next: String((page += 1)) }))).rejects.toThrow('does not end')
  })

  it('hands on the failure of a page', async () => {
    await expect(allPages('GET /list', (cursor) => (cursor === null ? Promise.resolve({ rows: [1], next: '1' }) : Promise.reject(new Error('gone'))))).rejects.toThrow('gone')
  })
})
