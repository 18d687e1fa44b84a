/**
 * Work that no cursor divides, such as a backup or a look at an archive: it goes on beside its run, on threads and sessions of its own,
 * and is held back, ended, moved and shown with it.
 */
package dev.caretaker.server.run.job;
