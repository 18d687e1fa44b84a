/** Gathers the figures of reports from the control store, and from those who know more. */
package dev.caretaker.server.report.gather;
