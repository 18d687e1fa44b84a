/**
 * Before and after: what runs' tables and the statements on them were like before a run, when it had ended, and a day later. It is
 * observed, not proven: other things change meanwhile, too.
 */
package dev.caretaker.server.report.observe;
