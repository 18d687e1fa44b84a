/** How the backups of a target are, whoever makes them. */
package dev.caretaker.server.backup.health;
