/** Where parts lie on a disk of this server until they are at their destination. */
package dev.caretaker.server.archive.spool;
