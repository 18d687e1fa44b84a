/** How pages are asked for and answered: routes, sessions, forms, templates, streams of events. */
package dev.caretaker.server.console.web;
