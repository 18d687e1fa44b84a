// What a browser does by itself: times in its own zone, the theme, copying, saying when a live page lost its server.
(() => {
  'use strict';
  const root = document.documentElement;
  const themes = ['auto', 'light', 'dark'];
  const stored = () => { try { return localStorage.getItem('caretaker-theme') || 'auto'; } catch { return 'auto'; } };
  const paint = theme => { if (theme === 'auto') { delete root.dataset.theme; } else { root.dataset.theme = theme; } };
  paint(stored());

  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
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
      if (zone && zone !== link.dataset.zone) {
        link.search = '?zone=' + encodeURIComponent(zone);
        link.textContent = 'Show days of ' + zone;
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
      navigator.clipboard.writeText(text).then(() => {
        copy.textContent = 'Copied';
        setTimeout(() => { copy.textContent = 'Copy'; }, 1500);
      });
    } else if (event.target.closest('[data-back]')) {
      history.back();
    }
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
    document.body.addEventListener('htmx:sseMessage', () => show(document));
    document.body.addEventListener('htmx:sseOpen', () => root.classList.remove('is-lost', 'is-out'));
    document.body.addEventListener('htmx:sseError', () => root.classList.add('is-lost'));
    document.body.addEventListener('htmx:sseClose', () => root.classList.remove('is-lost'));
  });
})();
