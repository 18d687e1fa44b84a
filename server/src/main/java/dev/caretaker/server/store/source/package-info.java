/** Where the control store's Postgres comes from: a URL, or an embedded server kept in the data folder. */
package dev.caretaker.server.store.source;
