/** How each piece goes: by which mechanism and index, under which locks, with what after it. Neither input nor output. */
package dev.caretaker.server.cleanup.plan.choice;
