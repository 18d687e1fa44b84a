/** Destinations of archives: one interface, one class a kind. */
package dev.caretaker.server.archive.place;
