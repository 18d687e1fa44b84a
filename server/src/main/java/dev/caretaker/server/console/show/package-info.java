/** How pages tell things: words for the constants of the API, figures, moments, lines. */
package dev.caretaker.server.console.show;
