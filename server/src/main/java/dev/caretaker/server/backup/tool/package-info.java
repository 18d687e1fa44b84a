/** Programs that Caretaker runs: where they are, how they are started, and that nothing of them stays. */
package dev.caretaker.server.backup.tool;
