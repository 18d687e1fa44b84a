/** The pages, one class a subject: what it asks the API, and what its templates show. */
package dev.caretaker.server.console.page;
