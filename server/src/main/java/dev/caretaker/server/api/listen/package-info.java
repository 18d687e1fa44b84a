/** How the server listens: transport settings, health, reflection. */
package dev.caretaker.server.api.listen;
