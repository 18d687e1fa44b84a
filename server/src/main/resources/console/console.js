// What a browser does by itself: times in its own zone, the theme, copying, saying when a live page lost its server.
(() => {
  'use strict';
  const root = document.documentElement;
  const themes = ['auto', 'light', 'dark'];
  const stored = () => { try { return localStorage.getItem('caretaker-theme') || 'auto'; } catch { return 'auto'; } };
  const paint = theme => { if (theme === 'auto') { delete root.dataset.theme; } else { root.dataset.theme = theme; } };
  paint(stored());

  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
  // Pages that tell days tell those of this zone, or of UTC where somebody has chosen that: the server is told by a cookie.
  const daysOf = () => { try { return localStorage.getItem('caretaker-days') === 'UTC' ? 'UTC' : zone; } catch { return zone; } };
  const tellDays = () => {
    document.cookie = 'caretaker-zone=' + encodeURIComponent(daysOf()) + '; path=/console; max-age=31536000; samesite=lax'
      + (location.protocol === 'https:' ? '; secure' : '');
  };
  tellDays();
  const day = { day: 'numeric', month: 'short' };
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  const format = (at, timeZone, seconds) => {
    const withYear = at.getFullYear() === new Date().getFullYear() ? {} : { year: 'numeric' };
    const options = { ...day, ...withYear, ...clock, ...(seconds ? { second: '2-digit' } : {}), timeZone };
    return new Intl.DateTimeFormat('en-GB', options).format(at).replace(',', '');
  };
  const isUtc = at => at.getTimezoneOffset() === 0;

  const localize = scope => {
    for (const element of scope.querySelectorAll('time[datetime]:not([data-told])')) {
      const at = new Date(element.dateTime);
      if (Number.isNaN(at.getTime())) { continue; }
      const seconds = element.hasAttribute('data-seconds');
      if (element.hasAttribute('data-day')) {
        element.dataset.told = '';
        element.title = element.dateTime.replace('T', ' ').replace('Z', ' UTC');
        element.textContent = new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
        continue;
      }
      const utc = format(at, 'UTC', seconds);
      element.dataset.told = '';
      element.title = element.dateTime.replace('T', ' ').replace('Z', ' UTC') + (isUtc(at) ? '' : ', here in ' + zone);
      if (isUtc(at)) {
        element.textContent = utc + ' UTC';
      } else {
        const local = format(at, undefined, seconds);
        const same = local.slice(0, local.lastIndexOf(' ')) === utc.slice(0, utc.lastIndexOf(' '));
        const beside = document.createElement('small');
        beside.textContent = (same ? utc.slice(utc.lastIndexOf(' ') + 1) : utc) + ' UTC';
        element.replaceChildren(local + ' ', beside);
      }
    }
  };

  const show = scope => {
    localize(scope);
    for (const button of scope.querySelectorAll('[data-copy]')) {
      button.hidden = false;
    }
    for (const link of scope.querySelectorAll('[data-zone]')) {
      const other = link.dataset.zone === zone ? 'UTC' : zone;
      if (other !== link.dataset.zone) {
        const there = new URL(location.href);
        there.searchParams.set('zone', other);
        there.searchParams.delete('page');
        link.href = there.href;
        link.dataset.other = other;
        link.textContent = 'Show days of ' + other;
        link.hidden = false;
      }
    }
    for (const button of scope.querySelectorAll('[data-back]')) {
      button.hidden = history.length < 2;
    }
  };

  document.addEventListener('click', event => {
    const copy = event.target.closest('[data-copy]');
    if (copy) {
      const text = document.getElementById(copy.dataset.copy).textContent;
      const say = word => {
        copy.textContent = word;
        setTimeout(() => { copy.textContent = 'Copy'; }, 1500);
      };
      // Over plain http beyond this machine browsers have no clipboard for pages.
      if (navigator.clipboard) {
        navigator.clipboard.writeText(text).then(() => say('Copied'), () => say('Not copied'));
      } else {
        say('Not copied');
      }
    } else if (event.target.closest('[data-back]')) {
      history.back();
    } else if (event.target.closest('[data-zone]')) {
      try { localStorage.setItem('caretaker-days', event.target.closest('[data-zone]').dataset.other); } catch { /* a browser that keeps nothing */ }
      tellDays();
    }
  });

  // What takes its time shows that it was asked for, until the next page is there.
  document.addEventListener('submit', event => {
    if (event.target.getAttribute('method') === 'post') { event.target.classList.add('is-sent'); event.target.setAttribute('aria-busy', 'true'); }
  });
  addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('form.is-sent')) { form.classList.remove('is-sent'); form.removeAttribute('aria-busy'); }
  });

  // Browsers open six connections to a server over all of their tabs: what nobody looks at leaves its own to others, and is told
  // everything as it is then once somebody looks again.
  const streams = new Map();
  const asleep = new Set();
  // What stands between may hold back a stream that is open. The server says at least each quarter of a minute that it is there.
  const waiting = new Map();
  const heard = (url, millis) => {
    clearTimeout(waiting.get(url));
    if (millis) { waiting.set(url, setTimeout(() => root.classList.add('is-lost'), millis)); }
  };
  const rest = (url, source) => { heard(url); source.close(); asleep.add(url); };
  const open = url => {
    const source = new EventSource(url, { withCredentials: true });
    streams.set(url, source);
    heard(url, 5000);
    for (const name of ['standing', 'alive']) {
      source.addEventListener(name, () => { root.classList.remove('is-lost'); heard(url, 45000); });
    }
    source.addEventListener('closed', () => heard(url));
    // Who signs in elsewhere and comes back watches on.
    source.addEventListener('expired', () => {
      rest(url, source);
      root.classList.remove('is-lost');
      root.classList.add('is-out');
    });
    if (document.hidden) { rest(url, source); }
    return source;
  };
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      streams.forEach((source, url) => { if (source.readyState !== EventSource.CLOSED) { rest(url, source); } });
      return;
    }
    for (const part of document.querySelectorAll('[sse-connect]')) {
      if (asleep.delete(part.getAttribute('sse-connect'))) {
        // As if they had just come: the extension opens a stream for the one, and has the others listen to it.
        [part, ...part.querySelectorAll('[sse-swap]')].forEach(each => htmx.trigger(each, 'htmx:afterProcessNode'));
      }
    }
  });

  // A session that ended while somebody wrote leaves his page as it is. Once he has signed in again, elsewhere, his forms are of the
  // new session.
  const over = ended => { root.classList.toggle('is-over', ended); };
  const renew = async () => {
    if (!root.classList.contains('is-over') || document.hidden) { return; }
    const answer = await fetch('/console/holds', { redirect: 'manual' });
    if (!answer.ok) { return; }
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.querySelector('input[name=form-token]');
    if (fresh) {
      for (const field of document.querySelectorAll('input[name=form-token]')) { field.value = fresh.value; }
    }
    over(false);
    // What is checked as one types is checked again.
    for (const form of document.querySelectorAll('#policy-form')) { form.dispatchEvent(new Event('change')); }
  };
  document.addEventListener('visibilitychange', renew);
  addEventListener('focus', renew);

  document.addEventListener('DOMContentLoaded', () => {
    if (window.htmx) { htmx.createEventSource = open; }
    show(document);
    // What was done is told once: not by a bookmark, nor when the page is loaded again.
    const here = new URL(location.href);
    if (here.searchParams.has('done')) {
      here.searchParams.delete('done');
      history.replaceState(history.state, '', here);
    }
    const button = document.querySelector('[data-theme-button]');
    const tell = () => { button.textContent = 'Theme: ' + stored(); };
    if (button) {
      button.hidden = false;
      tell();
      button.addEventListener('click', () => {
        const next = themes[(themes.indexOf(stored()) + 1) % themes.length];
        try { localStorage.setItem('caretaker-theme', next); } catch { /* a browser that keeps nothing */ }
        paint(next);
        tell();
      });
    }
    // Nothing is asked for by itself while nobody looks, nor is anything replaced that somebody stands on or has marked.
    document.body.addEventListener('htmx:beforeRequest', event => {
      if (event.detail.requestConfig.verb !== 'get') { return; }
      const marked = getSelection();
      const part = event.detail.elt;
      if (document.hidden || part.contains(document.activeElement) || (!marked.isCollapsed && part.contains(marked.anchorNode))) {
        event.preventDefault();
      }
    });
    document.body.addEventListener('htmx:afterSwap', event => show(event.target.isConnected ? event.target : document));
    document.body.addEventListener('htmx:responseError', event => { if (event.detail.xhr.status === 401) { over(true); } });
    document.body.addEventListener('htmx:afterOnLoad', event => { if (event.detail.xhr.status === 200) { renew(); } });
    // Who reads what happened is not sent to its top by what happens next.
    let read = 0;
    document.body.addEventListener('htmx:sseBeforeMessage', () => {
      const log = document.getElementById('happened');
      read = log ? log.scrollTop : 0;
    });
    document.body.addEventListener('htmx:sseMessage', () => {
      show(document);
      const log = document.getElementById('happened');
      if (log && read > 0) { log.scrollTop = read; }
      const live = document.querySelector('[data-title]');
      const pill = live && live.querySelector('.pill');
      if (pill) { document.title = pill.textContent.trim() + ' · ' + live.dataset.title; }
    });
    document.body.addEventListener('htmx:sseOpen', () => root.classList.remove('is-lost', 'is-out'));
    document.body.addEventListener('htmx:sseError', () => root.classList.add('is-lost'));
    document.body.addEventListener('htmx:sseClose', () => root.classList.remove('is-lost'));
  });
})();
