/** Who calls, and whether that is proven. */
package dev.caretaker.server.api.security;
