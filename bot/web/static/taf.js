// Small comforts for pages that work without them: rows added in place, messages that arrive.
import { initAll } from '/static/govuk/govuk-frontend.min.js'

initAll()

// Lists in forms: add and remove rows without a round trip, so that nothing typed can be lost.
function renumber(list) {
  const rows = list.querySelectorAll('[data-rows] > [data-row]')
  const name = list.dataset.one[0].toUpperCase() + list.dataset.one.slice(1)
  rows.forEach((row, index) => {
    row.querySelector('[data-heading]').textContent = `${name} ${index + 1}`
    row.querySelector('[data-heading-too]').textContent = ` ${list.dataset.one} ${index + 1}`
  })
  const add = list.querySelector('[data-add]')
  if (!add) return
  add.textContent = rows.length ? add.dataset.another : add.dataset.first
  add.hidden = rows.length >= Number(list.dataset.most)
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-add], [data-remove]')
  const list = button && button.closest('[data-list]')
  if (!list) return
  event.preventDefault()
  const place = list.querySelector('[data-rows]')
  if (button.matches('[data-add]')) {
    const taken = [...place.querySelectorAll(`:scope > [data-row] > input[name="${list.dataset.list}"]`)]
    const index = taken.reduce((most, input) => Math.max(most, Number(input.value)), -1) + 1
    const made = document.createElement('template')
    made.innerHTML = list.querySelector(':scope > template').innerHTML
      .replaceAll('__i__', index).replaceAll('__n__', index + 1)
    place.append(made.content)
    const row = place.lastElementChild
    initAll({ scope: row })
    renumber(list)
    row.focus()
  } else {
    button.closest('[data-row]').remove()
    renumber(list)
    list.querySelector('fieldset').focus()
  }
})

// The room: new and changed messages, every few seconds while the page is looked at.
const room = document.querySelector('[data-room]')
const EVERY = 4000

function announce(count) {
  document.getElementById('room-said').textContent =
    count === 1 ? 'One new message' : `${count} new messages`
}

async function look() {
  const { room: address, newest, since } = room.dataset
  const answer = await fetch(`${address}${newest}?since=${since}`, { credentials: 'same-origin', redirect: 'manual' })
  if (answer.status === 404 || answer.type === 'opaqueredirect') {
    window.location.reload()
    return false
  }
  if (!answer.ok) return true
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const news = page.querySelector('[data-newest]')
  if (!news) return true
  const fresh = [...news.querySelectorAll('[data-new] > article')]
    .filter((card) => !document.getElementById(card.id))
  for (const card of news.querySelectorAll('[data-edited] > article')) {
    const old = document.getElementById(card.id)
    if (old && old.dataset.edited !== card.dataset.edited && !old.contains(document.activeElement)) {
      old.replaceWith(card)
      initAll({ scope: card })
    }
  }
  for (const card of fresh) {
    card.classList.add('taf-card--new')
    initAll({ scope: card })
  }
  room.prepend(...fresh)
  room.dataset.newest = news.dataset.newest
  room.dataset.since = news.dataset.since
  if (fresh.length) {
    announce(fresh.length)
    document.getElementById('room-empty')?.remove()
  }
  return true
}

async function keepLooking() {
  let goOn = true
  if (document.visibilityState === 'visible') {
    try {
      goOn = await look()
    } catch {
      goOn = true
    }
  }
  if (goOn) setTimeout(keepLooking, EVERY)
}

if (room) {
  setTimeout(keepLooking, EVERY)
  document.getElementById('room-newer').addEventListener('click', (event) => {
    event.preventDefault()
    look().catch(() => window.location.reload())
  })
}
